package iam

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	account      = "111122223333"
	otherAccount = "444455556666"
	apiResource  = "arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/pets"
)

// people are the principals that fixtures name.
var people = map[string]*Principal{
	"user": {Type: User, Account: account, ARN: "arn:aws:iam::111122223333:user/team/alice", UserName: "alice",
		UserID: "AIDAALICE", Tags: []Tag{{"team", "red"}}},
	"role-session": {Type: AssumedRole, Account: account, ARN: "arn:aws:sts::111122223333:assumed-role/caller/one",
		SessionOf: "arn:aws:iam::111122223333:role/path/caller", UserID: "AROACALLER:one"},
	"federated": {Type: FederatedUser, Account: account, ARN: "arn:aws:sts::111122223333:federated-user/fred",
		SessionOf: "arn:aws:iam::111122223333:user/team/alice", UserID: "111122223333:fred"},
	"root":       {Type: Root, Account: account, ARN: "arn:aws:iam::111122223333:root", UserID: account},
	"anonymous":  nil,
	"service":    ServicePrincipal(ApiGatewayService),
	"other-user": {Type: User, Account: otherAccount, ARN: "arn:aws:iam::444455556666:user/bob", UserName: "bob"},
	"other-root": {Type: Root, Account: otherAccount, ARN: "arn:aws:iam::444455556666:root"},
}

// principalElements are the Principal elements that fixtures name.
var principalElements = map[string]string{
	"user": `{"AWS":"arn:aws:iam::111122223333:user/team/alice"}`, "account": `{"AWS":"111122223333"}`,
	"everyone": `"*"`, "role": `{"AWS":"arn:aws:iam::111122223333:role/path/caller"}`,
	"session":   `{"AWS":"arn:aws:sts::111122223333:assumed-role/caller/one"}`,
	"federated": `{"AWS":"arn:aws:sts::111122223333:federated-user/fred"}`,
	"service":   `{"Service":"apigateway.amazonaws.com"}`, "other-account": `{"AWS":"arn:aws:iam::444455556666:root"}`,
	"other-user": `{"AWS":"arn:aws:iam::444455556666:user/bob"}`,
}

func mustCompile(t testing.TB, kind Kind, document string) *Policy {
	t.Helper()
	p, err := Compile([]byte(document), kind, "test")
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return p
}

// identityPolicy makes a policy from allow, deny, silent or "-".
func identityPolicy(t testing.TB, word string) *Policy {
	t.Helper()
	effect, action := "Allow", "execute-api:Invoke"
	switch word {
	case "-":
		return nil
	case "deny":
		effect = "Deny"
	case "silent":
		action = "execute-api:ManageConnections"
	}
	return mustCompile(t, IdentityPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"`+effect+`","Action":"`+action+`","Resource":"*"}]}`)
}

// resourcePolicy makes a policy from allow:who, deny:who, silent or "-".
func resourcePolicy(t testing.TB, word string) *Policy {
	t.Helper()
	if word == "-" {
		return nil
	}
	effect, who, _ := strings.Cut(word, ":")
	element, resource := principalElements[who], "*"
	if effect == "silent" {
		element, effect, resource = `"*"`, "Allow", "arn:aws:execute-api:us-east-1:111122223333:other/*"
	}
	if element == "" {
		t.Fatalf("no principal element %q", who)
	}
	effect = strings.ToUpper(effect[:1]) + effect[1:]
	return mustCompile(t, ApiPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"`+effect+`","Principal":`+element+
		`,"Action":"execute-api:Invoke","Resource":"`+resource+`"}]}`)
}

// rows reads the lines of a fixture, without its comments.
func rows(t testing.TB, file string) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.Split(string(data), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if len(lines) < 20 {
		t.Fatalf("%s has only %d rows", file, len(lines))
	}
	return lines
}

func list(p *Policy) []*Policy {
	if p == nil {
		return nil
	}
	return []*Policy{p}
}

