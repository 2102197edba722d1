// Known from: the service model; messages as in public reports.

package iam

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListRolePolicies_names(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	for _, policyName := range []string{"b", "a"} {
		_, err := f.client.PutRolePolicy(f.ctx, &iam.PutRolePolicyInput{RoleName: role.RoleName, PolicyName: &policyName, PolicyDocument: aws.String(allowInvoke)})
		must(t, 0, err)
	}
	out, err := f.client.ListRolePolicies(f.ctx, &iam.ListRolePoliciesInput{RoleName: role.RoleName})
	if names := must(t, out, err).PolicyNames; !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("got %v", names)
	}
}
