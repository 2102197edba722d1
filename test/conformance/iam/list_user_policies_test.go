// Known from: the service model; messages as in public reports.

package iam

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListUserPolicies_names(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	for _, policyName := range []string{"b", "a"} {
		_, err := f.client.PutUserPolicy(f.ctx, &iam.PutUserPolicyInput{UserName: user.UserName, PolicyName: &policyName, PolicyDocument: aws.String(allowInvoke)})
		must(t, 0, err)
	}
	out, err := f.client.ListUserPolicies(f.ctx, &iam.ListUserPoliciesInput{UserName: user.UserName})
	if names := must(t, out, err).PolicyNames; !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("got %v", names)
	}
}
