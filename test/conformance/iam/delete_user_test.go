// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteUser_withThings(t *testing.T) {
	f := newFixture(t)
	user, group := f.user(), f.group()
	remove := func() error {
		_, err := f.client.DeleteUser(f.ctx, &iam.DeleteUserInput{UserName: user.UserName})
		return err
	}
	_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	wantError(t, remove(), "DeleteConflict", "Cannot delete entity, must remove users from group first.")
	_, err = f.client.RemoveUserFromGroup(f.ctx, &iam.RemoveUserFromGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	key := f.accessKey(user)
	wantError(t, remove(), "DeleteConflict", "Cannot delete entity, must delete access keys first.")
	_, err = f.client.DeleteAccessKey(f.ctx, &iam.DeleteAccessKeyInput{UserName: user.UserName, AccessKeyId: key.AccessKeyId})
	must(t, 0, err)
	_, err = f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
	wantError(t, remove(), "DeleteConflict", "Cannot delete entity, must detach all policies first.")
	_, err = f.client.DetachUserPolicy(f.ctx, &iam.DetachUserPolicyInput{UserName: user.UserName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
	must(t, 0, remove())
	wantError(t, remove(), "NoSuchEntity", noSuchUser(user.UserName))
}
