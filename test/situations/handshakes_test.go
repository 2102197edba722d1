package situations

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// handshakeSituations are WebSocket clients that $connect's authorization refuses, and
// clients of routes of HTTP APIs with AWS_IAM.
func handshakeSituations() []situation {
	const in = http.StatusSwitchingProtocols
	return []situation{
		{
			name: "E7 WebSocket identity source missing", errorId: "GH-A101", status: http.StatusUnauthorized, fixed: in, sends: true,
			arrange: func(w *world) *request {
				w.authorizedChat(allowing(`"*"`))
				w.permitAuthorizer()
				return handshake("/prod", nil)
			},
			says:   []string{"absent: route.request.querystring.token", "the authorizer was not called", `/prod?token=$TOKEN"`, "Upgrade: websocket"},
			before: func(w *world) { w.setenv("TOKEN", "a-token") },
		},
		{
			name: "E7 WebSocket function says Unauthorized", errorId: "GH-A102", status: http.StatusUnauthorized, fixed: in, sends: true,
			arrange: func(w *world) *request {
				w.authorizedChat("if event['queryStringParameters']['token'] != 'good':\n    raise Exception('Unauthorized')\n" + allowing(`"*"`))
				w.permitAuthorizer()
				return handshake("/prod?token=bad", nil)
			},
			says:   []string{"the function threw: Unauthorized", "$TOKEN"},
			before: func(w *world) { w.setenv("TOKEN", "good") },
		},
		{
			name: "E6 WebSocket explicit deny", errorId: "GH-A203", status: http.StatusForbidden, fixed: in,
			arrange: func(w *world) *request {
				w.authorizedChat(policyCode("Deny", `"*"`))
				w.permitAuthorizer()
				return handshake("/prod?token=a", nil)
			},
			says:   []string{"explicit deny", ":{api}/prod/$connect", "update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E6 WebSocket policy allows another route", errorId: "GH-A201", status: http.StatusForbidden, fixed: in,
			arrange: func(w *world) *request {
				w.authorizedChat(allowing(`event["methodArn"].replace("$connect", "other")`))
				w.permitAuthorizer()
				return handshake("/prod?token=a", nil)
			},
			says:   []string{"implicit deny", "allows execute-api:Invoke on arn:aws:execute-api:us-east-1:{account}:{api}/prod/$connect", "update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E8 WebSocket authorizer threw", errorId: "GH-A302", status: http.StatusInternalServerError, fixed: in,
			arrange: func(w *world) *request {
				w.authorizedChat(`raise Exception("boom")`)
				w.permitAuthorizer()
				return handshake("/prod?token=a", nil)
			},
			says:   []string{"the function threw: boom", "update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E8 WebSocket authorizer's answer is no policy", errorId: "GH-A301", status: http.StatusInternalServerError, fixed: in,
			arrange: func(w *world) *request {
				w.authorizedChat(`return {"hello": "world"}`)
				w.permitAuthorizer()
				return handshake("/prod?token=a", nil)
			},
			says:   []string{"policyDocument", "update-function-code --function-name authorize"},
			before: newCode(allowing(`"*"`)),
		},
		{
			name: "E8 WebSocket authorizer may not be invoked", errorId: "GH-A303", status: http.StatusInternalServerError, fixed: in,
			arrange: func(w *world) *request {
				w.authorizedChat(allowing(`"*"`))
				return handshake("/prod?token=a", nil)
			},
			says: []string{"/authorizers/", "aws lambda add-permission --function-name authorize"},
		},
		{
			name: "E15 WebSocket not signed", errorId: "GH-A402", status: http.StatusForbidden, fixed: in, sends: true,
			arrange: func(w *world) *request {
				w.signedChat(true)
				return handshake("/prod", nil)
			},
			says: []string{"service execute-api in region us-east-1", "--aws-sigv4 aws:amz:us-east-1:execute-api", "Upgrade: websocket"},
		},
		{
			name: "E15 WebSocket wrong signature", errorId: "GH-A401", status: http.StatusForbidden, fixed: in, sends: true,
			arrange: func(w *world) *request {
				w.signedChat(true)
				sent := w.sdkSigned(&signing{path: "/", secret: func(string) string { return "another" }})
				return handshake("/prod", sent.header)
			},
			says: []string{"another secret signed", "compare GET /prod", "--aws-sigv4 aws:amz:us-east-1:execute-api"},
		},
		{
			name: "E15 WebSocket path changed on the way", errorId: "GH-A401", status: http.StatusForbidden, fixed: in, sends: true,
			arrange: func(w *world) *request {
				w.signedChat(true)
				return handshake("/prod", w.sdkSigned(&signing{path: "/"}).header)
			},
			says: []string{"the path arrived with /prod in front", "line 2 path: client /, server /prod"},
		},
		{
			name: "E15 WebSocket not allowed", errorId: "GH-A406", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.signedChat(false)
				return handshake("/prod", w.sdkSigned(&signing{path: "/prod"}).header)
			},
			says:   []string{"implicit deny", "put-user-policy --user-name caller", ":{account}:{api}/prod/$connect"},
			before: asAccount,
			passes: func(w *world, _ string) {
				w.reaches(handshake("/prod", w.sdkSigned(&signing{path: "/prod"}).header), in)
			},
		},
		{
			name: "HTTP API AWS_IAM not signed", errorId: "GH-A402", status: http.StatusForbidden, sends: true,
			arrange: func(w *world) *request {
				w.iamRoute(true)
				return &request{path: "/prod/orders"}
			},
			says: []string{"service execute-api in region us-east-1", "--aws-sigv4 aws:amz:us-east-1:execute-api"},
		},
		{
			name: "HTTP API AWS_IAM wrong signature", errorId: "GH-A401", status: http.StatusForbidden, sends: true,
			arrange: func(w *world) *request {
				w.iamRoute(true)
				return w.sdkSigned(&signing{path: "/prod/orders", secret: func(string) string { return "another" }})
			},
			says: []string{"another secret signed", "compare GET /prod/orders"},
		},
		{
			name: "HTTP API AWS_IAM not allowed", errorId: "GH-A406", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamRoute(false)
				return w.sdkSigned(&signing{path: "/prod/orders"})
			},
			says:   []string{"implicit deny", "put-user-policy --user-name caller", ":{account}:{api}/prod/GET/orders"},
			before: asAccount,
			passes: func(w *world, _ string) { w.reaches(w.sdkSigned(&signing{path: "/prod/orders"}), http.StatusOK) },
		},
		{
			name: "HTTP API AWS_IAM of another account", errorId: "GH-A406", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamRoute(true)
				w.other = fmt.Sprint(100000000000 + accounts.Add(1))
				w.caller(w.other, true)
				return w.sdkSigned(&signing{path: "/prod/orders"})
			},
			says: []string{
				"the caller is of account {other}, the API of {account}", "no resource policy", "create-role --role-name invoke-{api}",
				"aws sts assume-role --role-arn arn:aws:iam::{account}:role/invoke-{api}",
			},
			before: asAccount,
			passes: func(w *world, _ string) {
				w.assume("arn:aws:iam::" + w.account + ":role/invoke-" + w.apiId)
				w.reaches(w.sdkSigned(&signing{path: "/prod/orders"}), http.StatusOK)
			},
		},
	}
}

