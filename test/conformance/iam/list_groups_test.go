// Known from: the service model; messages as in public reports.

package iam

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestListGroups_all(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	out, err := f.client.ListGroups(f.ctx, &iam.ListGroupsInput{})
	if !slices.ContainsFunc(must(t, out, err).Groups, func(one types.Group) bool { return *one.Arn == *group.Arn }) {
		t.Errorf("%s is not in %d groups", *group.Arn, len(out.Groups))
	}
}
