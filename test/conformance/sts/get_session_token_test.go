// Known from: STS API Reference, GetSessionToken, its section on permissions; messages as in public reports.

package sts

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func TestGetSessionToken_user(t *testing.T) {
	f := newFixture(t)
	out, err := f.client.GetSessionToken(f.ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)})
	made := must(t, out, err).Credentials
	if left := time.Until(*made.Expiration); !strings.HasPrefix(*made.AccessKeyId, "ASIA") || left > 15*time.Minute || left < 14*time.Minute {
		t.Errorf("got %s for %v", *made.AccessKeyId, left)
	}
	own := f.server.Sts(t, provider(made))
	who, err := own.GetCallerIdentity(f.ctx, nil)
	if must(t, who, err); *who.Arn != *f.user.Arn {
		t.Errorf("the session is of %s", *who.Arn)
	}
	_, err = own.GetSessionToken(f.ctx, &sts.GetSessionTokenInput{})
	wantError(t, err, "AccessDenied", "Cannot call GetSessionToken with session credentials")
	_, err = f.server.Iam(t, provider(made)).ListUsers(f.ctx, &iam.ListUsersInput{})
	wantError(t, err, "InvalidClientTokenId", "")
	_, err = own.AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: f.roleArn, RoleSessionName: aws.String("session")})
	must(t, 0, err)
}

func TestGetSessionToken_rootIsShortened(t *testing.T) {
	f := newFixture(t)
	out, err := f.server.Sts(t, nil).GetSessionToken(f.ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(7200)})
	if left := time.Until(*must(t, out, err).Credentials.Expiration); left > time.Hour {
		t.Errorf("it lives for %v", left)
	}
}

func TestGetSessionToken_devicesAreRefused(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetSessionToken(f.ctx, &sts.GetSessionTokenInput{SerialNumber: aws.String("arn:aws:iam::111122223333:mfa/u"), TokenCode: aws.String("123456")})
	wantError(t, err, "ValidationError", "")
}

func TestGetSessionToken_dependsOnTheUser(t *testing.T) {
	f := newFixture(t)
	out, err := f.client.GetSessionToken(f.ctx, &sts.GetSessionTokenInput{})
	made := must(t, out, err).Credentials
	keys, err := f.home.ListAccessKeys(f.ctx, &iam.ListAccessKeysInput{UserName: f.user.UserName})
	for _, key := range must(t, keys, err).AccessKeyMetadata {
		_, err = f.home.DeleteAccessKey(f.ctx, &iam.DeleteAccessKeyInput{UserName: f.user.UserName, AccessKeyId: key.AccessKeyId})
		must(t, 0, err)
	}
	_, err = f.home.DeleteUserPolicy(f.ctx, &iam.DeleteUserPolicyInput{UserName: f.user.UserName, PolicyName: aws.String("own")})
	must(t, 0, err)
	_, err = f.home.DeleteUser(f.ctx, &iam.DeleteUserInput{UserName: f.user.UserName})
	must(t, 0, err)
	_, err = f.home.CreateUser(f.ctx, &iam.CreateUserInput{UserName: f.user.UserName}) // another of the same name
	must(t, 0, err)
	_, err = f.server.Sts(t, provider(made)).GetCallerIdentity(f.ctx, nil)
	wantError(t, err, "InvalidClientTokenId", "")
}

func TestGetSessionToken_needsItsToken(t *testing.T) {
	f := newFixture(t)
	out, err := f.client.GetSessionToken(f.ctx, &sts.GetSessionTokenInput{})
	made := must(t, out, err).Credentials
	other, err := f.client.GetSessionToken(f.ctx, &sts.GetSessionTokenInput{})
	must(t, other, err)
	for _, token := range []string{"", "garbage", *other.Credentials.SessionToken} {
		_, err = f.server.Sts(t, credentials.NewStaticCredentialsProvider(*made.AccessKeyId, *made.SecretAccessKey, token)).GetCallerIdentity(f.ctx, nil)
		wantError(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
	}
}
