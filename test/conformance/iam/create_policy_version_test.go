// Known from: the service model; messages as in public reports.

package iam

import (
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestCreatePolicyVersion_five(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	for i := range 4 {
		if version := f.version(policy, i == 3); *version.VersionId != "v"+strconv.Itoa(i+2) || version.IsDefaultVersion != (i == 3) {
			t.Errorf("got %s", *version.VersionId)
		}
	}
	_, err := f.client.CreatePolicyVersion(f.ctx, &iam.CreatePolicyVersionInput{PolicyArn: policy.Arn, PolicyDocument: aws.String(allowLogs)})
	wantError(t, err, "LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")
}
