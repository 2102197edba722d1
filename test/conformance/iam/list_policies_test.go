// Known from: the service model; messages as in public reports.

package iam

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestListPolicies_scopes(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	list := func(in *iam.ListPoliciesInput) (arns []string) {
		pages := iam.NewListPoliciesPaginator(f.client, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(f.ctx)
			for _, one := range must(t, page, err).Policies {
				arns = append(arns, *one.Arn)
			}
		}
		return arns
	}
	local, ofAws := list(&iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}), list(&iam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws, MaxItems: aws.Int32(5)})
	if !slices.Contains(local, *policy.Arn) || slices.Contains(local, invokeArn) {
		t.Errorf("local: %v", local)
	}
	if slices.Contains(ofAws, *policy.Arn) || !slices.Contains(ofAws, invokeArn) {
		t.Errorf("of AWS: %v", ofAws)
	}
	if slices.Contains(list(&iam.ListPoliciesInput{OnlyAttached: true}), *policy.Arn) {
		t.Error("a policy that is not attached is listed as attached")
	}
}
