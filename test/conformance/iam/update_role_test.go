// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestUpdateRole_changes(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	_, err := f.client.UpdateRole(f.ctx, &iam.UpdateRoleInput{RoleName: role.RoleName, Description: aws.String("d"), MaxSessionDuration: aws.Int32(7200)})
	must(t, 0, err)
	out, err := f.client.GetRole(f.ctx, &iam.GetRoleInput{RoleName: role.RoleName})
	if got := must(t, out, err).Role; *got.Description != "d" || *got.MaxSessionDuration != 7200 {
		t.Errorf("got %s %d", *got.Description, *got.MaxSessionDuration)
	}
	_, err = f.client.UpdateRole(f.ctx, &iam.UpdateRoleInput{RoleName: role.RoleName, MaxSessionDuration: aws.Int32(60)})
	wantError(t, err, "ValidationError", "")
}