func TestEvaluate(t *testing.T) {
	by := map[string]PolicyType{"identity": IdentityBased, "resource": ResourceBased, "boundary": Boundary, "session": SessionBased}
	for _, line := range rows(t, "evaluation.txt") {
		t.Run(strings.Join(strings.Fields(line), " "), func(t *testing.T) {
			f := strings.Fields(line)
			who, known := people[f[0]]
			if !known {
				t.Fatalf("no principal %q", f[0])
			}
			policies := &Policies{Resource: resourcePolicy(t, f[1]), PrincipalPolicies: PrincipalPolicies{
				Identity: list(identityPolicy(t, f[2])), Boundary: identityPolicy(t, f[3]), Session: list(identityPolicy(t, f[4])),
			}}
			req := &Request{Principal: who, Action: ActionInvoke, Resource: apiResource}
			got := Evaluate(req, policies)
			want := map[string]Outcome{"allow": Allowed, "implicit": ImplicitDeny, "explicit": ExplicitDeny}[f[5]]
			if got.Outcome != want || len(f) > 6 && got.By != by[f[6]] {
				t.Errorf("got %s by %s", got.Outcome, got.By)
			}
			if text := Explain(req, policies, got).String(); !strings.HasPrefix(text, got.Outcome.String()) {
				t.Errorf("explained as %s", text)
			}
		})
	}
}

func TestEvaluate_trustPolicy(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/target"
	allow := mustCompile(t, IdentityPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}`)
	tests := []struct {
		who, trusted string
		identity     *Policy
		want         Outcome
	}{
		{"user", "user", nil, Allowed},
		{"user", "account", nil, ImplicitDeny},
		{"user", "account", allow, Allowed},
		{"user", "other-account", allow, ImplicitDeny},
		{"role-session", "role", nil, Allowed},
		{"other-user", "other-account", allow, Allowed},
		{"other-user", "other-account", nil, ImplicitDeny},
		{"service", "service", nil, Allowed},
		{"root", "user", nil, ImplicitDeny},
	}
	for _, test := range tests {
		trust := mustCompile(t, TrustPolicy, `{"Statement":{"Effect":"Allow","Principal":`+principalElements[test.trusted]+`,"Action":"sts:AssumeRole"}}`)
		req := &Request{Principal: people[test.who], Action: "sts:AssumeRole", Resource: role}
		got := Evaluate(req, &Policies{Resource: trust, ResourceMustAllow: true, PrincipalPolicies: PrincipalPolicies{Identity: list(test.identity)}})
		if got.Outcome != test.want {
			t.Errorf("%s, trusting %s: %s", test.who, test.trusted, got.Outcome)
		}
	}
}

func TestEvaluateInvoke(t *testing.T) {
	for _, line := range rows(t, "api-gateway.txt") {
		t.Run(strings.Join(strings.Fields(line), " "), func(t *testing.T) {
			f := strings.Fields(line)
			api := map[string]string{"allow": "allow:everyone", "deny": "deny:everyone", "account": "allow:account"}[f[3]]
			if api == "" {
				api = f[3]
			}
			p := &InvokePolicies{Api: resourcePolicy(t, api)}
			req := &Request{Action: ActionInvoke, Resource: apiResource}
			switch f[0] {
			case "IAM":
				p.Authorization, p.Principal.Identity = AuthorizationIAM, list(identityPolicy(t, f[2]))
				req.Principal = people["user"]
				if f[1] == "other" {
					req.Principal = people["other-user"]
				}
			case "Lambda":
				p.Authorization, p.Authorizer = AuthorizationLambda, identityPolicy(t, f[2])
				if f[1] == "other" {
					p.AuthorizerAccount = otherAccount
				}
			case "Cognito":
				p.Authorization = AuthorizationCognito
			case "Private":
				p.Private = true
			}
			got := EvaluateInvoke(req, p)
			if want := map[string]Outcome{"allow": Allowed, "implicit": ImplicitDeny, "explicit": ExplicitDeny}[f[4]]; got.Outcome != want {
				t.Errorf("got %s", ExplainInvoke(req, p, got))
			}
			_, early := DeniedBeforeAuthorizer(req, p.Api)
			if early != (f[3] == "deny") {
				t.Errorf("denied before the authorizer: %v", early)
			}
		})
	}
}

func TestCondition(t *testing.T) {
	for _, line := range rows(t, "conditions.txt") {
		t.Run(line, func(t *testing.T) {
			f := strings.Split(line, "|")
			for i := range f {
				f[i] = strings.TrimSpace(f[i])
			}
			operands := []string{f[1]}
			if !strings.Contains(f[1], "${") {
				operands = strings.Split(f[1], ",")
			}
			p := mustCompile(t, IdentityPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"`+
				f[0]+`":{"test:Key":["`+strings.Join(operands, `","`)+`"]}}}}`)
			req := &Request{Principal: people["user"], Action: "a:b", Resource: "*"}
			switch sent := strings.Split(f[2], ","); {
			case f[2] == "[]":
				req.Context = Context{{Key: "TEST:key", Values: []string{}}}
			case len(sent) > 1:
				req.Context = Context{{Key: "TEST:key", Values: sent}}
			case f[2] != "-":
				req.Context = Context{{Key: "TEST:key", Value: f[2]}}
			}
			got := Evaluate(req, &Policies{PrincipalPolicies: PrincipalPolicies{Identity: list(p)}})
			if got.Allowed() != (f[3] == "true") {
				t.Errorf("holds: %v", got.Allowed())
			}
		})
	}
}

