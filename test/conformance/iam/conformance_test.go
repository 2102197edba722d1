// Package iam holds one file for each operation of iam (2010-05-08) that is built.
// See package identitytest for where they run.
//
// A file's first line says how we know what it expects. Begin at fixture.
package iam

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"gatehouse/test/conformance/identitytest"
)

const (
	allowInvoke = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*"}]}`
	allowLogs   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}`
	trustLambda = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	invokeArn   = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"
)

// fixture is a client, and what a test made with it; all of it goes when the test ends.
type fixture struct {
	*testing.T
	ctx    context.Context
	server *identitytest.Server
	client *iam.Client
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	server := identitytest.New(t)
	return &fixture{T: t, ctx: context.Background(), server: server, client: server.Iam(t, nil)}
}

// must is a call's output when it must succeed.
func must[T any](t testing.TB, output T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// wantError checks the code and the message of a failure; an empty message is any.
func wantError(t testing.TB, err error, code, message string) {
	t.Helper()
	var failure smithy.APIError
	if !errors.As(err, &failure) || failure.ErrorCode() != code || message != "" && failure.ErrorMessage() != message {
		t.Errorf("got %v, want %s: %s", err, code, message)
	}
}

// name is one that nothing else has.
func name(prefix string) *string { return aws.String(prefix + "-" + strings.ToLower(rand.Text())[:10]) }

func (f *fixture) user() *types.User {
	f.Helper()
	created, err := f.client.CreateUser(f.ctx, &iam.CreateUserInput{UserName: name("user")})
	user := must(f, created, err).User
	f.Cleanup(func() { f.deleteUser(user.UserName) })
	return user
}

func (f *fixture) deleteUser(userName *string) {
	keys, err := f.client.ListAccessKeys(f.ctx, &iam.ListAccessKeysInput{UserName: userName})
	if err != nil {
		return // the test deleted it
	}
	for _, key := range keys.AccessKeyMetadata {
		_, _ = f.client.DeleteAccessKey(f.ctx, &iam.DeleteAccessKeyInput{UserName: userName, AccessKeyId: key.AccessKeyId})
	}
	attached, _ := f.client.ListAttachedUserPolicies(f.ctx, &iam.ListAttachedUserPoliciesInput{UserName: userName})
	for _, policy := range attached.AttachedPolicies {
		_, _ = f.client.DetachUserPolicy(f.ctx, &iam.DetachUserPolicyInput{UserName: userName, PolicyArn: policy.PolicyArn})
	}
	inline, _ := f.client.ListUserPolicies(f.ctx, &iam.ListUserPoliciesInput{UserName: userName})
	for _, policyName := range inline.PolicyNames {
		_, _ = f.client.DeleteUserPolicy(f.ctx, &iam.DeleteUserPolicyInput{UserName: userName, PolicyName: &policyName})
	}
	groups, _ := f.client.ListGroupsForUser(f.ctx, &iam.ListGroupsForUserInput{UserName: userName})
	for _, group := range groups.Groups {
		_, _ = f.client.RemoveUserFromGroup(f.ctx, &iam.RemoveUserFromGroupInput{UserName: userName, GroupName: group.GroupName})
	}
	if _, err := f.client.DeleteUser(f.ctx, &iam.DeleteUserInput{UserName: userName}); err != nil {
		f.Errorf("deleting %s: %v", *userName, err)
	}
}

func (f *fixture) group() *types.Group {
	f.Helper()
	created, err := f.client.CreateGroup(f.ctx, &iam.CreateGroupInput{GroupName: name("group")})
	group := must(f, created, err).Group
	f.Cleanup(func() {
		attached, err := f.client.ListAttachedGroupPolicies(f.ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: group.GroupName})
		if err != nil {
			return
		}
		for _, policy := range attached.AttachedPolicies {
			_, _ = f.client.DetachGroupPolicy(f.ctx, &iam.DetachGroupPolicyInput{GroupName: group.GroupName, PolicyArn: policy.PolicyArn})
		}
		inline, _ := f.client.ListGroupPolicies(f.ctx, &iam.ListGroupPoliciesInput{GroupName: group.GroupName})
		for _, policyName := range inline.PolicyNames {
			_, _ = f.client.DeleteGroupPolicy(f.ctx, &iam.DeleteGroupPolicyInput{GroupName: group.GroupName, PolicyName: &policyName})
		}
		members, _ := f.client.GetGroup(f.ctx, &iam.GetGroupInput{GroupName: group.GroupName})
		for _, user := range members.Users {
			_, _ = f.client.RemoveUserFromGroup(f.ctx, &iam.RemoveUserFromGroupInput{GroupName: group.GroupName, UserName: user.UserName})
		}
		if _, err := f.client.DeleteGroup(f.ctx, &iam.DeleteGroupInput{GroupName: group.GroupName}); err != nil {
			f.Errorf("deleting %s: %v", *group.GroupName, err)
		}
	})
	return group
}

func (f *fixture) role() *types.Role {
	f.Helper()
	created, err := f.client.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: name("role"), AssumeRolePolicyDocument: aws.String(trustLambda)})
	role := must(f, created, err).Role
	f.Cleanup(func() {
		attached, err := f.client.ListAttachedRolePolicies(f.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName})
		if err != nil {
			return
		}
		for _, policy := range attached.AttachedPolicies {
			_, _ = f.client.DetachRolePolicy(f.ctx, &iam.DetachRolePolicyInput{RoleName: role.RoleName, PolicyArn: policy.PolicyArn})
		}
		inline, _ := f.client.ListRolePolicies(f.ctx, &iam.ListRolePoliciesInput{RoleName: role.RoleName})
		for _, policyName := range inline.PolicyNames {
			_, _ = f.client.DeleteRolePolicy(f.ctx, &iam.DeleteRolePolicyInput{RoleName: role.RoleName, PolicyName: &policyName})
		}
		if _, err := f.client.DeleteRole(f.ctx, &iam.DeleteRoleInput{RoleName: role.RoleName}); err != nil {
			f.Errorf("deleting %s: %v", *role.RoleName, err)
		}
	})
	return role
}

// policy makes a managed policy. It is made before what it is attached to, so that it goes after.
func (f *fixture) policy() *types.Policy {
	f.Helper()
	created, err := f.client.CreatePolicy(f.ctx, &iam.CreatePolicyInput{PolicyName: name("policy"), PolicyDocument: aws.String(allowInvoke)})
	policy := must(f, created, err).Policy
	f.Cleanup(func() {
		versions, err := f.client.ListPolicyVersions(f.ctx, &iam.ListPolicyVersionsInput{PolicyArn: policy.Arn})
		if err != nil {
			return
		}
		for _, version := range versions.Versions {
			if !version.IsDefaultVersion {
				_, _ = f.client.DeletePolicyVersion(f.ctx, &iam.DeletePolicyVersionInput{PolicyArn: policy.Arn, VersionId: version.VersionId})
			}
		}
		if _, err := f.client.DeletePolicy(f.ctx, &iam.DeletePolicyInput{PolicyArn: policy.Arn}); err != nil {
			f.Errorf("deleting %s: %v", *policy.Arn, err)
		}
	})
	return policy
}

// version adds a version to a policy.
func (f *fixture) version(policy *types.Policy, asDefault bool) *types.PolicyVersion {
	f.Helper()
	created, err := f.client.CreatePolicyVersion(f.ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: policy.Arn, PolicyDocument: aws.String(allowLogs), SetAsDefault: asDefault,
	})
	return must(f, created, err).PolicyVersion
}

// accessKey makes a key of a user.
func (f *fixture) accessKey(user *types.User) *types.AccessKey {
	f.Helper()
	created, err := f.client.CreateAccessKey(f.ctx, &iam.CreateAccessKeyInput{UserName: user.UserName})
	return must(f, created, err).AccessKey
}

func noSuchUser(userName *string) string {
	return "The user with name " + *userName + " cannot be found."
}

func noSuchRole(roleName *string) string {
	return "The role with name " + *roleName + " cannot be found."
}

func noSuchGroup(groupName *string) string {
	return "The group with name " + *groupName + " cannot be found."
}
