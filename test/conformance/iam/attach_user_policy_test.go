// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestAttachUserPolicy_missing(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	arn := aws.String("arn:aws:iam::aws:policy/NoSuchPolicy")
	_, err := f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: arn})
	wantError(t, err, "NoSuchEntity", "Policy "+*arn+" does not exist or is not attachable.")
	missing := name("missing")
	_, err = f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: missing, PolicyArn: aws.String(invokeArn)})
	wantError(t, err, "NoSuchEntity", noSuchUser(missing))
}

func TestAttachUserPolicy_twice(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	for range 2 {
		_, err := f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: aws.String(invokeArn)})
		must(t, 0, err)
	}
	out, err := f.client.ListAttachedUserPolicies(f.ctx, &iam.ListAttachedUserPoliciesInput{UserName: user.UserName})
	if policies := must(t, out, err).AttachedPolicies; len(policies) != 1 {
		t.Errorf("attached %d times", len(policies))
	}
}
