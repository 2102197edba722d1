// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"gatehouse/test/conformance"
	"gatehouse/test/conformance/identitytest"
)

func TestGetUser_byName(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	out, err := f.client.GetUser(f.ctx, &iam.GetUserInput{UserName: user.UserName})
	if got := must(t, out, err).User; *got.Arn != *user.Arn || *got.UserId != *user.UserId || !got.CreateDate.Equal(*user.CreateDate) {
		t.Errorf("got %s %s", *got.Arn, *got.UserId)
	}
}

func TestGetUser_missing(t *testing.T) {
	f := newFixture(t)
	userName := name("user")
	_, err := f.client.GetUser(f.ctx, &iam.GetUserInput{UserName: userName})
	wantError(t, err, "NoSuchEntity", noSuchUser(userName))
}

func TestGetUser_oneself(t *testing.T) {
	conformance.OwnServer(t)
	f := newFixture(t)
	out, err := f.client.GetUser(f.ctx, &iam.GetUserInput{})
	if got := must(t, out, err).User; *got.Arn != "arn:aws:iam::"+identitytest.Account+":root" || *got.UserId != identitytest.Account {
		t.Errorf("the root user is %s %s", *got.Arn, *got.UserId)
	}
	user := f.user()
	key := f.accessKey(user)
	own := f.server.Iam(t, credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretAccessKey, ""))
	_, err = own.GetUser(f.ctx, &iam.GetUserInput{})
	wantError(t, err, "AccessDenied", "User: "+*user.Arn+" is not authorized to perform: iam:GetUser on resource: "+*user.Arn+
		" because no identity-based policy allows the iam:GetUser action")
	_, err = f.client.AttachUserPolicy(f.ctx, &iam.AttachUserPolicyInput{UserName: user.UserName, PolicyArn: aws.String("arn:aws:iam::aws:policy/IAMReadOnlyAccess")})
	must(t, 0, err)
	got, err := own.GetUser(f.ctx, &iam.GetUserInput{})
	if must(t, got, err); *got.User.Arn != *user.Arn {
		t.Errorf("got %s", *got.User.Arn)
	}
}
