package iam

import (
	"strings"
	"testing"
	"time"
)

func TestEvaluate_assumeRole(t *testing.T) {
	by := map[string]PolicyType{"identity": IdentityBased, "resource": ResourceBased, "boundary": Boundary, "session": SessionBased}
	for _, line := range rows(t, "assume-role.txt") {
		t.Run(strings.Join(strings.Fields(line), " "), func(t *testing.T) {
			f := strings.Fields(line)
			got := Evaluate(&Request{Principal: people[f[0]], Action: ActionInvoke, Resource: apiResource}, &Policies{
				Resource: resourcePolicy(t, f[1]), ResourceMustAllow: true, PrincipalPolicies: PrincipalPolicies{
					Identity: list(identityPolicy(t, f[2])), Boundary: identityPolicy(t, f[3]), Session: list(identityPolicy(t, f[4])),
				},
			})
			want := map[string]Outcome{"allow": Allowed, "implicit": ImplicitDeny, "explicit": ExplicitDeny}[f[5]]
			if got.Outcome != want || len(f) > 6 && got.By != by[f[6]] {
				t.Errorf("got %v by %v", got.Outcome, got.By)
			}
		})
	}
}

func TestPrincipalKeys(t *testing.T) {
	session := *people["role-session"]
	session.TokenIssued = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	session.SourceIdentity, session.FederatedProvider = "alice", "arn:aws:iam::111122223333:oidc-provider/i.org"
	who := map[string]*Principal{"user": people["user"], "session": &session, "service": people["service"], "anonymous": nil}
	for _, line := range rows(t, "principal-keys.txt") {
		f := strings.Fields(line)
		policy := mustCompile(t, ApiPolicy, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*","Condition":{"`+
			f[1]+`":{"`+f[2]+`":"`+f[3]+`"}}}]}`)
		got := Evaluate(&Request{Principal: who[f[0]], Action: ActionInvoke, Resource: apiResource}, &Policies{Resource: policy})
		if got.Allowed() != (f[4] == "true") {
			t.Errorf("%s: holds: %v", line, got.Allowed())
		}
	}
}
