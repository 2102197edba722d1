package situations

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// settingSituations are what a setting names that is not there, or what a URL leaves out.
func settingSituations() []situation {
	return []situation{
		{
			name: "E1 host alone", errorId: "GH-R102", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "orders"), "GET")
				w.deploy()
				return &request{path: "/"}
			},
			says: []string{"the URL names no stage", "stages that exist: prod", "/prod/orders"}, sends: true,
		},
		{
			name: "E1 body with a wrong verb", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "orders"), "GET")
				w.deploy()
				return &request{method: "PUT", path: "/prod/orders", body: "{}"}
			},
			says: []string{"closest deployed: GET /orders", "-X GET"}, sends: true,
			before: func(w *world) { w.file("body", "{}") },
		},
		inLog("E5 in the execution log", "GH-R401", `return {"statusCode": 200, "body": "fine"}`,
			"Diagnosis GH-R401 cors: no such header in the backend's answer. Checked: the response's Access-Control-Allow-Origin for Origin https://app.example.com."),
		inLog("E24 in the execution log", "GH-B101", `return {"statusCode": 200, "headers": {"Content-Type": "image/png", "Access-Control-Allow-Origin": "*"}, "body": "aGVsbG8=", "isBase64Encoded": True}`,
			`Diagnosis GH-B101 base64-as-text: isBase64Encoded is true, and Accept "image/avif,*/*" matches none of [].`),
		{
			name: "HTTP stage without routes", errorId: "GH-R102", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.httpApi()
				return &request{path: "/pets"}
			},
			says:   []string{"stage $default exists and has no deployment", "the API has no routes", "$INTEGRATION"},
			before: func(w *world) { w.setenv("INTEGRATION", w.backend()) },
		},
		{
			name: "HTTP stage without a deployment", errorId: "GH-R102", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.emptyHttpApi(nil)
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				must(w.http.CreateStage(w.ctx(), &apigatewayv2.CreateStageInput{ApiId: &w.apiId, StageName: new("prod")}))(w)
				return &request{path: "/prod/pets"}
			},
			says: []string{"stage prod exists and has no deployment", "create-deployment --api-id {api} --stage-name prod"},
		},
		{
			name: "E3 stage variable names no function", errorId: "GH-L102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				w.method(w.root, "GET", w.proxy("${stageVariables.function}"))
				w.deploy()
				w.patchStage("/variables/function", "order")
				return &request{path: "/prod/"}
			},
			says: []string{"function:order; the stage variable function of stage prod names it", "did you mean orders?", "update-stage"},
		},
		{
			name: "E3 function deleted", errorId: "GH-L102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				sent := w.behind("orders", goodAnswer)
				must(w.lambda.DeleteFunction(w.ctx(), &lambda.DeleteFunctionInput{FunctionName: new("orders")}))(w)
				w.function("other", goodAnswer)
				return sent
			},
			says:   []string{"no function arn:aws:lambda:us-east-1:{account}:function:orders", "functions that exist: other", "create-function --function-name orders", "add-permission"},
			before: remade(goodAnswer),
		},
		{
			name: "E8 authorizer's function deleted", errorId: "GH-A303", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				must(w.lambda.DeleteFunction(w.ctx(), &lambda.DeleteFunctionInput{FunctionName: new("authorize")}))(w)
				return &request{path: "/prod/orders/1", header: token}
			},
			says:   []string{"the function does not exist", "create-function --function-name authorize", ":{api}/authorizers/"},
			before: remade(allowing(`"*"`)),
		},
		{
			name: "E2 no such handler", errorId: "GH-L202", status: http.StatusBadGateway,
			arrange: func(w *world) *request {
				sent := w.behind("orders", goodAnswer)
				must(w.lambda.UpdateFunctionConfiguration(w.ctx(), &lambda.UpdateFunctionConfigurationInput{FunctionName: new("orders"), Handler: new("index.other")}))(w)
				return sent
			},
			says:   []string{"Handler 'other' missing on module 'index'", "update-function-configuration --function-name orders"},
			before: func(w *world) { w.setenv("HANDLER", "index.handler") },
		},
		{
			name: "E7 stage variable as identity source", errorId: "GH-A101", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("authorize", allowing(`"*"`))
				made := must(w.rest.CreateAuthorizer(w.ctx(), &apigateway.CreateAuthorizerInput{
					RestApiId: &w.apiId, Name: new("a"), Type: types.AuthorizerTypeRequest, AuthorizerUri: proxyOf(w.functionArn(w.account, "authorize")).Uri,
					IdentitySource: new("stageVariables.tenant"),
				}))(w)
				w.authorized(w.root, apigateway.PutMethodInput{HttpMethod: new("GET"), AuthorizationType: new("CUSTOM"), AuthorizerId: made.Id}, mock(), "200")
				w.answer(w.root, "GET", "200", "")
				w.deploy()
				return &request{path: "/prod/"}
			},
			says:   []string{"absent: stageVariables.tenant", "which no client can send", "path=/variables/tenant"},
			before: func(w *world) { w.setenv("VALUE", "blue") },
		},
		{
			name: "E10 key source without an authorizer", errorId: "GH-T101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.authorized(w.root, apigateway.PutMethodInput{HttpMethod: new("GET"), AuthorizationType: new("NONE"), ApiKeyRequired: true}, mock(), "200")
				w.answer(w.root, "GET", "200", "")
				w.patchApi("/apiKeySource", "AUTHORIZER")
				w.deploy()
				w.key(true, w.plan(apigateway.CreateUsagePlanInput{}, "prod"))
				return &request{path: "/prod/", header: map[string]string{"x-api-key": keyValue}}
			},
			says: []string{"the API's key source is AUTHORIZER", "the method has no Lambda authorizer", "/apiKeySource"},
		},
	}
}

// remade has what a command that makes a function needs.
func remade(code string) func(*world) {
	return func(w *world) {
		newCode(code)(w)
		w.setenv("RUNTIME", "python3.12")
		w.setenv("HANDLER", "index.handler")
		w.setenv("ROLE", "arn:aws:iam::"+w.account+":role/any")
	}
}

// inLog is a function whose answer the client cannot use, though it is a success: the
// execution log says so after AWS's lines.
func inLog(name, errorId, code, line string) situation {
	return situation{
		name: name, errorId: errorId, status: http.StatusOK,
		arrange: func(w *world) *request {
			sent := w.behind("orders", code)
			must(w.rest.UpdateAccount(w.ctx(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{
				{Op: types.OpReplace, Path: new("/cloudwatchRoleArn"), Value: new("arn:aws:iam::" + w.account + ":role/logs")},
			}}))(w)
			w.patchStage("/*/*/logging/loglevel", "INFO")
			sent.header = map[string]string{"Origin": "https://app.example.com", "Accept": "image/avif,*/*"}
			return sent
		},
		before: newCode(goodAnswer),
		passes: func(w *world, _ string) {
			logged := w.run("aws logs filter-log-events --log-group-name API-Gateway-Execution-Logs_" + w.apiId + "/prod --query 'events[].message' --output text")
			contains(w.t, logged, line)
			if last, first := strings.LastIndex(logged, "Method completed with status: 200"), strings.Index(logged, "Diagnosis "); last < 0 || first < last {
				w.t.Errorf("AWS's lines are not the first:\n%s", logged)
			}
		},
	}
}
