package situations

import (
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// authorizationSituations are clients that an authorizer, IAM or a resource policy
// refuses.
func authorizationSituations() []situation {
	return []situation{
		{
			name: "E6 cached policy", errorId: "GH-A202", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`event["methodArn"]`))
				w.permitAuthorizer()
				w.send(&request{path: "/prod/orders/1", header: token})
				return &request{path: "/prod/orders/2", header: token}
			},
			says: []string{"the authorizer was not called", "authorizerResultTtlInSeconds", "update-authorizer --rest-api-id {api}"},
		},
		{
			name: "E6 explicit deny", errorId: "GH-A203", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.authorizedOrders(policyCode("Deny", `"*"`))
				w.permitAuthorizer()
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"explicit deny", "update-function-code --function-name authorize", "flush-stage-authorizers-cache"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E6 policy allows another method", errorId: "GH-A201", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`event["methodArn"].replace("GET", "POST")`))
				w.permitAuthorizer()
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"implicit deny", "{api}/prod/GET/orders/*", "update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E7 identity source missing", errorId: "GH-A101", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				w.permitAuthorizer()
				return &request{path: "/prod/orders/1"}
			},
			says:   []string{"absent: method.request.header.Authorization", "the authorizer was not called", `-H "Authorization: $TOKEN"`},
			before: func(w *world) { w.setenv("TOKEN", "a-token") }, sends: true,
		},
		{
			name: "E7 function says Unauthorized", errorId: "GH-A102", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.authorizedOrders("if event['authorizationToken'] != 'good':\n    raise Exception('Unauthorized')\n" + allowing(`"*"`))
				w.permitAuthorizer()
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"the function threw: Unauthorized", "$TOKEN"},
			before: func(w *world) { w.setenv("TOKEN", "good") }, sends: true,
		},
		{
			name: "E7 token fails its expression", errorId: "GH-A101", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				w.permitAuthorizer()
				w.patchAuthorizer("/identityValidationExpression", "^good-.*$")
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"identityValidationExpression ^good-.*$", "the authorizer was not called", `-H "Authorization: $TOKEN"`},
			before: func(w *world) { w.setenv("TOKEN", "good-token") }, sends: true,
		},
		{
			name: "E7 one of several sources missing", errorId: "GH-A101", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				w.permitAuthorizer()
				w.patchAuthorizer("/type", "REQUEST")
				w.patchAuthorizer("/identitySource", "method.request.header.Authorization,method.request.querystring.tenant")
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"absent: method.request.querystring.tenant", "?tenant=$QUERY_TENANT"},
			before: func(w *world) { w.setenv("HEADER_AUTHORIZATION", "a"); w.setenv("QUERY_TENANT", "b") }, sends: true,
		},
		{
			name: "E8 answer has no policy", errorId: "GH-A301", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.authorizedOrders(`return {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Permit"}]}}`)
				w.permitAuthorizer()
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E8 authorizer may not be invoked", errorId: "GH-A303", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				return &request{path: "/prod/orders/1", header: token}
			},
			says: []string{"/authorizers/", "aws lambda add-permission --function-name authorize"},
		},
		{
			name: "E8 authorizer threw", errorId: "GH-A302", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.authorizedOrders(`raise Exception("Unauthorised")`)
				w.permitAuthorizer()
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"the function threw: Unauthorised", "whose text is exactly Unauthorized", "update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E8 context is no scalar", errorId: "GH-A301", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.authorizedOrders(`return {"principalId": "p", "context": {"roles": ["a"]}, "policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}}`)
				w.permitAuthorizer()
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"context.roles", "strings, numbers and booleans", "update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E15 not signed", errorId: "GH-A402", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamOrders(true)
				return &request{path: "/prod/orders"}
			},
			says: []string{"service execute-api in region us-east-1", "--aws-sigv4 aws:amz:us-east-1:execute-api"}, sends: true,
		},
		badSignature("E15 another service", "GH-A401", "aws:amz:us-east-1:lambda", "service execute-api"),
		badSignature("E15 another region", "GH-A401", "aws:amz:eu-west-1:execute-api", "region us-east-1"),
		skewedClock("E15 clock is behind", -30*time.Minute, "skew 30m"),
		skewedClock("E15 clock is ahead", 30*time.Minute, "skew -"),
		{
			name: "E15 not a signature", errorId: "GH-A405", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamOrders(true)
				return &request{path: "/prod/orders", header: map[string]string{"Authorization": "Bearer abc"}}
			},
			says: []string{"--aws-sigv4 aws:amz:us-east-1:execute-api"}, sends: true,
		},
		{
			name: "E15 inactive access key", errorId: "GH-A403", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamOrders(true)
				id, _, _ := strings.Cut(w.user, ":")
				must(w.iam.UpdateAccessKey(w.ctx(), &iam.UpdateAccessKeyInput{AccessKeyId: &id, UserName: aws.String("caller"), Status: iamtypes.StatusTypeInactive}))(w)
				return w.signed("aws:amz:us-east-1:execute-api", w.user)
			},
			says: []string{"of user caller exists and is inactive", "aws iam update-access-key --user-name caller --status Active"}, before: asAccount,
		},
		{
			name: "E15 unknown access key", errorId: "GH-A403", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamOrders(true)
				return w.signed("aws:amz:us-east-1:execute-api", "AKIAUNKNOWN000000000:secret")
			},
			says: []string{"an access key that exists here and is active"}, sends: true,
		},
		{
			name: "E15 not allowed", errorId: "GH-A406", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamOrders(false)
				return w.signed("aws:amz:us-east-1:execute-api", w.user)
			},
			says:   []string{"implicit deny", "put-user-policy --user-name caller", "execute-api:Invoke", "{api}/prod/GET/orders"},
			before: asAccount,
			passes: func(w *world, _ string) {
				if got := w.send(w.signed("aws:amz:us-east-1:execute-api", w.user)); got.statusCode != http.StatusOK {
					w.t.Errorf("after the fix: %d %s", got.statusCode, got.body)
				}
			},
		},
		{
			name: "E16 explicit deny of all but some addresses", errorId: "GH-A502", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.patchApi("/policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"},`+
					`{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}}]}`)
				w.deploy()
				return &request{path: "/prod/", header: map[string]string{"X-Forwarded-For": "10.1.2.3"}}
			},
			says: []string{"explicit deny", `[\"10.0.0.0/8\",\"127.0.0.1\"]`, "X-Forwarded-For says 10.1.2.3, and 127.0.0.1 is no trusted proxy", "--trusted-proxy 127.0.0.1"},
		},
		{
			name: "E16 resource policy", errorId: "GH-A501", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.patchApi("/policy", resourcePolicy("Allow", `{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"aws:SourceIp", "10.0.0.0/8", "127.0.0.1", "update-rest-api", `{\"IpAddress\":{\"aws:SourceIp\":\"127.0.0.1\"}}`},
		},
	}
}

var token = map[string]string{"Authorization": "a-token"}

// allowing is an authorizer whose policy allows a resource, a Python expression.
func allowing(resource string) string { return policyCode("Allow", resource) }

func policyCode(effect, resource string) string {
	return `return {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "` + effect +
		`", "Action": "execute-api:Invoke", "Resource": ` + resource + `}]}}`
}

// authorizedOrders makes GET /orders/{id} behind a TOKEN authorizer whose grants are kept.
func (w *world) authorizedOrders(code string) {
	w.t.Helper()
	w.restApi()
	w.forbiddenFunction(w.lambda, "authorize", code)
	w.authorizedBy(w.functionArn(w.account, "authorize"))
}

func (w *world) authorizedBy(functionArn string) {
	w.t.Helper()
	made := must(w.rest.CreateAuthorizer(w.ctx(), &apigateway.CreateAuthorizerInput{
		RestApiId: &w.apiId, Name: aws.String("a"), Type: types.AuthorizerTypeToken, AuthorizerUri: proxyOf(functionArn).Uri,
		IdentitySource: aws.String("method.request.header.Authorization"), AuthorizerResultTtlInSeconds: aws.Int32(300),
	}))(w)
	id := w.resource(w.resource(w.root, "orders"), "{id}")
	w.authorized(id, apigateway.PutMethodInput{HttpMethod: aws.String("GET"), AuthorizationType: aws.String("CUSTOM"), AuthorizerId: made.Id}, mock(), "200")
	w.answer(id, "GET", "200", "")
	w.deploy()
}

// patchAuthorizer changes the authorizer of authorizedOrders and deploys.
func (w *world) patchAuthorizer(path, value string) {
	w.t.Helper()
	made := must(w.rest.GetAuthorizers(w.ctx(), &apigateway.GetAuthorizersInput{RestApiId: &w.apiId}))(w)
	must(w.rest.UpdateAuthorizer(w.ctx(), &apigateway.UpdateAuthorizerInput{
		RestApiId: &w.apiId, AuthorizerId: made.Items[0].Id, PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: &path, Value: &value}},
	}))(w)
	w.deploy()
}

