package iam

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testApi = ApiARN{Region: "us-east-1", Account: account, ApiID: "a1b2c3"}

func TestApiARN(t *testing.T) {
	got := []string{
		testApi.Method("prod", "GET", "/pets/1"), testApi.Method("prod", "GET", "/"),
		ApiARN{"aws-cn", "cn-north-1", account, "a"}.String(),
	}
	want := []string{
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/pets/1",
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/",
		"arn:aws-cn:execute-api:cn-north-1:111122223333:a",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExpandApiPolicy(t *testing.T) {
	const document = `{ "Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
		{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke",
		 "Resource": ["execute-api:/prod/GET/pets", "arn:aws:execute-api:us-east-1:111122223333:a1b2c3/dev/*"],
		 "Condition": {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}, "Bool": {"aws:SecureTransport": false}}}]}`
	const want = `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*"},` +
		`{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke",` +
		`"Resource":["arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/pets","arn:aws:execute-api:us-east-1:111122223333:a1b2c3/dev/*"],` +
		`"Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/24"]},"Bool":{"aws:SecureTransport":false}}}]}`
	got, err := ExpandApiPolicy([]byte(document), testApi)
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	escaped := EscapePolicy(got)
	if !strings.HasPrefix(escaped, `{\"Version\":\"2012-10-17\"`) || !strings.Contains(escaped, `192.0.2.0\/24`) {
		t.Errorf("escaped as %s", escaped)
	}
	if again, err := ExpandApiPolicy([]byte(escaped), testApi); err != nil || !bytes.Equal(again, got) {
		t.Errorf("from the escaped form: %s, %v", again, err)
	}
	if _, err := ExpandApiPolicy([]byte(`{}`), testApi); err == nil || err.Error() != textApiPolicy {
		t.Errorf("got %v", err)
	}
}

// The wildcards of an API's policy take slashes, but a region or account takes no colon.
func TestResource(t *testing.T) {
	resource := testApi.Method("prod", "GET", "/pets/1")
	for pattern, want := range map[string]bool{
		"*":                         true,
		"arn:aws:execute-api:*:*:*": true,
		"arn:aws:execute-api:us-east-1:*:a1b2c3/*":                          true,
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*/GET/pets/*":    true,
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*/pets/1":        true,
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/G?T/pets/?": true,
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/pets":   false,
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/":                false,
		"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/PROD/*":          false,
		"arn:aws:execute-api:*":          true,
		"arn:aws:execute-api:*:a1b2c3/*": false,
		"arn:aws:execute-api:us-east-1":  false,
	} {
		p := mustCompile(t, AuthorizerPolicy, `{"Statement":{"Effect":"Allow","Action":"EXECUTE-API:in*","Resource":"`+pattern+`"}}`)
		req := &Request{Action: ActionInvoke, Resource: resource}
		if got := EvaluateInvoke(req, &InvokePolicies{Authorization: AuthorizationLambda, Authorizer: p}); got.Allowed() != want {
			t.Errorf("%s: %v", pattern, got.Allowed())
		}
	}
	crafted := &Request{Action: ActionInvoke, Resource: "arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/:444455556666:x/prod/GET/"}
	p := mustCompile(t, AuthorizerPolicy, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:execute-api:*:444455556666:x/*"}}`)
	if EvaluateInvoke(crafted, &InvokePolicies{Authorization: AuthorizationLambda, Authorizer: p}).Allowed() {
		t.Error("a path passed for an account")
	}
}

func TestMessages(t *testing.T) {
	req := &Request{Action: ActionInvoke, Resource: apiResource}
	signed := &Request{Principal: people["role-session"], Action: ActionInvoke, Resource: apiResource}
	control := &Request{Principal: people["user"], Action: "apigateway:GET", Resource: "arn:aws:apigateway:us-east-1::/restapis"}
	got := []string{
		InvokeDeniedMessage(req, implicitDeny(ResourceBased)),
		InvokeDeniedMessage(req, implicitDeny(Authorizer)),
		InvokeDeniedMessage(req, Decision{Outcome: ExplicitDeny, By: Authorizer}),
		InvokeDeniedMessage(signed, implicitDeny(IdentityBased)),
		AccessDeniedMessage(control, implicitDeny(IdentityBased)),
		AccessDeniedMessage(control, Decision{Outcome: ExplicitDeny, By: ResourceBased}),
		AccessDeniedMessage(&Request{Principal: people["root"], Action: "a:B", Resource: "*"}, implicitDeny(Boundary)),
	}
	const anonymous = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:a1b2c3/prod/GET/pets"
	want := []string{
		anonymous + " because no resource-based policy allows the execute-api:Invoke action",
		"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action",
		"User is not authorized to access this resource with an explicit deny in an identity-based policy",
		"User: arn:aws:sts::111122223333:assumed-role/caller/one is not authorized to perform: execute-api:Invoke on resource: " +
			"arn:aws:execute-api:us-east-1:********3333:a1b2c3/prod/GET/pets because no identity-based policy allows the execute-api:Invoke action",
		"User: arn:aws:iam::111122223333:user/team/alice is not authorized to perform: apigateway:GET on resource: " +
			"arn:aws:apigateway:us-east-1::/restapis because no identity-based policy allows the apigateway:GET action",
		"User: arn:aws:iam::111122223333:user/team/alice is not authorized to perform: apigateway:GET on resource: " +
			"arn:aws:apigateway:us-east-1::/restapis with an explicit deny in a resource-based policy",
		"User: arn:aws:iam::111122223333:root is not authorized to perform: a:B because no permissions boundary allows the a:B action",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

const functionARN = "arn:aws:lambda:us-east-1:111122223333:function:orders"

func functionPolicy(t testing.TB, conditions string) *Policy {
	return mustCompile(t, FunctionPolicy, `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"apigw-test","Effect":"Allow",`+
		`"Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"`+functionARN+`","Condition":{`+conditions+`}}]}`)
}

func TestEvaluateFunctionCall(t *testing.T) {
	call := FunctionCall{FunctionARN: functionARN, SourceARN: testApi.Method("prod", "GET", "/orders")}
	for conditions, want := range map[string]string{
		``: "",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*/GET/orders"}`:  "",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*"}`:             "",
		`"StringEquals":{"AWS:SourceAccount":"111122223333"}`:                                           "",
		`"StringEquals":{"AWS:SourceAccount":"444455556666"}`:                                           "-",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/test/*/*"}`:      "stage",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*/POST/orders"}`: "method",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*/GET/order"}`:   "path",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:zzzzzz/*"}`:             "api",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:444455556666:a1b2c3/*/GET/orders"}`:  "account",
		`"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/*/GET/orders"}`:  "region",
	} {
		policy := functionPolicy(t, conditions)
		got := EvaluateFunctionCall(call, policy)
		if got.Allowed() != (want == "") {
			t.Errorf("%s: %s", conditions, got.Outcome)
		}
		if want == "" {
			continue
		}
		e := Explain(call.Request(), &Policies{Resource: policy}, got)
		if e.Nearest == nil || e.Nearest.Component != strings.Trim(want, "-") || e.Nearest.Failed != ConditionPart || e.Nearest.Sid != "apigw-test" {
			t.Errorf("%s: explained as %s", conditions, e)
		}
	}
	if got := EvaluateFunctionCall(call, nil); got.Allowed() || got.By != ResourceBased {
		t.Errorf("without a policy: %+v", got)
	}
}

