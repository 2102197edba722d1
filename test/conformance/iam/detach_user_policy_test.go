// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDetachUserPolicy_notAttached(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	_, err := f.client.DetachUserPolicy(f.ctx, &iam.DetachUserPolicyInput{UserName: user.UserName, PolicyArn: aws.String(invokeArn)})
	wantError(t, err, "NoSuchEntity", "Policy "+invokeArn+" was not found.")
	_, err = f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
	_, err = f.client.DetachUserPolicy(f.ctx, &iam.DetachUserPolicyInput{UserName: user.UserName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
}
