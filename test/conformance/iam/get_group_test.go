// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetGroup_members(t *testing.T) {
	f := newFixture(t)
	user, group := f.user(), f.group()
	_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	out, err := f.client.GetGroup(f.ctx, &iam.GetGroupInput{GroupName: group.GroupName})
	if must(t, out, err); *out.Group.Arn != *group.Arn || len(out.Users) != 1 || *out.Users[0].Arn != *user.Arn {
		t.Errorf("got %v", out.Users)
	}
}

func TestGetGroup_missing(t *testing.T) {
	f := newFixture(t)
	groupName := name("group")
	_, err := f.client.GetGroup(f.ctx, &iam.GetGroupInput{GroupName: groupName})
	wantError(t, err, "NoSuchEntity", noSuchGroup(groupName))
}
