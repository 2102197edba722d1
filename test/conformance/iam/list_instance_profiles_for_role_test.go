// Known from: the service model, and the page of the operation in the IAM API Reference.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListInstanceProfilesForRole_none(t *testing.T) {
	f := newFixture(t)
	out, err := f.client.ListInstanceProfilesForRole(f.ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: f.role().RoleName})
	if profiles := must(t, out, err).InstanceProfiles; len(profiles) != 0 || out.IsTruncated {
		t.Errorf("got %v", profiles)
	}
}
