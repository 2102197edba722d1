// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteUserPolicy_missing(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	_, err := f.client.DeleteUserPolicy(f.ctx, &iam.DeleteUserPolicyInput{UserName: user.UserName, PolicyName: aws.String("p")})
	wantError(t, err, "NoSuchEntity", "The user policy with name p cannot be found.")
	_, err = f.client.PutUserPolicy(f.ctx, &iam.PutUserPolicyInput{UserName: user.UserName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowInvoke)})
	must(t, 0, err)
	_, err = f.client.DeleteUserPolicy(f.ctx, &iam.DeleteUserPolicyInput{UserName: user.UserName, PolicyName: aws.String("p")})
	must(t, 0, err)
}
