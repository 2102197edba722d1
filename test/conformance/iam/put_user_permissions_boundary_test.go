// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestPutUserPermissionsBoundary_shown(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	user := f.user()
	_, err := f.client.PutUserPermissionsBoundary(f.ctx, &iam.PutUserPermissionsBoundaryInput{UserName: user.UserName, PermissionsBoundary: policy.Arn})
	must(t, 0, err)
	out, err := f.client.GetUser(f.ctx, &iam.GetUserInput{UserName: user.UserName})
	if boundary := must(t, out, err).User.PermissionsBoundary; boundary == nil || *boundary.PermissionsBoundaryArn != *policy.Arn {
		t.Errorf("got %v", boundary)
	}
	_, err = f.client.DeletePolicy(f.ctx, &iam.DeletePolicyInput{PolicyArn: policy.Arn})
	wantError(t, err, "DeleteConflict", "Cannot delete a policy attached to entities.")
	_, err = f.client.PutUserPermissionsBoundary(f.ctx, &iam.PutUserPermissionsBoundaryInput{
		UserName: user.UserName, PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/NoSuchPolicy"),
	})
	wantError(t, err, "NoSuchEntity", "")
}
