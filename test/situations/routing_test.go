package situations

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

// routingSituations are requests that reach no method, and browsers' questions.
func routingSituations() []situation {
	return []situation{
		{
			name: "E1 token at a wrong path", errorId: "GH-R112", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				w.permitAuthorizer()
				return &request{path: "/prod/order/1", header: token}
			},
			says: []string{
				"nothing in stage prod matches GET /order/1; authentication was not evaluated", "speaks of it as of a signature, and nothing looked at the token", "closest deployed: GET /orders/{id}",
				`-H "Authorization: $HEADER_AUTHORIZATION"`,
			},
			before: func(w *world) { w.setenv("HEADER_AUTHORIZATION", token["Authorization"]) }, sends: true,
		},
		{
			name: "E1 not deployed", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "user"), "GET")
				w.deploy()
				w.mocked(w.resource(w.resource(w.root, "users"), "{id}"), "GET")
				return &request{path: "/prod/users/123"}
			},
			says: []string{"GET /users/123", "authentication was not evaluated", "exists but is not deployed: GET /users/{id}", "stage prod (deployment "},
		},
		{
			name: "E1 wrong path", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.resource(w.root, "user"), "{id}"), "GET")
				w.deploy()
				return &request{path: "/prod/users/123"}
			},
			says: []string{"closest deployed: GET /user/{id}", "/prod/user/123"}, sends: true,
		},
		{
			name: "E1 wrong verb", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "pets"), "POST")
				w.deploy()
				return &request{path: "/prod/pets"}
			},
			says: []string{"closest deployed: POST /pets", "-X POST"}, sends: true,
		},
		{
			name: "E1 stage twice", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "pets"), "GET")
				w.deploy()
				return &request{path: "/prod/prod/pets"}
			},
			says: []string{"stands in the path twice", "/prod/pets"}, sends: true,
		},
		{
			name: "E1 root without a method", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "pets"), "GET")
				w.deploy()
				return &request{path: "/prod"}
			},
			says: []string{"the root path / has no method", "closest deployed: GET /pets"}, sends: true,
		},
		{
			name: "E1 unknown stage", errorId: "GH-R102", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				return &request{path: "/dev/"}
			},
			says: []string{"stages that exist: prod", "--stage-name dev"},
		},
		{
			name: "E1 misspelled stage", errorId: "GH-R102", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "pets"), "GET")
				w.deploy()
				return &request{path: "/prd/pets"}
			},
			says: []string{"stages that exist: prod", "/prod/pets"}, sends: true,
		},
		{
			name: "E1 unknown API", errorId: "GH-R104", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				return &request{path: "/_aws/execute-api/abcdefghij/prod/", host: w.server.Address}
			},
			says: []string{"aws apigateway get-rest-apis"},
			passes: func(w *world, output string) {
				contains(w.t, output, w.apiId)
				if got := w.send(&request{path: "/_aws/execute-api/" + w.apiId + "/prod/", host: w.server.Address}); got.statusCode != http.StatusOK {
					w.t.Errorf("with the id that is there: %d", got.statusCode)
				}
			},
		},
		{
			name: "E5 preflight", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "pets"), "PUT")
				w.deploy()
				return &request{method: "OPTIONS", path: "/prod/pets", header: map[string]string{
					"Origin": "https://app.example.com", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type",
				}}
			},
			says: []string{"put-method", "--http-method OPTIONS", "https://app.example.com"},
		},
		{
			name: "E5 gateway's own error", errorId: "GH-R101", also: "GH-R401", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				return &request{path: "/prod/nothing", header: fromBrowser}
			},
			says: []string{"the response is the gateway's (403 MISSING_AUTHENTICATION_TOKEN)", "DEFAULT_4XX", "https://app.example.com"},
			passes: func(w *world, _ string) {
				w.isAllowedToRead(w.send(&request{path: "/prod/nothing", header: fromBrowser}))
			},
		},
		{
			name: "E5 integration without the header", errorId: "GH-R401", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "pets"), "GET")
				w.deploy()
				return &request{path: "/prod/pets", header: fromBrowser}
			},
			says: []string{"no such header", "method.response.header.Access-Control-Allow-Origin"},
			passes: func(w *world, _ string) {
				w.isAllowedToRead(w.send(&request{path: "/prod/pets", header: fromBrowser}))
			},
		},
		{
			name: "E5 function without the header", errorId: "GH-R401", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("pets", goodAnswer)
				w.method(w.root, "GET", w.proxy("pets"))
				w.deploy()
				return &request{path: "/prod/", header: fromBrowser}
			},
			says:   []string{"no such header", "update-function-code --function-name pets"},
			before: newCode(`return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://app.example.com"}, "body": "fine"}`),
			passes: func(w *world, _ string) {
				w.isAllowedToRead(w.send(&request{path: "/prod/", header: fromBrowser}))
			},
		},
		{
			name: "E5 OPTIONS not deployed", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				pets := w.resource(w.root, "pets")
				w.mocked(pets, "PUT")
				w.deploy()
				w.mocked(pets, "OPTIONS")
				return preflightOf("PUT")
			},
			says: []string{"exists but is not deployed: OPTIONS /pets", "create-deployment"},
		},
		{
			name: "E5 authorizer on OPTIONS", errorId: "GH-A101", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				w.permitAuthorizer()
				made := must(w.rest.GetAuthorizers(w.ctx(), &apigateway.GetAuthorizersInput{RestApiId: &w.apiId}))(w)
				pets := w.resource(w.root, "pets")
				w.authorized(pets, apigateway.PutMethodInput{HttpMethod: new("OPTIONS"), AuthorizationType: new("CUSTOM"), AuthorizerId: made.Items[0].Id}, mock(), "200")
				w.answer(pets, "OPTIONS", "200", "")
				w.deploy()
				return preflightOf("PUT")
			},
			says: []string{"a browser asks without credentials", "update-method", "/authorizationType"},
		},
		{
			name: "E5 API key on OPTIONS", errorId: "GH-T101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				pets := w.resource(w.root, "pets")
				w.authorized(pets, apigateway.PutMethodInput{HttpMethod: new("OPTIONS"), AuthorizationType: new("NONE"), ApiKeyRequired: true}, mock(), "200")
				w.answer(pets, "OPTIONS", "200", "")
				w.deploy()
				return preflightOf("PUT")
			},
			says: []string{"a browser asks without credentials", "update-method", "/apiKeyRequired"},
		},
		allowedOrigin("E5 another origin is allowed", "'https://www.example.com'", false, "allows https://www.example.com, and the page is of https://app.example.com"),
		allowedOrigin("E5 any origin with credentials", "'*'", true, "allows *, which browsers refuse beside Access-Control-Allow-Credentials"),
	}
}

