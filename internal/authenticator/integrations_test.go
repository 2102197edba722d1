package authenticator

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
)

func compileFunctionPolicy(t *testing.T, principal, arn string) *iam.Policy {
	t.Helper()
	policy, err := iam.Compile([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+principal+
		`"},"Action":"lambda:InvokeFunction","Resource":"`+arn+`"}]}`), iam.FunctionPolicy, "policy of the function")
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

// Source: guide, permissions.md ("API Gateway permissions model for invoking an API" and the role of an integration) and
// api-gateway-api-integration-types.md (arn:aws:iam::*:user/*). That a role must be of the API's account is PassRole's rule.
func TestIntegrationCredentials(t *testing.T) {
	const (
		trust    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
		function = "arn:aws:lambda:us-east-1:111122223333:function:f"
		elsewhr  = "arn:aws:lambda:us-east-1:444455556666:function:f"
		runner   = "arn:aws:iam::111122223333:role/runner"
	)
	r := newKeyRing(t)
	allowed := records.Permissions{InlinePolicies: map[string]string{"p": allowOf("lambda:InvokeFunction", "*", "")}}
	r.role(records.Role{RoleName: "runner", Path: "/", RoleId: "AROARUNNER", AssumeRolePolicyDocument: trust, Permissions: allowed})
	r.role(records.Role{RoleName: "untrusting", Path: "/", AssumeRolePolicyDocument: strings.ReplaceAll(trust, "apigateway", "lambda"), Permissions: allowed})
	r.role(records.Role{RoleName: "silent", Path: "/", AssumeRolePolicyDocument: trust})
	r.role(records.Role{RoleName: "bounded", Path: "/", AssumeRolePolicyDocument: trust, Permissions: records.Permissions{
		InlinePolicies: allowed.InlinePolicies, PermissionsBoundary: "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"}})
	r.role(records.Role{RoleName: "confused", Path: "/", Permissions: allowed, AssumeRolePolicyDocument: strings.Replace(trust, `"sts:AssumeRole"`,
		`"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}`, 1)})
	alice, ok := r.Find("AKIAALICE", "")
	if !ok {
		t.Fatal("alice is not found")
	}
	cases := []struct {
		name    string
		call    IntegrationCall
		allowed bool
		says    string
	}{
		{"a role that may", IntegrationCall{Credentials: runner, Resource: function}, true, "allow"},
		{"no such role", IntegrationCall{Credentials: runner + "x", Resource: function}, false, "there is no role"},
		{"not a role", IntegrationCall{Credentials: "arn:aws:iam::111122223333:user/u", Resource: function}, false, "not the ARN of a role"},
		{"a role of another account", IntegrationCall{Credentials: "arn:aws:iam::444455556666:role/r", Resource: function}, false, "another account"},
		{"a role that does not trust API Gateway", IntegrationCall{Credentials: strings.Replace(runner, "runner", "untrusting", 1), Resource: function}, false, "principal"},
		{"a role that trusts API Gateway for others", IntegrationCall{Credentials: strings.Replace(runner, "runner", "confused", 1), Resource: function}, false, "aws:SourceAccount"},
		{"a role that does not allow", IntegrationCall{Credentials: strings.Replace(runner, "runner", "silent", 1), Resource: function}, false, "no identity-based policy has"},
		{"a role whose boundary does not allow", IntegrationCall{Credentials: strings.Replace(runner, "runner", "bounded", 1), Resource: function}, false, "no permissions boundary allows"},
		{"another account's function", IntegrationCall{Credentials: runner, Resource: elsewhr}, false, "no resource-based policy has"},
		{"another account's function that lets the role in", IntegrationCall{Credentials: runner, Resource: elsewhr, ResourcePolicy: compileFunctionPolicy(t, runner, elsewhr)}, true, "allow"},
		{"as nobody", IntegrationCall{Credentials: apigw.CallerCredentials, Resource: function}, false, "not AWS_IAM"},
		{"as a caller that may not", IntegrationCall{Credentials: apigw.CallerCredentials, Resource: function, Caller: alice.Principal, CallerPolicies: alice.Policies}, false, "no identity-based policy allows"},
		{"as a caller that the function lets in", IntegrationCall{Credentials: apigw.CallerCredentials, Resource: function, Caller: alice.Principal, CallerPolicies: alice.Policies,
			ResourcePolicy: compileFunctionPolicy(t, alice.Principal.ARN, function)}, true, "allow"},
	}
	integrations := &Integrations{Keyring: r.Keyring, Now: time.Now}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.call.Action, c.call.SourceAccount, c.call.SourceArn = iam.ActionInvokeFunction, testAccount, "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/"
			got := integrations.Decide(&c.call)
			if got.Decision.Allowed() != c.allowed || !strings.Contains(got.Explanation, c.says) {
				t.Errorf("got %v: %s", got.Decision.Outcome, got.Explanation)
			}
			if c.allowed && got.Principal == nil {
				t.Error("nobody calls")
			}
		})
	}
}