// A call under credentials: a role that API Gateway assumed, or the caller's own. In the
// function's account the role's policies are enough; between accounts the function's policy
// must name the role or its account too.
func TestEvaluate_functionCallAs(t *testing.T) {
	allow := mustCompile(t, IdentityPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}}`)
	own := PrincipalPolicies{Identity: list(allow)}
	foreign := strings.Replace(functionARN, account, otherAccount, 1)
	shared := mustCompile(t, FunctionPolicy, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"lambda:InvokeFunction","Resource":"`+foreign+`"}}`)
	for _, test := range []struct {
		function string
		policies Policies
		want     bool
	}{
		{functionARN, Policies{PrincipalPolicies: own}, true},
		{functionARN, Policies{}, false},
		{foreign, Policies{PrincipalPolicies: own}, false},
		{foreign, Policies{PrincipalPolicies: own, Resource: shared}, true},
		{foreign, Policies{Resource: shared}, false},
	} {
		request := &Request{Principal: people["role-session"], Action: ActionInvokeFunction, Resource: test.function}
		if got := Evaluate(request, &test.policies); got.Allowed() != test.want {
			t.Errorf("%s: %s by %s", test.function, got.Outcome, got.By)
		}
	}
}

func TestExplain(t *testing.T) {
	p := mustCompile(t, ApiPolicy, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":"*","Action":"execute-api:ManageConnections","Resource":"*"},
		{"Sid":"inside","Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}},
		{"Sid":"named","Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*"}]}`)
	req := &Request{Action: ActionInvoke, Resource: apiResource, Context: Context{{Key: "aws:SourceIp", Value: "172.18.0.1"}}}
	policies := &Policies{Resource: p}
	got := Explain(req, policies, Evaluate(req, policies)).String()
	const want = `implicit deny: no resource-based policy allows; nearest is statement "inside": condition aws:SourceIp IpAddress [10.0.0.0/8], and the request has 172.18.0.1`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	req = &Request{Principal: people["other-user"], Action: ActionInvoke, Resource: apiResource}
	d := Evaluate(req, policies)
	if got := Explain(req, policies, d).String(); got != `explicit deny by resource-based policy test, statement 3 "named"` || d.sid() != "named" {
		t.Errorf("got %s", got)
	}
	// What a cached policy of a Lambda authorizer allows, and what was called.
	authorizer := mustCompile(t, AuthorizerPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"`+testApi.Method("prod", "GET", "/orders/1")+`"}]}`)
	req = &Request{Action: ActionInvoke, Resource: testApi.Method("prod", "GET", "/orders/2")}
	invoke := &InvokePolicies{Authorization: AuthorizationLambda, Authorizer: authorizer}
	e := ExplainInvoke(req, invoke, EvaluateInvoke(req, invoke))
	if e.Nearest == nil || e.Nearest.Failed != ResourcePart || e.Nearest.Component != "path" {
		t.Errorf("explained as %s", e)
	}
}

func TestIDs(t *testing.T) {
	random := bytes.NewReader(bytes.Repeat([]byte{0, 1, 31, 32, 255}, 40))
	key, err := NewID(AccessKeyPrefix, random)
	if err != nil || len(key) != 20 || !strings.HasPrefix(key, "AKIAAB7A7AB7") {
		t.Errorf("access key id %q, %v", key, err)
	}
	user, err := NewID(UserPrefix, random)
	if err != nil || len(user) != 21 {
		t.Errorf("user id %q, %v", user, err)
	}
	secret, err := NewSecret(random)
	if err != nil || len(secret) != 40 {
		t.Errorf("secret of %d characters, %v", len(secret), err)
	}
	if _, err := NewID(RolePrefix, bytes.NewReader(nil)); err == nil {
		t.Error("made an id of nothing")
	}
	if size := PolicySize([]byte("{ \"a\":\n\t1 }\r\n")); size != 7 {
		t.Errorf("size %d", size)
	}
}

// oneKey shows that Keys is as small as a test needs.
type oneKey struct{ key AccessKey }

func (k oneKey) AccessKey(_ context.Context, id string) (AccessKey, bool) {
	return k.key, id == k.key.ID
}

var _ Keys = oneKey{}
