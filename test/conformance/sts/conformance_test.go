// Package sts holds one file for each operation of sts (2011-06-15) that is built.
// See package identitytest for where they run.
//
// A file's first line says how we know what it expects. Begin at fixture.
package sts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"gatehouse/test/conformance"
	"gatehouse/test/conformance/identitytest"
)

// fixture is a server with a user in one account and a role in another. It needs a
// server of its own: two accounts, and root users' keys.
type fixture struct {
	*testing.T
	ctx    context.Context
	server *identitytest.Server
	// home is the account of the user, who may call sts:AssumeRole; other is the role's.
	home, other *iam.Client
	user        *iamtypes.User
	credentials aws.CredentialsProvider
	client      *sts.Client // the user's
	roleName    *string
	roleArn     *string
}

const (
	otherAccount = "444455556666"
	allowAssume  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"],"Resource":"*"}]}`
)

func newFixture(t *testing.T) *fixture {
	t.Helper()
	conformance.OwnServer(t)
	f := &fixture{T: t, ctx: context.Background(), server: identitytest.New(t)}
	f.home, f.other = f.server.Iam(t, nil), f.server.Iam(t, f.server.RootOf(t, otherAccount))
	created, err := f.home.CreateUser(f.ctx, &iam.CreateUserInput{UserName: name("user")})
	f.user = must(t, created, err).User
	f.allow(allowAssume)
	key, err := f.home.CreateAccessKey(f.ctx, &iam.CreateAccessKeyInput{UserName: f.user.UserName})
	must(t, key, err)
	f.credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")
	f.client = f.server.Sts(t, f.credentials)
	f.roleName = name("role")
	role, err := f.other.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: f.roleName, AssumeRolePolicyDocument: aws.String(f.trust(nil))})
	f.roleArn = must(t, role, err).Role.Arn
	return f
}

// allow replaces the user's own policy.
func (f *fixture) allow(document string) {
	f.Helper()
	_, err := f.home.PutUserPolicy(f.ctx, &iam.PutUserPolicyInput{UserName: f.user.UserName, PolicyName: aws.String("own"), PolicyDocument: &document})
	must(f, 0, err)
}

// trust is a trust policy that names the user, under conditions.
func (f *fixture) trust(conditions map[string]any) string {
	statement := map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": *f.user.Arn}, "Action": []string{"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"},
	}
	if conditions != nil {
		statement["Condition"] = conditions
	}
	document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{statement}})
	if err != nil {
		f.Fatal(err)
	}
	return string(document)
}

// setTrust replaces the role's trust policy.
func (f *fixture) setTrust(document string) {
	f.Helper()
	_, err := f.other.UpdateAssumeRolePolicy(f.ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: f.roleName, PolicyDocument: &document})
	must(f, 0, err)
}

// assume assumes the role.
func (f *fixture) assume(change func(in *sts.AssumeRoleInput)) (*sts.AssumeRoleOutput, error) {
	in := &sts.AssumeRoleInput{RoleArn: f.roleArn, RoleSessionName: aws.String("session")}
	if change != nil {
		change(in)
	}
	return f.client.AssumeRole(f.ctx, in)
}

func (f *fixture) refusal() string {
	return "User: " + *f.user.Arn + " is not authorized to perform: sts:AssumeRole on resource: " + *f.roleArn
}

func provider(c *types.Credentials) aws.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
}

func must[T any](t testing.TB, output T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return output
}

func wantError(t testing.TB, err error, code, message string) {
	t.Helper()
	var failure smithy.APIError
	if !errors.As(err, &failure) || failure.ErrorCode() != code || message != "" && failure.ErrorMessage() != message {
		t.Errorf("got %v, want %s: %s", err, code, message)
	}
}

func name(prefix string) *string { return aws.String(prefix + "-" + strings.ToLower(rand.Text())[:10]) }
