// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDetachRolePolicy_notAttached(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	_, err := f.client.DetachRolePolicy(f.ctx, &iam.DetachRolePolicyInput{RoleName: role.RoleName, PolicyArn: aws.String(invokeArn)})
	wantError(t, err, "NoSuchEntity", "Policy "+invokeArn+" was not found.")
	_, err = f.client.AttachRolePolicy(f.ctx, &iam.AttachRolePolicyInput{RoleName: role.RoleName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
	_, err = f.client.DetachRolePolicy(f.ctx, &iam.DetachRolePolicyInput{RoleName: role.RoleName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
}
