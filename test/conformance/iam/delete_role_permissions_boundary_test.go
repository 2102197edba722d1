// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteRolePermissionsBoundary_gone(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	_, err := f.client.DeleteRolePermissionsBoundary(f.ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: role.RoleName})
	wantError(t, err, "NoSuchEntity", "")
	_, err = f.client.PutRolePermissionsBoundary(f.ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: role.RoleName, PermissionsBoundary: aws.String(invokeArn)})
	must(t, 0, err)
	_, err = f.client.DeleteRolePermissionsBoundary(f.ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: role.RoleName})
	must(t, 0, err)
	out, err := f.client.GetRole(f.ctx, &iam.GetRoleInput{RoleName: role.RoleName})
	if boundary := must(t, out, err).Role.PermissionsBoundary; boundary != nil {
		t.Errorf("got %v", boundary)
	}
}
