// Known from: the service model; messages as in public reports.

package iam

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListGroupPolicies_names(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	for _, policyName := range []string{"b", "a"} {
		_, err := f.client.PutGroupPolicy(f.ctx, &iam.PutGroupPolicyInput{GroupName: group.GroupName, PolicyName: &policyName, PolicyDocument: aws.String(allowInvoke)})
		must(t, 0, err)
	}
	out, err := f.client.ListGroupPolicies(f.ctx, &iam.ListGroupPoliciesInput{GroupName: group.GroupName})
	if names := must(t, out, err).PolicyNames; !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("got %v", names)
	}
}
