// Known from: the service model; messages as in public reports.

package iam

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetPolicyVersion_document(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	out, err := f.client.GetPolicyVersion(f.ctx, &iam.GetPolicyVersionInput{PolicyArn: policy.Arn, VersionId: aws.String("v1")})
	version := must(t, out, err).PolicyVersion
	if document, _ := url.PathUnescape(*version.Document); document != allowInvoke || !version.IsDefaultVersion {
		t.Errorf("got %s", document)
	}
	_, err = f.client.GetPolicyVersion(f.ctx, &iam.GetPolicyVersionInput{PolicyArn: policy.Arn, VersionId: aws.String("v9")})
	wantError(t, err, "NoSuchEntity", "Policy "+*policy.Arn+" version v9 does not exist or is not attachable.")
}
