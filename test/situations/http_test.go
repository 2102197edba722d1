package situations

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	typesv2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// httpSituations are failures of HTTP APIs, with the commands of apigatewayv2.
func httpSituations(*issuer) []situation {
	return []situation{
		{
			name: "HTTP route not deployed", errorId: "GH-R101", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.stagedApi("prod")
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				return &request{path: "/prod/pets"}
			},
			says: []string{"GET /pets", "exists but is not deployed: GET /pets", "aws apigatewayv2 create-deployment --api-id {api} --stage-name prod"},
		},
		{
			name: "HTTP wrong path", errorId: "GH-R101", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets/{id}"), Target: w.target(w.backend())})
				return &request{path: "/pet/7"}
			},
			says: []string{"closest deployed: GET /pets/{id}", "/pets/7"}, sends: true,
		},
		{
			name: "HTTP slash at the end", errorId: "GH-R101", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				return &request{path: "/pets/"}
			},
			says: []string{"closest deployed: GET /pets", "a slash at the end makes another path"}, sends: true,
		},
		{
			name: "HTTP stage in the path of $default", errorId: "GH-R101", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				return &request{path: "/prod/pets"}
			},
			says: []string{"closest deployed: GET /pets", "needs no /prod in the path"}, sends: true,
		},
		{
			name: "HTTP no stage $default", errorId: "GH-R102", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.stagedApi("prod")
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				return &request{path: "/pets"}
			},
			says: []string{"stages that exist: prod", "no stage $default serves it", "aws apigatewayv2 create-stage --api-id {api} --stage-name '$default' --auto-deploy"},
		},
		{
			name: "HTTP misspelled stage", errorId: "GH-R102", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.stagedApi("prod")
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				w.deployHttp("prod")
				return &request{path: "/prd/pets"}
			},
			says: []string{"stages that exist: prod", "/prod/pets"}, sends: true,
		},
		{
			name: "HTTP changed and not deployed", errorId: "GH-C103", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.stagedApi("prod")
				old := httptest.NewServer(http.NotFoundHandler())
				w.t.Cleanup(old.Close)
				integration := w.integration(old.URL)
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(integration)})
				w.deployHttp("prod")
				must(w.http.UpdateIntegration(w.ctx(), &apigatewayv2.UpdateIntegrationInput{ApiId: &w.apiId, IntegrationId: &integration, IntegrationUri: aws.String(w.backendUrl())}))(w)
				return &request{path: "/prod/pets"}
			},
			says: []string{"changed since then: integration ", "aws apigatewayv2 create-deployment --api-id {api} --stage-name prod"},
		},
		{
			name: "HTTP integration unreachable", errorId: "GH-I101", status: http.StatusServiceUnavailable,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.integration(w.lateBackend()))})
				return &request{path: "/pets"}
			},
			says:   []string{"connection refused", "curl -v http://127.0.0.1"},
			before: (*world).startBackend,
		},
		{
			name: "HTTP integration timeout", errorId: "GH-I301", status: http.StatusServiceUnavailable,
			arrange: func(w *world) *request {
				w.httpApi()
				made := must(w.http.CreateIntegration(w.ctx(), &apigatewayv2.CreateIntegrationInput{
					ApiId: &w.apiId, IntegrationType: typesv2.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("GET"), IntegrationUri: aws.String(slowBackend(w.t)),
					PayloadFormatVersion: aws.String("1.0"), TimeoutInMillis: aws.Int32(60),
				}))(w)
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(*made.IntegrationId)})
				return &request{path: "/pets"}
			},
			says: []string{"an answer within 60ms", "aws apigatewayv2 update-integration --api-id {api}", "--timeout-in-millis 30000"},
		},
		{
			name: "HTTP function permission", errorId: "GH-L101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.forbiddenFunction(w.lambda, "pets", goodAnswer)
				return w.functionRoute("pets", "2.0")
			},
			says: []string{"aws lambda add-permission --function-name pets", "{api}/$default/GET/pets"},
		},
		{
			name: "HTTP function does not exist", errorId: "GH-L102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.function("pets", goodAnswer)
				return w.functionRoute("pet", "2.0")
			},
			says: []string{"no function", "functions that exist: pets", "aws apigatewayv2 update-integration"},
		},
		{
			name: "HTTP malformed answer of format 1.0", errorId: "GH-L201", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.function("pets", `return {"statusCode": 200, "body": {"a": 1}}`)
				return w.functionRoute("pets", "1.0")
			},
			says: []string{"body", "object", "update-function-code --function-name pets"}, before: newCode(goodAnswer),
		},
		{
			name: "HTTP function threw", errorId: "GH-L202", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.function("pets", `raise Exception("boom")`)
				return w.functionRoute("pets", "2.0")
			},
			says: []string{"boom", "/aws/lambda/pets"}, before: newCode(goodAnswer),
		},
		{
			name: "HTTP authorizer denied", errorId: "GH-A201", status: http.StatusForbidden,
			arrange: func(w *world) *request { return w.guardedRoute(`return {"isAuthorized": False}`, 300) },
			says:    []string{"isAuthorized false", "update-function-code --function-name authorize", "aws apigatewayv2 reset-authorizers-cache --api-id {api}"},
			before:  newCode(`return {"isAuthorized": True}`),
		},
		{
			name: "HTTP authorizer failed", errorId: "GH-A302", status: http.StatusInternalServerError,
			arrange: func(w *world) *request { return w.guardedRoute(`raise Exception("boom")`, 0) },
			says:    []string{"the function threw: boom", "update-function-code --function-name authorize"},
			before:  newCode(`return {"isAuthorized": True}`),
		},
		{
			name: "HTTP authorizer's answer is no answer", errorId: "GH-A301", status: http.StatusInternalServerError,
			arrange: func(w *world) *request { return w.guardedRoute(`return {"allowed": True}`, 0) },
			says:    []string{"isAuthorized, true or false", "update-function-code --function-name authorize"},
			before:  newCode(`return {"isAuthorized": True}`),
		},
		{
			name: "HTTP identity missing", errorId: "GH-A101", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.guardedRoute(`return {"isAuthorized": True}`, 300)
				return &request{path: "/pets"}
			},
			says:   []string{"absent: $request.header.Authorization", "$TOKEN"},
			before: func(w *world) { w.setenv("TOKEN", "a") }, sends: true,
		},
		{
			name: "HTTP throttled", errorId: "GH-T201", status: http.StatusTooManyRequests,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				must(w.http.UpdateStage(w.ctx(), &apigatewayv2.UpdateStageInput{
					ApiId: &w.apiId, StageName: aws.String("$default"),
					RouteSettings: map[string]typesv2.RouteSettings{"GET /pets": {ThrottlingBurstLimit: aws.Int32(1), ThrottlingRateLimit: aws.Float64(0.001)}},
				}))(w)
				w.send(&request{path: "/pets"})
				return &request{path: "/pets"}
			},
			says: []string{"ROUTE (GET /pets) rate 0.001/s burst 1", "aws apigatewayv2 update-stage --api-id {api}"},
		},
		{
			name: "HTTP preflight of an origin that is not allowed", errorId: "GH-R401", status: http.StatusNoContent,
			arrange: func(w *world) *request {
				w.corsApi(&typesv2.Cors{AllowOrigins: []string{"https://www.example.com"}, AllowMethods: []string{"GET"}})
				return preflight("GET")
			},
			says:   []string{"allows the origins [https://www.example.com]", `"https://www.example.com","https://app.example.com"`, "aws apigatewayv2 update-api --api-id {api} --cors-configuration"},
			passes: func(w *world, _ string) { w.isAllowedToRead(w.send(preflight("GET"))) },
		},
		{
			name: "HTTP preflight of a method that is not allowed", errorId: "GH-R401", status: http.StatusNoContent,
			arrange: func(w *world) *request {
				w.corsApi(&typesv2.Cors{AllowOrigins: []string{"https://app.example.com"}, AllowMethods: []string{"GET"}})
				return preflight("PUT")
			},
			says: []string{"the methods [GET]", "method PUT"},
			passes: func(w *world, _ string) {
				got := w.send(preflight("PUT"))
				contains(w.t, got.header.Get("Access-Control-Allow-Methods"), "PUT")
				w.isAllowedToRead(got)
			},
		},
		{
			name: "HTTP preflight without CORS", errorId: "GH-R101", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.corsApi(nil)
				return preflight("PUT")
			},
			says: []string{"update-api --api-id {api} --cors-configuration", `"AllowMethods":["PUT"]`}, fixed: http.StatusNoContent,
		},
		{
			name: "HTTP payload too large", errorId: "GH-V301", status: http.StatusRequestEntityTooLarge,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("POST /pets"), Target: w.target(w.backend())})
				const limit = 10 << 20
				return &request{method: "POST", path: "/pets", body: strings.Repeat("x", limit+1)}
			},
			says:   []string{"10485761 bytes", "at most 10485760 bytes", "--data-binary @smaller-body"},
			before: func(w *world) { w.file("smaller-body", "x") }, sends: true,
		},
	}
}