// asAccount gives the commands the account's credentials, in place of the caller's.
func (w *world) asAccount() {
	w.setenv("AWS_ACCESS_KEY_ID", w.account)
	w.setenv("AWS_SECRET_ACCESS_KEY", "test")
}

func (w *world) permitAuthorizer() {
	w.t.Helper()
	w.permit("authorize", "", "/authorizers/*")
}

// caller makes a user whose key the commands have.
func (w *world) caller(account string, allowed bool) {
	w.t.Helper()
	client := iam.NewFromConfig(w.clientsOf(account))
	must(client.CreateUser(w.ctx(), &iam.CreateUserInput{UserName: aws.String("caller")}))(w)
	if allowed {
		must(client.PutUserPolicy(w.ctx(), &iam.PutUserPolicyInput{
			UserName: aws.String("caller"), PolicyName: aws.String("all"),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
		}))(w)
	}
	made := must(client.CreateAccessKey(w.ctx(), &iam.CreateAccessKeyInput{UserName: aws.String("caller")}))(w)
	w.user = *made.AccessKey.AccessKeyId + ":" + *made.AccessKey.SecretAccessKey
	w.setenv("AWS_ACCESS_KEY_ID", *made.AccessKey.AccessKeyId)
	w.setenv("AWS_SECRET_ACCESS_KEY", *made.AccessKey.SecretAccessKey)
}

