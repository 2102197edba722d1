package managed

import (
	"regexp"
	"testing"

	"gatehouse/internal/iam"
)

var idPattern = regexp.MustCompile(`^ANPA[A-Z2-7]{17}$`)

func TestEveryPolicyIsOne(t *testing.T) {
	ids := map[string]string{}
	for _, policy := range All() {
		if _, err := iam.Compile([]byte(policy.Document), iam.IdentityPolicy, policy.Name); err != nil {
			t.Errorf("%s: %v", policy.Name, err)
		}
		if found, ok := Find(policy.Arn()); !ok || found != policy {
			t.Errorf("%s is not found", policy.Arn())
		}
		if id := policy.Id(); !idPattern.MatchString(id) || ids[id] != "" {
			t.Errorf("%s: id %s, also of %q", policy.Name, id, ids[id])
		}
		ids[policy.Id()] = policy.Name
	}
}

func TestWhatPoliciesAllow(t *testing.T) {
	cases := []struct {
		arn, action, resource string
		want                  bool
	}{
		{"arn:aws:iam::aws:policy/AdministratorAccess", "iam:CreateUser", "*", true},
		{"arn:aws:iam::aws:policy/ReadOnlyAccess", "apigateway:GET", "arn:aws:apigateway:us-east-1::/restapis", true},
		{"arn:aws:iam::aws:policy/ReadOnlyAccess", "apigateway:POST", "arn:aws:apigateway:us-east-1::/restapis", false},
		{"arn:aws:iam::aws:policy/ReadOnlyAccess", "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:f", false},
		{"arn:aws:iam::aws:policy/PowerUserAccess", "iam:CreateUser", "*", false},
		{"arn:aws:iam::aws:policy/PowerUserAccess", "lambda:CreateFunction", "*", true},
		{"arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess", "execute-api:Invoke", "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/", true},
		{"arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess", "apigateway:GET", "arn:aws:apigateway:us-east-1::/restapis", false},
		{"arn:aws:iam::aws:policy/AmazonAPIGatewayAdministrator", "apigateway:DELETE", "arn:aws:apigateway:us-east-1::/restapis/abc", true},
		{"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:a:log-stream:b", true},
	}
	for _, c := range cases {
		policy, ok := Find(c.arn)
		if !ok {
			t.Fatalf("%s is not found", c.arn)
		}
		compiled, err := iam.Compile([]byte(policy.Document), iam.IdentityPolicy, policy.Name)
		if err != nil {
			t.Fatal(err)
		}
		decision := iam.Evaluate(&iam.Request{
			Principal: &iam.Principal{Type: iam.User, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/u"}, Action: c.action, Resource: c.resource,
		}, &iam.Policies{PrincipalPolicies: iam.PrincipalPolicies{Identity: []*iam.Policy{compiled}}})
		if decision.Allowed() != c.want {
			t.Errorf("%s: %s on %s: %v", policy.Name, c.action, c.resource, decision.Outcome)
		}
	}
}