// httpApi makes an HTTP API with a stage $default that deploys by itself.
func (w *world) httpApi() {
	w.t.Helper()
	w.emptyHttpApi(nil)
	must(w.http.CreateStage(w.ctx(), &apigatewayv2.CreateStageInput{ApiId: &w.apiId, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)}))(w)
}

func (w *world) emptyHttpApi(cors *typesv2.Cors) {
	w.t.Helper()
	w.apiId = *must(w.http.CreateApi(w.ctx(), &apigatewayv2.CreateApiInput{
		Name: aws.String("pets"), ProtocolType: typesv2.ProtocolTypeHttp, CorsConfiguration: cors,
	}))(w).ApiId
}

// stagedApi makes an HTTP API with a stage that is deployed by hand, and GET / in it.
func (w *world) stagedApi(stage string) {
	w.t.Helper()
	w.emptyHttpApi(nil)
	w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /"), Target: w.target(w.backend())})
	must(w.http.CreateStage(w.ctx(), &apigatewayv2.CreateStageInput{ApiId: &w.apiId, StageName: &stage}))(w)
	w.deployHttp(stage)
}

func (w *world) deployHttp(stage string) string {
	w.t.Helper()
	return *must(w.http.CreateDeployment(w.ctx(), &apigatewayv2.CreateDeploymentInput{ApiId: &w.apiId, StageName: &stage}))(w).DeploymentId
}

