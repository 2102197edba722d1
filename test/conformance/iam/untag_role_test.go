// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestUntagRole_removes(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	_, err := f.client.TagRole(f.ctx, &iam.TagRoleInput{RoleName: role.RoleName, Tags: []types.Tag{
		{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")},
	}})
	must(t, 0, err)
	_, err = f.client.UntagRole(f.ctx, &iam.UntagRoleInput{RoleName: role.RoleName, TagKeys: []string{"a", "none"}})
	must(t, 0, err)
	out, err := f.client.ListRoleTags(f.ctx, &iam.ListRoleTagsInput{RoleName: role.RoleName})
	if tags := must(t, out, err).Tags; len(tags) != 1 || *tags[0].Key != "b" {
		t.Errorf("got %v", tags)
	}
}
