// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListAttachedRolePolicies_byPath(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	role := f.role()
	for _, arn := range []string{*policy.Arn, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"} {
		_, err := f.client.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: role.RoleName, PolicyArn: &arn})
		must(t, 0, err)
	}
	out, err := f.client.ListAttachedRolePolicies(f.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName})
	if policies := must(t, out, err).AttachedPolicies; len(policies) != 2 {
		t.Errorf("got %d policies", len(policies))
	}
	out, err = f.client.ListAttachedRolePolicies(f.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName, PathPrefix: aws.String("/service-role/")})
	if policies := must(t, out, err).AttachedPolicies; len(policies) != 1 || *policies[0].PolicyName != "AWSLambdaBasicExecutionRole" {
		t.Errorf("got %v", policies)
	}
}
