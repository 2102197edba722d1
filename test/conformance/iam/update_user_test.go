// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestUpdateUser_rename(t *testing.T) {
	f := newFixture(t)
	user, after := f.user(), name("renamed")
	key := f.accessKey(user)
	_, err := f.client.UpdateUser(f.ctx, &iam.UpdateUserInput{UserName: user.UserName, NewUserName: after, NewPath: aws.String("/new/")})
	must(t, 0, err)
	defer f.deleteUser(after)
	_, err = f.client.GetUser(f.ctx, &iam.GetUserInput{UserName: user.UserName})
	wantError(t, err, "NoSuchEntity", noSuchUser(user.UserName))
	out, err := f.client.GetUser(f.ctx, &iam.GetUserInput{UserName: after})
	if got := must(t, out, err).User; *got.UserId != *user.UserId || !strings.HasSuffix(*got.Arn, ":user/new/"+*after) {
		t.Errorf("got %s %s", *got.UserId, *got.Arn)
	}
	keys, err := f.client.ListAccessKeys(f.ctx, &iam.ListAccessKeysInput{UserName: after})
	if listed := must(t, keys, err).AccessKeyMetadata; len(listed) != 1 || *listed[0].AccessKeyId != *key.AccessKeyId || *listed[0].UserName != *after {
		t.Errorf("got %v", listed)
	}
}

func TestUpdateUser_taken(t *testing.T) {
	f := newFixture(t)
	one, other := f.user(), f.user()
	_, err := f.client.UpdateUser(f.ctx, &iam.UpdateUserInput{UserName: one.UserName, NewUserName: other.UserName})
	wantError(t, err, "EntityAlreadyExists", "User with name "+*other.UserName+" already exists.")
}
