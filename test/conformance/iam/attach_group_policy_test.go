// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestAttachGroupPolicy_missing(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	arn := aws.String("arn:aws:iam::aws:policy/NoSuchPolicy")
	_, err := f.client.AttachGroupPolicy(f.ctx, &iam.AttachGroupPolicyInput{GroupName: group.GroupName, PolicyArn: arn})
	wantError(t, err, "NoSuchEntity", "Policy "+*arn+" does not exist or is not attachable.")
	missing := name("missing")
	_, err = f.client.AttachGroupPolicy(f.ctx, &iam.AttachGroupPolicyInput{GroupName: missing, PolicyArn: aws.String(invokeArn)})
	wantError(t, err, "NoSuchEntity", noSuchGroup(missing))
}

func TestAttachGroupPolicy_twice(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	for range 2 {
		_, err := f.client.AttachGroupPolicy(f.ctx, &iam.AttachGroupPolicyInput{GroupName: group.GroupName, PolicyArn: aws.String(invokeArn)})
		must(t, 0, err)
	}
	out, err := f.client.ListAttachedGroupPolicies(f.ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: group.GroupName})
	if policies := must(t, out, err).AttachedPolicies; len(policies) != 1 {
		t.Errorf("attached %d times", len(policies))
	}
}
