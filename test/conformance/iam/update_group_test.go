// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestUpdateGroup_renameKeepsMembers(t *testing.T) {
	f := newFixture(t)
	user, group, after := f.user(), f.group(), name("renamed")
	_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	_, err = f.client.UpdateGroup(f.ctx, &iam.UpdateGroupInput{GroupName: group.GroupName, NewGroupName: after})
	must(t, 0, err)
	out, err := f.client.GetGroup(f.ctx, &iam.GetGroupInput{GroupName: after})
	if must(t, out, err); len(out.Users) != 1 || *out.Group.GroupId != *group.GroupId {
		t.Errorf("got %v", out.Users)
	}
	group.GroupName = after // for the clean-up
}
