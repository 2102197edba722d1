// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestAttachRolePolicy_missing(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	arn := aws.String("arn:aws:iam::aws:policy/NoSuchPolicy")
	_, err := f.client.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: role.RoleName, PolicyArn: arn})
	wantError(t, err, "NoSuchEntity", "Policy "+*arn+" does not exist or is not attachable.")
	missing := name("missing")
	_, err = f.client.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: missing, PolicyArn: aws.String(invokeArn)})
	wantError(t, err, "NoSuchEntity", noSuchRole(missing))
}

func TestAttachRolePolicy_twice(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	for range 2 {
		_, err := f.client.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: role.RoleName, PolicyArn: aws.String(invokeArn)})
		must(t, 0, err)
	}
	out, err := f.client.ListAttachedRolePolicies(f.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName})
	if policies := must(t, out, err).AttachedPolicies; len(policies) != 1 {
		t.Errorf("attached %d times", len(policies))
	}
}