// handshake is a WebSocket client's, with headers of a signature.
func handshake(path string, header map[string]string) *request {
	sent := &request{path: path, header: map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
	}}
	for name, value := range header {
		sent.header[name] = value
	}
	return sent
}

// asAccount runs the commands with the API's own account.
func asAccount(w *world) {
	w.setenv("AWS_ACCESS_KEY_ID", w.account)
	w.setenv("AWS_SECRET_ACCESS_KEY", "test")
}

func (w *world) reaches(sent *request, want int) {
	w.t.Helper()
	if got := w.send(sent); got.statusCode != want {
		w.t.Errorf("after the fix: %d %s", got.statusCode, got.body)
	}
}

// connectable makes a WebSocket API whose $connect, which has no integration, is authorized so.
func (w *world) connectable(route *apigatewayv2.CreateRouteInput) {
	w.t.Helper()
	route.ApiId, route.RouteKey = &w.apiId, aws.String("$connect")
	must(w.http.CreateRoute(w.ctx(), route))(w)
	made := must(w.http.CreateDeployment(w.ctx(), &apigatewayv2.CreateDeploymentInput{ApiId: &w.apiId}))(w)
	must(w.http.CreateStage(w.ctx(), &apigatewayv2.CreateStageInput{ApiId: &w.apiId, StageName: aws.String("prod"), DeploymentId: made.DeploymentId}))(w)
}

