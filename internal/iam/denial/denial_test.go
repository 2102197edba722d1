package denial

import (
	"strings"
	"testing"

	"gatehouse/internal/iam"
)

func compile(t *testing.T, document string, kind iam.Kind) *iam.Policy {
	t.Helper()
	policy, err := iam.Compile([]byte(document), kind, "the policy")
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

// Source: ours. What another account's policy says is not the caller's to see.
func TestFault(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/r"
	trust := compile(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:user/secretive"},"Action":"sts:AssumeRole"}]}`, iam.TrustPolicy)
	everything := compile(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, iam.IdentityPolicy)
	boundary := compile(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`, iam.IdentityPolicy)
	user := func(account string) *iam.Principal {
		return &iam.Principal{Type: iam.User, Account: account, ARN: "arn:aws:iam::" + account + ":user/u", UserName: "u"}
	}
	session := &iam.Principal{Type: iam.AssumedRole, Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/r/s", SessionOf: "arn:aws:iam::111122223333:role/path/r"}
	for _, test := range []struct {
		name                    string
		request                 iam.Request
		policies                iam.Policies
		found, nearest, fix, do string
	}{
		{"trust policy", iam.Request{Principal: user("111122223333"), Action: "sts:AssumeRole", Resource: role}, iam.Policies{Resource: trust, ResourceMustAllow: true},
			"implicit deny", "secretive", "The role's trust policy must allow", ""},
		{"another account's trust policy", iam.Request{Principal: user("777788889999"), Action: "sts:AssumeRole", Resource: role}, iam.Policies{Resource: trust, ResourceMustAllow: true, PrincipalPolicies: iam.PrincipalPolicies{Identity: []*iam.Policy{everything}}},
			"the policy of account 111122223333 does not let the caller in", "", "The role's trust policy must allow", ""},
		{"a session", iam.Request{Principal: session, Action: "logs:GetLogEvents", Resource: "arn:aws:logs:us-east-1:111122223333:log-group:g"}, iam.Policies{},
			"there is no statement in the caller's policies", "", "a policy that allows the action", "aws iam put-role-policy --role-name r --policy-name allow-logs-GetLogEvents-"},
		{"a boundary", iam.Request{Principal: user("111122223333"), Action: "logs:GetLogEvents", Resource: "arn:aws:logs:us-east-1:111122223333:log-group:g"},
			iam.Policies{PrincipalPolicies: iam.PrincipalPolicies{Identity: []*iam.Policy{everything}, Boundary: boundary}}, "the permissions boundary", "action [s3:*]", "permissions boundary", ""},
	} {
		decision := iam.Evaluate(&test.request, &test.policies)
		refused := Denial{Request: &test.request, Policies: &test.policies, Decision: decision}
		f := refused.Fault()
		if decision.Allowed() || !strings.Contains(f.Found, test.found) || !strings.Contains(f.Nearest, test.nearest) || (f.Nearest == "") != (test.nearest == "") ||
			!strings.Contains(f.Fix, test.fix) || !strings.HasPrefix(f.Command, test.do) {
			t.Errorf("%s: %v, command %q", test.name, f, f.Command)
		}
	}
}
