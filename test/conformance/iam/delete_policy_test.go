// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeletePolicy_inUse(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	user := f.user()
	remove := func() error {
		_, err := f.client.DeletePolicy(f.ctx, &iam.DeletePolicyInput{PolicyArn: policy.Arn})
		return err
	}
	_, err := f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: policy.Arn})
	must(t, 0, err)
	wantError(t, remove(), "DeleteConflict", "Cannot delete a policy attached to entities.")
	_, err = f.client.DetachUserPolicy(f.ctx, &iam.DetachUserPolicyInput{UserName: user.UserName, PolicyArn: policy.Arn})
	must(t, 0, err)
	version := f.version(policy, false)
	wantError(t, remove(), "DeleteConflict", "")
	_, err = f.client.DeletePolicyVersion(f.ctx, &iam.DeletePolicyVersionInput{PolicyArn: policy.Arn, VersionId: version.VersionId})
	must(t, 0, err)
	must(t, 0, remove())
	wantError(t, remove(), "NoSuchEntity", "Policy "+*policy.Arn+" was not found.")
}
