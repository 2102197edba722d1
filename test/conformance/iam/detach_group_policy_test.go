// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDetachGroupPolicy_notAttached(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	_, err := f.client.DetachGroupPolicy(f.ctx, &iam.DetachGroupPolicyInput{GroupName: group.GroupName, PolicyArn: aws.String(invokeArn)})
	wantError(t, err, "NoSuchEntity", "Policy "+invokeArn+" was not found.")
	_, err = f.client.AttachGroupPolicy(f.ctx, &iam.AttachGroupPolicyInput{GroupName: group.GroupName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
	_, err = f.client.DetachGroupPolicy(f.ctx, &iam.DetachGroupPolicyInput{GroupName: group.GroupName, PolicyArn: aws.String(invokeArn)})
	must(t, 0, err)
}
