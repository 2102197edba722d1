// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeletePolicyVersion_default(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	_, err := f.client.DeletePolicyVersion(f.ctx, &iam.DeletePolicyVersionInput{PolicyArn: policy.Arn, VersionId: aws.String("v1")})
	wantError(t, err, "DeleteConflict", "Cannot delete the default version of a policy.")
	f.version(policy, true)
	_, err = f.client.DeletePolicyVersion(f.ctx, &iam.DeletePolicyVersionInput{PolicyArn: policy.Arn, VersionId: aws.String("v1")})
	must(t, 0, err)
	if version := f.version(policy, false); *version.VersionId != "v3" {
		t.Errorf("a number was used again: %s", *version.VersionId)
	}
}