// preflightOf is a browser's question whether it may send a method to /pets.
func preflightOf(method string) *request {
	return &request{method: "OPTIONS", path: "/prod/pets", header: map[string]string{
		"Origin": "https://app.example.com", "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type",
	}}
}

// allowedOrigin is a method whose integration response allows an origin that does not
// help the browser.
func allowedOrigin(name, origin string, credentials bool, says ...string) situation {
	return situation{
		name: name, errorId: "GH-R401", status: http.StatusOK,
		arrange: func(w *world) *request {
			w.restApi()
			pets := w.resource(w.root, "pets")
			w.method(pets, "GET", mock())
			declared, mapped := map[string]bool{"method.response.header.Access-Control-Allow-Origin": false}, map[string]string{"method.response.header.Access-Control-Allow-Origin": origin}
			if credentials {
				declared["method.response.header.Access-Control-Allow-Credentials"], mapped["method.response.header.Access-Control-Allow-Credentials"] = false, "'true'"
			}
			must(w.rest.PutMethodResponse(w.ctx(), &apigateway.PutMethodResponseInput{
				RestApiId: &w.apiId, ResourceId: &pets, HttpMethod: new("GET"), StatusCode: new("200"), ResponseParameters: declared,
			}))(w)
			must(w.rest.PutIntegrationResponse(w.ctx(), &apigateway.PutIntegrationResponseInput{
				RestApiId: &w.apiId, ResourceId: &pets, HttpMethod: new("GET"), StatusCode: new("200"), ResponseParameters: mapped,
			}))(w)
			w.deploy()
			return &request{path: "/prod/pets", header: fromBrowser}
		},
		says:   append(says, "update-integration-response"),
		passes: func(w *world, _ string) { w.isAllowedToRead(w.send(&request{path: "/prod/pets", header: fromBrowser})) },
	}
}

var fromBrowser = map[string]string{"Origin": "https://app.example.com"}

func (w *world) isAllowedToRead(got reply) {
	w.t.Helper()
	if allowed := got.header.Get("Access-Control-Allow-Origin"); allowed != "https://app.example.com" {
		w.t.Errorf("%d: Access-Control-Allow-Origin %q", got.statusCode, allowed)
	}
}
