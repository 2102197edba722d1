// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestRemoveUserFromGroup_ends(t *testing.T) {
	f := newFixture(t)
	user, group := f.user(), f.group()
	_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	_, err = f.client.RemoveUserFromGroup(f.ctx, &iam.RemoveUserFromGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	out, err := f.client.ListGroupsForUser(f.ctx, &iam.ListGroupsForUserInput{UserName: user.UserName})
	if groups := must(t, out, err).Groups; len(groups) != 0 {
		t.Errorf("got %v", groups)
	}
}
