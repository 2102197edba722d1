// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListPolicyVersions_newestFirst(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	f.version(policy, false)
	out, err := f.client.ListPolicyVersions(f.ctx, &iam.ListPolicyVersionsInput{PolicyArn: policy.Arn})
	versions := must(t, out, err).Versions
	if len(versions) != 2 || *versions[0].VersionId != "v2" || !versions[1].IsDefaultVersion {
		t.Errorf("got %d versions", len(versions))
	}
}
