// Known from: the service model, and the page of the operation in the IAM API Reference.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestUpdateRoleDescription_returnsTheRole(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	out, err := f.client.UpdateRoleDescription(f.ctx, &iam.UpdateRoleDescriptionInput{RoleName: role.RoleName, Description: aws.String("d")})
	if got := must(t, out, err).Role; *got.Description != "d" || *got.Arn != *role.Arn {
		t.Errorf("got %s", *got.Description)
	}
}
