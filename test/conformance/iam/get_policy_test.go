// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetPolicy_counts(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	user := f.user()
	_, err := f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: policy.Arn})
	must(t, 0, err)
	out, err := f.client.GetPolicy(f.ctx, &iam.GetPolicyInput{PolicyArn: policy.Arn})
	if got := must(t, out, err).Policy; *got.AttachmentCount != 1 || *got.PolicyName != *policy.PolicyName {
		t.Errorf("attached %d times", *got.AttachmentCount)
	}
}

func TestGetPolicy_ofAws(t *testing.T) {
	f := newFixture(t)
	out, err := f.client.GetPolicy(f.ctx, &iam.GetPolicyInput{PolicyArn: aws.String(invokeArn)})
	if got := must(t, out, err).Policy; *got.PolicyName != "AmazonAPIGatewayInvokeFullAccess" || *got.Path != "/" {
		t.Errorf("got %s", *got.PolicyName)
	}
	_, err = f.client.GetPolicy(f.ctx, &iam.GetPolicyInput{PolicyArn: aws.String("arn:aws:iam::aws:policy/NoSuchPolicy")})
	wantError(t, err, "NoSuchEntity", "")
}
