// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestListEntitiesForPolicy_kinds(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	user, group, role := f.user(), f.group(), f.role()
	_, err := f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: policy.Arn})
	must(t, 0, err)
	_, err = f.client.AttachGroupPolicy(f.ctx, &iam.AttachGroupPolicyInput{GroupName: group.GroupName, PolicyArn: policy.Arn})
	must(t, 0, err)
	_, err = f.client.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: role.RoleName, PolicyArn: policy.Arn})
	must(t, 0, err)
	out, err := f.client.ListEntitiesForPolicy(f.ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: policy.Arn})
	if must(t, out, err); len(out.PolicyUsers) != 1 || len(out.PolicyGroups) != 1 || len(out.PolicyRoles) != 1 || *out.PolicyRoles[0].RoleId != *role.RoleId {
		t.Errorf("got %v %v %v", out.PolicyUsers, out.PolicyGroups, out.PolicyRoles)
	}
	out, err = f.client.ListEntitiesForPolicy(f.ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: policy.Arn, EntityFilter: types.EntityTypeRole})
	if must(t, out, err); len(out.PolicyUsers)+len(out.PolicyGroups) != 0 || len(out.PolicyRoles) != 1 {
		t.Errorf("got %v %v %v", out.PolicyUsers, out.PolicyGroups, out.PolicyRoles)
	}
}
