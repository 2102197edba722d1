// Known from: the service model, and the page of the operation in the IAM API Reference.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"gatehouse/test/conformance"
)

func TestListAccountAliases_none(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	out, err := f.client.ListAccountAliases(f.ctx, &iam.ListAccountAliasesInput{})
	if aliases := must(t, out, err).AccountAliases; len(aliases) != 0 {
		t.Errorf("got %v", aliases)
	}
}
