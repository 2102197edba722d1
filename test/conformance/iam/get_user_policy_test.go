// Known from: the service model; messages as in public reports.

package iam

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetUserPolicy_document(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	_, err := f.client.GetUserPolicy(f.ctx, &iam.GetUserPolicyInput{UserName: user.UserName, PolicyName: aws.String("p")})
	wantError(t, err, "NoSuchEntity", "The user policy with name p cannot be found.")
	_, err = f.client.PutUserPolicy(f.ctx, &iam.PutUserPolicyInput{UserName: user.UserName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowInvoke)})
	must(t, 0, err)
	out, err := f.client.GetUserPolicy(f.ctx, &iam.GetUserPolicyInput{UserName: user.UserName, PolicyName: aws.String("p")})
	if document, _ := url.PathUnescape(*must(t, out, err).PolicyDocument); document != allowInvoke || *out.UserName != *user.UserName {
		t.Errorf("got %s", document)
	}
}