func (w *world) route(in apigatewayv2.CreateRouteInput) {
	w.t.Helper()
	in.ApiId = &w.apiId
	must(w.http.CreateRoute(w.ctx(), &in))(w)
}

func (*world) target(integrationId string) *string {
	return aws.String("integrations/" + integrationId)
}

// backend is an integration with a backend that answers 200.
func (w *world) backend() string { return w.integration(w.backendUrl()) }

func (w *world) backendUrl() string {
	backend := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w.t.Cleanup(backend.Close)
	return backend.URL
}

func (w *world) integration(url string) string {
	w.t.Helper()
	return *must(w.http.CreateIntegration(w.ctx(), &apigatewayv2.CreateIntegrationInput{
		ApiId: &w.apiId, IntegrationType: typesv2.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("ANY"), IntegrationUri: &url, PayloadFormatVersion: aws.String("1.0"),
	}))(w).IntegrationId
}

// functionRoute makes GET /pets in front of a function.
func (w *world) functionRoute(function, format string) *request {
	w.t.Helper()
	w.httpApi()
	made := must(w.http.CreateIntegration(w.ctx(), &apigatewayv2.CreateIntegrationInput{
		ApiId: &w.apiId, IntegrationType: typesv2.IntegrationTypeAwsProxy, IntegrationUri: aws.String(w.functionArn(w.account, function)), PayloadFormatVersion: &format,
	}))(w)
	w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(*made.IntegrationId)})
	return &request{path: "/pets"}
}

// guardedRoute makes GET /pets behind a Lambda authorizer with simple responses.
func (w *world) guardedRoute(code string, ttl int32) *request {
	w.t.Helper()
	w.function("authorize", code)
	w.httpApi()
	made := must(w.http.CreateAuthorizer(w.ctx(), &apigatewayv2.CreateAuthorizerInput{
		ApiId: &w.apiId, Name: aws.String("a"), AuthorizerType: typesv2.AuthorizerTypeRequest, AuthorizerUri: proxyOf(w.functionArn(w.account, "authorize")).Uri,
		AuthorizerPayloadFormatVersion: aws.String("2.0"), EnableSimpleResponses: aws.Bool(true), IdentitySource: []string{"$request.header.Authorization"},
		AuthorizerResultTtlInSeconds: &ttl,
	}))(w)
	w.route(apigatewayv2.CreateRouteInput{
		RouteKey: aws.String("GET /pets"), Target: w.target(w.backend()), AuthorizationType: typesv2.AuthorizationTypeCustom, AuthorizerId: made.AuthorizerId,
	})
	return &request{path: "/pets", header: token}
}

// corsApi makes GET and PUT /pets.
func (w *world) corsApi(cors *typesv2.Cors) {
	w.t.Helper()
	w.emptyHttpApi(cors)
	for _, key := range []string{"GET /pets", "PUT /pets"} {
		w.route(apigatewayv2.CreateRouteInput{RouteKey: &key, Target: w.target(w.backend())})
	}
	must(w.http.CreateStage(w.ctx(), &apigatewayv2.CreateStageInput{ApiId: &w.apiId, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)}))(w)
}

func preflight(method string) *request {
	return &request{method: "OPTIONS", path: "/pets", header: map[string]string{"Origin": "https://app.example.com", "Access-Control-Request-Method": method}}
}
