// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestCreateUser_shape(t *testing.T) {
	f := newFixture(t)
	userName := name("user")
	out, err := f.client.CreateUser(f.ctx, &iam.CreateUserInput{
		UserName: userName, Path: aws.String("/division/"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	user := must(t, out, err).User
	defer f.deleteUser(userName)
	if !strings.HasPrefix(*user.UserId, "AIDA") || len(*user.UserId) != 21 || !strings.HasSuffix(*user.Arn, ":user/division/"+*userName) {
		t.Errorf("got %s %s", *user.UserId, *user.Arn)
	}
	if len(user.Tags) != 1 || *user.Tags[0].Key != "team" || user.CreateDate == nil {
		t.Errorf("got %v, made %v", user.Tags, user.CreateDate)
	}
}

func TestCreateUser_exists(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	_, err := f.client.CreateUser(f.ctx, &iam.CreateUserInput{UserName: user.UserName})
	wantError(t, err, "EntityAlreadyExists", "User with name "+*user.UserName+" already exists.")
	_, err = f.client.CreateUser(f.ctx, &iam.CreateUserInput{UserName: aws.String(strings.ToUpper(*user.UserName))})
	wantError(t, err, "EntityAlreadyExists", "")
}

func TestCreateUser_badName(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.CreateUser(f.ctx, &iam.CreateUserInput{UserName: aws.String("no spaces")})
	wantError(t, err, "ValidationError", "")
	_, err = f.client.CreateUser(f.ctx, &iam.CreateUserInput{UserName: name("user"), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/NoSuchPolicy")})
	wantError(t, err, "NoSuchEntity", "")
}
