// Known from: the service model, and the page of the operation in the IAM API Reference.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetAccountSummary_counts(t *testing.T) {
	f := newFixture(t)
	before, err := f.client.GetAccountSummary(f.ctx, &iam.GetAccountSummaryInput{})
	must(t, before, err)
	f.user()
	after, err := f.client.GetAccountSummary(f.ctx, &iam.GetAccountSummaryInput{})
	if must(t, after, err); after.SummaryMap["Users"] != before.SummaryMap["Users"]+1 || after.SummaryMap["AccessKeysPerUserQuota"] != 2 {
		t.Errorf("got %v after %v", after.SummaryMap, before.SummaryMap)
	}
}
