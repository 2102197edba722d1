// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListRoles_byPath(t *testing.T) {
	f := newFixture(t)
	path, roleName := "/"+*name("path")+"/", name("role")
	_, err := f.client.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: roleName, Path: &path, AssumeRolePolicyDocument: aws.String(trustLambda)})
	must(t, 0, err)
	defer func() { _, _ = f.client.DeleteRole(f.ctx, &iam.DeleteRoleInput{RoleName: roleName}) }()
	f.role()
	out, err := f.client.ListRoles(f.ctx, &iam.ListRolesInput{PathPrefix: &path})
	if roles := must(t, out, err).Roles; len(roles) != 1 || *roles[0].RoleName != *roleName {
		t.Errorf("got %v", roles)
	}
}
