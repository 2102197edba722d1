// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteGroupPolicy_missing(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	_, err := f.client.DeleteGroupPolicy(f.ctx, &iam.DeleteGroupPolicyInput{GroupName: group.GroupName, PolicyName: aws.String("p")})
	wantError(t, err, "NoSuchEntity", "The group policy with name p cannot be found.")
	_, err = f.client.PutGroupPolicy(f.ctx, &iam.PutGroupPolicyInput{GroupName: group.GroupName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowInvoke)})
	must(t, 0, err)
	_, err = f.client.DeleteGroupPolicy(f.ctx, &iam.DeleteGroupPolicyInput{GroupName: group.GroupName, PolicyName: aws.String("p")})
	must(t, 0, err)
}
