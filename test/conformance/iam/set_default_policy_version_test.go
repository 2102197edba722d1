// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestSetDefaultPolicyVersion_changes(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	f.version(policy, false)
	_, err := f.client.SetDefaultPolicyVersion(f.ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: policy.Arn, VersionId: aws.String("v2")})
	must(t, 0, err)
	out, err := f.client.GetPolicy(f.ctx, &iam.GetPolicyInput{PolicyArn: policy.Arn})
	if got := must(t, out, err).Policy; *got.DefaultVersionId != "v2" {
		t.Errorf("got %s", *got.DefaultVersionId)
	}
	_, err = f.client.SetDefaultPolicyVersion(f.ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: policy.Arn, VersionId: aws.String("v9")})
	wantError(t, err, "NoSuchEntity", "")
}
