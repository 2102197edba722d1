// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteRole_withThings(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	_, err := f.client.PutRolePolicy(f.ctx, &iam.PutRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowInvoke)})
	must(t, 0, err)
	_, err = f.client.DeleteRole(f.ctx, &iam.DeleteRoleInput{RoleName: role.RoleName})
	wantError(t, err, "DeleteConflict", "Cannot delete entity, must delete policies first.")
	_, err = f.client.DeleteRolePolicy(f.ctx, &iam.DeleteRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String("p")})
	must(t, 0, err)
	_, err = f.client.DeleteRole(f.ctx, &iam.DeleteRoleInput{RoleName: role.RoleName})
	must(t, 0, err)
	_, err = f.client.DeleteRole(f.ctx, &iam.DeleteRoleInput{RoleName: role.RoleName})
	wantError(t, err, "NoSuchEntity", noSuchRole(role.RoleName))
}
