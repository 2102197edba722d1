package situations

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// accountSituations are functions of another account than the API's.
func accountSituations() []situation {
	return []situation{
		{
			name: "E25 function of another account", errorId: "GH-L111", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", proxyOf(w.otherFunction("orders", goodAnswer)))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says:   []string{"API in account {account}, function in {other}", "run the command with credentials of account {other}", "add-permission --function-name arn:aws:lambda:us-east-1:{other}:function:orders", "{api}/prod/GET/"},
			before: (*world).asOther,
		},
		{
			name: "E25 authorizer of another account", errorId: "GH-L112", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.authorizedBy(w.otherFunction("authorize", allowing(`"*"`)))
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"API in account {account}, function in {other}", "{api}/authorizers/"},
			before: (*world).asOther,
		},
		{
			name: "E25 role may not invoke the function", errorId: "GH-L101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				must(w.iam.CreateRole(w.ctx(), &iam.CreateRoleInput{RoleName: new("invoker"), AssumeRolePolicyDocument: new(
					`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)}))(w)
				w.restApi()
				w.forbiddenFunction(w.lambda, "orders", goodAnswer)
				in := w.proxy("orders")
				in.Credentials = new("arn:aws:iam::" + w.account + ":role/invoker")
				w.method(w.root, "GET", in)
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"the role invoker's own policies", "put-role-policy --role-name invoker"},
		},
		roleSituation("E25 role does not exist", "", "the role invoker, which does not exist", "there is no role", "create-role --role-name invoker"),
		roleSituation("E25 role trusts another service", "ec2.amazonaws.com", "does not let API Gateway assume it", "principal [ec2.amazonaws.com]", "update-assume-role-policy --role-name invoker"),
		{
			name: "E25 caller of another account", errorId: "GH-A501", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.other = "9" + w.account[1:]
				w.caller(w.other, true)
				account, secret := w.account, w.user
				w.restApi()
				orders := w.resource(w.root, "orders")
				w.authorized(orders, apigateway.PutMethodInput{HttpMethod: new("GET"), AuthorizationType: new("AWS_IAM")}, mock(), "200")
				w.answer(orders, "GET", "200", "")
				w.deploy()
				w.account = account
				return w.signed("aws:amz:us-east-1:execute-api", secret)
			},
			says:   []string{"no resource-based policy", "to arn:aws:iam::{other}:user/caller", `"Principal\":{\"AWS\":\"arn:aws:iam::{other}:user/caller\"}`},
			before: (*world).asAccount,
		},
		{
			name: "E25 HTTP API", errorId: "GH-L111", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.otherFunction("orders", goodAnswer)
				account := w.account
				w.account = w.other
				defer func() { w.account = account }()
				return w.functionRoute("orders", "2.0")
			},
			says:   []string{"API in account {account}, function in {other}", "{api}/$default/GET/pets"},
			before: (*world).asOther,
		},
	}
}

// otherFunction makes a function in the world's other account and returns its ARN.
func (w *world) otherFunction(name, code string) string {
	w.t.Helper()
	w.other = "9" + w.account[1:]
	w.forbiddenFunction(lambda.NewFromConfig(w.clientsOf(w.other)), name, code)
	return w.functionArn(w.other, name)
}

// asOther gives the commands credentials of the other account.
func (w *world) asOther() { w.setenv("AWS_ACCESS_KEY_ID", w.other) }

// roleSituation is an integration that invokes as the role invoker; trusted is the service
// that may assume it, empty for no role at all.
func roleSituation(name, trusted string, says ...string) situation {
	return situation{
		name: name, errorId: "GH-L101", status: http.StatusInternalServerError, says: says,
		arrange: func(w *world) *request {
			if trusted != "" {
				must(w.iam.CreateRole(w.ctx(), &iam.CreateRoleInput{RoleName: new("invoker"), AssumeRolePolicyDocument: new(
					`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + trusted + `"},"Action":"sts:AssumeRole"}]}`)}))(w)
			}
			w.restApi()
			w.forbiddenFunction(w.lambda, "orders", goodAnswer)
			in := w.proxy("orders")
			in.Credentials = new("arn:aws:iam::" + w.account + ":role/invoker")
			w.method(w.root, "GET", in)
			w.deploy()
			return &request{path: "/prod/"}
		},
	}
}