// iamOrders makes GET /orders with AWS_IAM, and a user whose key the commands have.
func (w *world) iamOrders(allowed bool) {
	w.t.Helper()
	w.caller(w.account, allowed)
	w.restApi()
	orders := w.resource(w.root, "orders")
	w.authorized(orders, apigateway.PutMethodInput{HttpMethod: aws.String("GET"), AuthorizationType: aws.String("AWS_IAM")}, mock(), "200")
	w.answer(orders, "GET", "200", "")
	w.deploy()
}

// resourcePolicy has one statement for everybody.
func resourcePolicy(effect, condition string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Principal":"*","Action":"execute-api:Invoke","Resource":"*","Condition":` + condition + `}]}`
}

// badSignature is a request that is signed for another service or region.
func badSignature(name, errorId, signing string, says ...string) situation {
	return situation{
		name: name, errorId: errorId, status: http.StatusForbidden,
		arrange: func(w *world) *request {
			w.iamOrders(true)
			return w.signed(signing, w.user)
		},
		says: says, sends: true,
	}
}

// skewedClock is a request signed by a client whose clock is wrong. The command signs with
// the clock of the machine it runs on.
func skewedClock(name string, skew time.Duration, says ...string) situation {
	return situation{
		name: name, errorId: "GH-A401", status: http.StatusForbidden,
		arrange: func(w *world) *request {
			w.iamOrders(true)
			date := time.Now().UTC().Add(skew).Format("20060102T150405Z")
			return w.signed("aws:amz:us-east-1:execute-api -H 'X-Amz-Date: "+date+"'", w.user)
		},
		says: append(says, "clock"), sends: true,
	}
}

// signed is a request with the headers that curl signs it with.
func (w *world) signed(signing, user string) *request {
	w.t.Helper()
	printed := w.run("curl -s -v -o /dev/null --aws-sigv4 " + signing + " --user '" + user + "' http://" + w.host() + "/prod/orders 2>&1")
	header := map[string]string{}
	for line := range strings.Lines(printed) {
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "> "), ": ")
		if name == "Authorization" || name == "X-Amz-Date" {
			header[name] = value
		}
	}
	return &request{path: "/prod/orders", header: header}
}
