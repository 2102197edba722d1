// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetRole_shape(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	out, err := f.client.GetRole(f.ctx, &iam.GetRoleInput{RoleName: role.RoleName})
	if got := must(t, out, err).Role; *got.Arn != *role.Arn || *got.MaxSessionDuration != 3600 || got.PermissionsBoundary != nil {
		t.Errorf("got %s %d", *got.Arn, *got.MaxSessionDuration)
	}
	if role.MaxSessionDuration != nil || out.Role.RoleLastUsed == nil {
		t.Errorf("created with %v, last used %v", role.MaxSessionDuration, out.Role.RoleLastUsed)
	}
	missing := name("missing")
	_, err = f.client.GetRole(f.ctx, &iam.GetRoleInput{RoleName: missing})
	wantError(t, err, "NoSuchEntity", noSuchRole(missing))
}
