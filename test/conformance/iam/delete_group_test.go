// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteGroup_withMembers(t *testing.T) {
	f := newFixture(t)
	user, group := f.user(), f.group()
	_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	_, err = f.client.DeleteGroup(f.ctx, &iam.DeleteGroupInput{GroupName: group.GroupName})
	wantError(t, err, "DeleteConflict", "")
	_, err = f.client.DeleteGroup(f.ctx, &iam.DeleteGroupInput{GroupName: aws.String("no-such-group")})
	wantError(t, err, "NoSuchEntity", "The group with name no-such-group cannot be found.")
}
