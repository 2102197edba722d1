package restapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gatehouse/internal/dataplane/exchangetest"
	"gatehouse/internal/fixture"
)

// The cells of AWS's tables.
const (
	allow   = "Allow"
	deny    = "Deny"
	neither = "Neither"
	// absent is neither as well: no policy at all.
	absent = "Absent"

	allowed       = "Allow"
	implicitDeny  = "Implicit Deny"
	explicitDeny  = "Explicit Deny"
	notAuthorized = "401"
)

// Source: guide, apigateway-authorization-flow.md, tables A and B row for row, for AWS_IAM and for a Lambda
// authorizer. Unconfirmed: that the "other account" of a Lambda authorizer is its function's.
func TestAuthorizationFlowTables(t *testing.T) {
	for _, row := range []struct{ own, api, sameAccount, otherAccount string }{
		{allow, allow, allowed, allowed},
		{allow, neither, allowed, implicitDeny},
		{allow, absent, allowed, implicitDeny},
		{allow, deny, explicitDeny, explicitDeny},
		{neither, allow, allowed, implicitDeny},
		{neither, neither, implicitDeny, implicitDeny},
		{neither, absent, implicitDeny, implicitDeny},
		{neither, deny, explicitDeny, explicitDeny},
		{deny, allow, explicitDeny, explicitDeny},
		{deny, neither, explicitDeny, explicitDeny},
		{deny, absent, explicitDeny, explicitDeny},
		{deny, deny, explicitDeny, explicitDeny},
	} {
		for account, want := range map[string]string{exchangetest.Account: row.sameAccount, exchangetest.ForeignAccount: row.otherAccount} {
			name := row.own + ", " + row.api + ", " + account
			keys := map[string]map[string]string{
				exchangetest.Account:        {allow: "AKIAALLOWED", neither: "AKIASILENT", deny: "AKIADENIED"},
				exchangetest.ForeignAccount: {allow: "AKIAFOREIGN", neither: "AKIAFOREIGNSILENT", deny: "AKIAFOREIGNDENIED"},
			}
			signed := flow{authorizationType: "AWS_IAM", policy: row.api, request: "Sign: " + keys[account][row.own]}
			if got := signed.outcome(t); got != want {
				t.Errorf("AWS_IAM, %s: got %s, want %s", name, got, want)
			}
			if row.api == absent {
				want = row.sameAccount // the guide's walkthrough of a cross-account authorizer makes no resource policy
			}
			asked := flow{authorizationType: "CUSTOM", policy: row.api, request: "Authorization: x", account: account, answer: row.own}
			if got := asked.outcome(t); got != want {
				t.Errorf("CUSTOM, %s: got %s, want %s", name, got, want)
			}
			if wasAsked := asked.asked != ""; wasAsked == (row.api == deny) {
				t.Errorf("CUSTOM, %s: the authorizer was called: %v; a Deny of the API's policy comes before it", name, wasAsked)
			}
		}
	}
}

// Source: guide, apigateway-authorization-flow.md, the sections on resource policies alone and with Cognito. Its
// table A would let a valid token pass a policy that is silent; the text, which is followed, does not.
func TestAuthorizationFlowWithoutPrincipals(t *testing.T) {
	for _, row := range []struct{ api, none, cognito string }{
		{allow, allowed, allowed}, {neither, implicitDeny, implicitDeny}, {absent, allowed, allowed}, {deny, explicitDeny, explicitDeny},
	} {
		open := flow{authorizationType: "NONE", policy: row.api}
		if got := open.outcome(t); got != row.none {
			t.Errorf("NONE, %s: got %s, want %s", row.api, got, row.none)
		}
		withToken := flow{authorizationType: "COGNITO_USER_POOLS", policy: row.api, request: `Token: {"token_use":"id"}`}
		if got := withToken.outcome(t); got != row.cognito {
			t.Errorf("COGNITO_USER_POOLS, %s: got %s, want %s", row.api, got, row.cognito)
		}
		without := flow{authorizationType: "COGNITO_USER_POOLS", policy: row.api}
		if got := without.outcome(t); got != notAuthorized {
			t.Errorf("COGNITO_USER_POOLS without a token, %s: got %s; authentication comes first", row.api, got)
		}
	}
}

// flow is one method, its API's policy, and one request to it.
type flow struct {
	authorizationType, policy string
	request                   string // a header line
	account, answer           string // of the Lambda authorizer
	asked                     string // what it was sent
}

// outcome serves the request and says what became of it, in the table's words.
func (f *flow) outcome(t *testing.T) string {
	t.Helper()
	account := f.account
	if account == "" {
		account = exchangetest.Account
	}
	api := map[string]any{
		"Methods": map[string]any{"GET /pets": map[string]any{
			"AuthorizationType": f.authorizationType, "AuthorizerId": map[string]string{"CUSTOM": "t1", "COGNITO_USER_POOLS": "c1"}[f.authorizationType],
			"MethodIntegration": map[string]any{"Type": "HTTP_PROXY", "HttpMethod": "GET", "Uri": "https://backend.example.com/pets"},
		}},
		"Authorizers": []map[string]any{
			{"Id": "t1", "Type": "TOKEN", "IdentitySource": "method.request.header.Authorization",
				"AuthorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:" + account + ":function:auth/invocations"},
			{"Id": "c1", "Type": "COGNITO_USER_POOLS", "IdentitySource": "method.request.header.Authorization",
				"ProviderARNs": []string{"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_pool"}},
		},
	}
	if f.policy != absent {
		api["RestApi"] = map[string]any{"Policy": policyOf(f.policy, `"Principal":"*",`)}
	}
	encoded, err := json.Marshal(api)
	if err != nil {
		t.Fatal(err)
	}
	archive := &fixture.Archive{Sections: []fixture.Section{
		{Name: "api", Text: string(encoded)}, {Name: "backend", Text: "HTTP/1.1 200 OK\n\nreached"},
		{Name: "authorizer", Text: `{"principalId":"p","policyDocument":` + policyOf(f.answer, "") + `}`},
	}}
	got := newWorld(t, archive).Exchange(t, strings.TrimSpace("GET /prod/pets HTTP/1.1\n"+f.request)+"\n")
	f.asked = got["asked"]
	switch response := got["response"]; {
	case strings.HasPrefix(response, "HTTP/1.1 200 ") && strings.HasSuffix(response, "reached\n"):
		return allowed
	case strings.HasPrefix(response, "HTTP/1.1 401 "):
		return notAuthorized
	case strings.HasPrefix(response, "HTTP/1.1 403 ") && strings.Contains(response, "with an explicit deny"):
		return explicitDeny
	case strings.HasPrefix(response, "HTTP/1.1 403 ") && strings.Contains(response, "allows the execute-api:Invoke action"):
		return implicitDeny
	default:
		return response
	}
}

// policyOf allows or denies the method, or says nothing of it.
func policyOf(effect, principal string) string {
	resource := "*"
	if effect != allow && effect != deny {
		effect, resource = allow, "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/other"
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `",` + principal + `"Action":"execute-api:Invoke","Resource":"` + resource + `"}]}`
}