func TestCompile_malformed(t *testing.T) {
	kinds := map[string]Kind{"identity": IdentityPolicy, "trust": TrustPolicy, "api": ApiPolicy, "function": FunctionPolicy, "authorizer": AuthorizerPolicy}
	for _, line := range rows(t, "malformed.txt") {
		t.Run(line, func(t *testing.T) {
			f := strings.Split(line, " | ")
			kind, known := kinds[strings.TrimSpace(f[0])]
			if !known || len(f) != 3 {
				t.Fatal("not a row")
			}
			_, err := Compile([]byte(f[1]), kind, "test")
			var malformed *MalformedPolicyError
			switch {
			case f[2] == "ok" && err != nil:
				t.Error(err)
			case f[2] != "ok" && (!errors.As(err, &malformed) || malformed.Message != f[2]):
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestDerivedKeys: condition keys that follow from the principal and the time.
func TestDerivedKeys(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	service := people["service"]
	session := *people["role-session"]
	session.TokenIssued = now.Add(-time.Hour)
	tests := []struct {
		who       *Principal
		condition string
		want      bool
	}{
		{people["user"], `"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/team/alice","AWS:userid":"AIDAALICE","aws:PrincipalType":"User"}`, true},
		{&session, `"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/path/caller"}`, true},
		{&session, `"DateLessThan":{"aws:TokenIssueTime":"2026-01-02T02:04:06Z"}`, true},
		{people["user"], `"Null":{"aws:TokenIssueTime":"true"}`, true},
		{people["user"], `"StringEquals":{"aws:principaltag/TEAM":"red"}`, true},
		{people["user"], `"StringEquals":{"aws:PrincipalAccount":"444455556666"}`, false},
		{people["user"], `"DateEquals":{"aws:CurrentTime":"2026-01-02T03:04:05Z"},"NumericEquals":{"aws:EpochTime":"1767323045"}`, true},
		{people["user"], `"StringLike":{"aws:CurrentTime":"2026-01-02T*"}`, true},
		{service, `"Bool":{"aws:PrincipalIsAWSService":"true"},"StringEquals":{"aws:PrincipalServiceName":"apigateway.amazonaws.com"}`, true},
		{nil, `"StringEquals":{"aws:PrincipalType":"Anonymous"},"Null":{"aws:username":"true"}`, true},
	}
	for _, test := range tests {
		p := mustCompile(t, ApiPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{`+test.condition+`}}}`)
		got := Evaluate(&Request{Principal: test.who, Action: "a:b", Resource: "*", Time: now}, &Policies{Resource: p})
		if got.Allowed() != test.want {
			t.Errorf("%s for %s: %v", test.condition, test.who, got.Allowed())
		}
	}
}

func TestVariables_version(t *testing.T) {
	// The old version has no variables: ${…} is plain text.
	p := mustCompile(t, ApiPolicy, `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}}`)
	for resource, want := range map[string]bool{"arn:aws:s3:::b/alice": false, "arn:aws:s3:::b/${aws:username}": true} {
		got := Evaluate(&Request{Principal: people["user"], Action: "s3:Get", Resource: resource}, &Policies{Resource: p})
		if got.By == ResourceBased && got.Allowed() != want || got.By != ResourceBased && want {
			t.Errorf("%s: %s by %s", resource, got.Outcome, got.By)
		}
	}
}

func TestNotPrincipal(t *testing.T) {
	p := mustCompile(t, ApiPolicy, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},
		{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/team/alice","111122223333"]},"Action":"*","Resource":"*"}]}`)
	for name, want := range map[string]Outcome{"user": Allowed, "role-session": Allowed, "anonymous": ExplicitDeny, "other-user": ExplicitDeny, "service": ExplicitDeny} {
		if got := Evaluate(&Request{Principal: people[name], Action: "a:b", Resource: apiResource}, &Policies{Resource: p}); got.Outcome != want {
			t.Errorf("%s: %s", name, got.Outcome)
		}
	}
}
