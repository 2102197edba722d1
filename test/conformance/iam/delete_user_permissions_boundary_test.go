// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteUserPermissionsBoundary_gone(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	_, err := f.client.DeleteUserPermissionsBoundary(f.ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: user.UserName})
	wantError(t, err, "NoSuchEntity", "")
	_, err = f.client.PutUserPermissionsBoundary(f.ctx, &iam.PutUserPermissionsBoundaryInput{UserName: user.UserName, PermissionsBoundary: aws.String(invokeArn)})
	must(t, 0, err)
	_, err = f.client.DeleteUserPermissionsBoundary(f.ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: user.UserName})
	must(t, 0, err)
	out, err := f.client.GetUser(f.ctx, &iam.GetUserInput{UserName: user.UserName})
	if boundary := must(t, out, err).User.PermissionsBoundary; boundary != nil {
		t.Errorf("got %v", boundary)
	}
}