func (w *world) webSocketApi() {
	w.t.Helper()
	w.apiId = *must(w.http.CreateApi(w.ctx(), &apigatewayv2.CreateApiInput{
		Name: aws.String("chat"), ProtocolType: types.ProtocolTypeWebsocket, RouteSelectionExpression: aws.String("$request.body.action"),
	}))(w).ApiId
}

// authorizedChat lets a function authorize clients by the parameter token.
func (w *world) authorizedChat(code string) {
	w.t.Helper()
	w.webSocketApi()
	w.forbiddenFunction(w.lambda, "authorize", code)
	made := must(w.http.CreateAuthorizer(w.ctx(), &apigatewayv2.CreateAuthorizerInput{
		ApiId: &w.apiId, Name: aws.String("a"), AuthorizerType: types.AuthorizerTypeRequest, AuthorizerUri: proxyOf(w.functionArn(w.account, "authorize")).Uri,
		IdentitySource: []string{"route.request.querystring.token"},
	}))(w)
	w.connectable(&apigatewayv2.CreateRouteInput{AuthorizationType: types.AuthorizationTypeCustom, AuthorizerId: made.AuthorizerId})
}

// signedChat lets clients in that sign, and makes the user of iamOrders.
func (w *world) signedChat(allowed bool) {
	w.t.Helper()
	w.iamOrders(allowed)
	w.webSocketApi()
	w.connectable(&apigatewayv2.CreateRouteInput{AuthorizationType: types.AuthorizationTypeAwsIam})
}

// iamRoute makes GET /orders of an HTTP API with AWS_IAM, and the user of iamOrders.
func (w *world) iamRoute(allowed bool) {
	w.t.Helper()
	w.iamOrders(allowed)
	w.function("orders", `return {"statusCode": 200, "body": "[]"}`)
	w.apiId = *must(w.http.CreateApi(w.ctx(), &apigatewayv2.CreateApiInput{Name: aws.String("orders"), ProtocolType: types.ProtocolTypeHttp}))(w).ApiId
	integration := must(w.http.CreateIntegration(w.ctx(), &apigatewayv2.CreateIntegrationInput{
		ApiId: &w.apiId, IntegrationType: types.IntegrationTypeAwsProxy, PayloadFormatVersion: aws.String("2.0"),
		IntegrationUri: aws.String(w.functionArn(w.account, "orders")),
	}))(w)
	must(w.http.CreateRoute(w.ctx(), &apigatewayv2.CreateRouteInput{
		ApiId: &w.apiId, RouteKey: aws.String("GET /orders"), Target: aws.String("integrations/" + *integration.IntegrationId), AuthorizationType: types.AuthorizationTypeAwsIam,
	}))(w)
	must(w.http.CreateStage(w.ctx(), &apigatewayv2.CreateStageInput{ApiId: &w.apiId, StageName: aws.String("prod"), AutoDeploy: aws.Bool(true)}))(w)
}

// assume replaces the user's key by a session of a role.
func (w *world) assume(roleArn string) {
	w.t.Helper()
	id, secret, _ := strings.Cut(w.user, ":")
	session := must(sts.NewFromConfig(w.clientsOfKey(id, secret)).AssumeRole(w.ctx(), &sts.AssumeRoleInput{RoleArn: &roleArn, RoleSessionName: aws.String("caller")}))(w)
	w.user, w.token = *session.Credentials.AccessKeyId+":"+*session.Credentials.SecretAccessKey, *session.Credentials.SessionToken
}
