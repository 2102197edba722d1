package situations

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	typesv2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/diagnosis"
)

// undeployedSituations are changes of each kind of thing that a deployment freezes, made
// after it. What is changed is named, with the time, and nothing else.
func undeployedSituations() []situation {
	const also = "GH-C103"
	return []situation{
		{
			name: "E21 a method behind {proxy+} is not deployed", errorId: also, status: http.StatusTeapot,
			arrange: func(w *world) *request {
				w.restApi()
				w.teapot(w.resource(w.root, "{proxy+}"))
				w.deploy()
				w.mocked(w.resource(w.root, "pets"), "GET")
				return &request{path: "/prod/pets"}
			},
			says: []string{"changed since then: GET /pets (made 20"},
		},
		{
			name: "E21 a method is deleted and still deployed", errorId: also, status: http.StatusTeapot, fixed: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				pets := w.resource(w.root, "pets")
				w.teapot(pets)
				w.mocked(w.root, "GET")
				w.deploy()
				must(w.rest.DeleteMethod(w.ctx(), &apigateway.DeleteMethodInput{RestApiId: &w.apiId, ResourceId: &pets, HttpMethod: aws.String("GET")}))(w)
				return &request{path: "/prod/pets"}
			},
			says: []string{"changed since then: GET /pets (deleted)"},
		},
		{
			name: "E7 authorizer changed and not deployed", errorId: "GH-A101", also: also, status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.authorizedOrders(allowing(`"*"`))
				w.permitAuthorizer()
				made := must(w.rest.GetAuthorizers(w.ctx(), &apigateway.GetAuthorizersInput{RestApiId: &w.apiId}))(w)
				must(w.rest.UpdateAuthorizer(w.ctx(), &apigateway.UpdateAuthorizerInput{
					RestApiId: &w.apiId, AuthorizerId: made.Items[0].Id,
					PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/identitySource"), Value: aws.String("method.request.header.X-Token")}},
				}))(w)
				return &request{path: "/prod/orders/1", header: map[string]string{"X-Token": "a"}}
			},
			says: []string{"changed since then: authorizer ", " (a) (20"},
		},
		{
			name: "E1 gateway response changed and not deployed", errorId: "GH-R101", also: also, status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				must(w.rest.PutGatewayResponse(w.ctx(), &apigateway.PutGatewayResponseInput{
					RestApiId: &w.apiId, ResponseType: types.GatewayResponseTypeMissingAuthenticationToken, StatusCode: aws.String("404"),
				}))(w)
				return &request{path: "/prod/nothing/like/it"}
			},
			says: []string{"changed since then: gateway response MISSING_AUTHENTICATION_TOKEN (made 20"},
			passes: func(w *world, _ string) {
				w.reaches(&request{path: "/prod/nothing/like/it"}, http.StatusNotFound)
			},
		},
		{
			name: "E1 endpoint enabled and not deployed", errorId: "GH-R103", also: also, status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.patchApi("/disableExecuteApiEndpoint", "true")
				w.deploy()
				w.patchApi("/disableExecuteApiEndpoint", "false")
				return &request{path: "/prod/"}
			},
			says: []string{"changed since then: disableExecuteApiEndpoint (20"},
		},
		{
			name: "validation model changed and not deployed", errorId: "GH-V201", also: also, status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				w.validated(apigateway.PutMethodInput{RequestModels: map[string]string{"application/json": "Pet"}})
				must(w.rest.UpdateModel(w.ctx(), &apigateway.UpdateModelInput{
					RestApiId: &w.apiId, ModelName: aws.String("Pet"),
					PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/schema"), Value: aws.String(`{"type":"object"}`)}},
				}))(w)
				return &request{method: "POST", path: "/prod/", body: `{"nme": "rex"}`, header: map[string]string{"Content-Type": "application/json"}}
			},
			says: []string{"changed since then: model Pet (20"},
		},
		{
			name: "HTTP route behind $default is not deployed", errorId: also, status: http.StatusTeapot,
			arrange: func(w *world) *request {
				w.stagedApi("prod")
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("$default"), Target: w.target(w.integration(w.teapotUrl()))})
				w.deployHttp("prod")
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				return &request{path: "/prod/pets"}
			},
			says: []string{"changed since then: GET /pets (made 20"},
		},
		{
			name: "HTTP authorizer changed and not deployed", errorId: "GH-A101", also: also, status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.stagedApi("prod")
				made := must(w.http.CreateAuthorizer(w.ctx(), &apigatewayv2.CreateAuthorizerInput{
					ApiId: &w.apiId, Name: aws.String("tokens"), AuthorizerType: typesv2.AuthorizerTypeRequest, AuthorizerPayloadFormatVersion: aws.String("2.0"),
					AuthorizerUri: proxyOf(w.functionArn(w.account, "authorize")).Uri, EnableSimpleResponses: aws.Bool(true), IdentitySource: []string{"$request.header.Authorization"},
				}))(w)
				w.function("authorize", `return {"isAuthorized": True}`)
				w.route(apigatewayv2.CreateRouteInput{
					RouteKey: aws.String("GET /pets"), Target: w.target(w.backend()), AuthorizationType: typesv2.AuthorizationTypeCustom, AuthorizerId: made.AuthorizerId,
				})
				w.deployHttp("prod")
				must(w.http.UpdateAuthorizer(w.ctx(), &apigatewayv2.UpdateAuthorizerInput{
					ApiId: &w.apiId, AuthorizerId: made.AuthorizerId, IdentitySource: []string{"$request.header.X-Token"},
				}))(w)
				return &request{path: "/prod/pets", header: map[string]string{"X-Token": "a"}}
			},
			says: []string{"changed since then: authorizer ", " (tokens) (20"},
		},
		{
			name: "HTTP a stage that deploys by itself cannot", errorId: also, status: http.StatusOK,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				made := must(w.http.GetRoutes(w.ctx(), &apigatewayv2.GetRoutesInput{ApiId: &w.apiId}))(w)
				must(w.http.DeleteRoute(w.ctx(), &apigatewayv2.DeleteRouteInput{ApiId: &w.apiId, RouteId: made.Items[0].RouteId}))(w)
				return &request{path: "/pets"}
			},
			says:   []string{"changed since then: route GET /pets (deleted)", "deploys by itself, and says of the last time: Deployment attempt failed: ", "get-stage --api-id {api} --stage-name '$default'"},
			passes: func(w *world, output string) { contains(w.t, output, "Deployment attempt failed") },
		},
		{
			name: "WebSocket authorizer changed and not deployed", errorId: "GH-A101", also: also, status: http.StatusUnauthorized, fixed: http.StatusSwitchingProtocols,
			arrange: func(w *world) *request {
				w.authorizedChat(allowing(`"*"`))
				w.permitAuthorizer()
				made := must(w.http.GetAuthorizers(w.ctx(), &apigatewayv2.GetAuthorizersInput{ApiId: &w.apiId}))(w)
				must(w.http.UpdateAuthorizer(w.ctx(), &apigatewayv2.UpdateAuthorizerInput{
					ApiId: &w.apiId, AuthorizerId: made.Items[0].AuthorizerId, IdentitySource: []string{"route.request.querystring.key"},
				}))(w)
				return handshake("/prod?key=a", nil)
			},
			says: []string{"changed since then: authorizer ", "aws apigatewayv2 create-deployment --api-id {api} --stage-name prod"},
		},
	}
}

// teapot makes GET of a resource answer 418.
func (w *world) teapot(resource string) {
	w.t.Helper()
	w.method(resource, "GET", mock(), "418")
	w.answer(resource, "GET", "418", "")
}

// teapotUrl is a backend that answers 418.
func (w *world) teapotUrl() string {
	backend := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTeapot) }))
	w.t.Cleanup(backend.Close)
	return backend.URL
}

// A message whose route is not deployed gets none, or $default's; both are said.
func TestMessage_routeNotDeployed(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	path := "/v2/apis/" + apiId
	client, _ := g.connected(apiId)
	routes := g.call("GET", path+"/routes", nil)["items"].([]any)
	target := routes[0].(map[string]any)["target"]
	pets := g.call("POST", path+"/routes", map[string]any{"routeKey": "pets", "target": target, "routeResponseSelectionExpression": "$default"})["routeId"].(string)
	g.call("POST", path+"/routes/"+pets+"/routeresponses", map[string]any{"routeResponseKey": "$default"})

	var frame struct{ RequestId string }
	if text := g.says(client, `{"action":"pets"}`); json.Unmarshal([]byte(text), &frame) != nil || frame.RequestId == "" {
		t.Fatalf("got %s", text)
	}
	explanation := g.explain(frame.RequestId)
	if explanation.ErrorId != "GH-W202" || len(explanation.Changes) != 1 || explanation.Changes[0].LastChangedDate == nil {
		t.Fatalf("%+v", explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), "exists but is not deployed: route pets", "last changed 20", "stage prod serves deployment ",
		"aws apigatewayv2 create-deployment --api-id "+apiId+" --stage-name prod")
	g.run(explanation.Fix.Command)
	g.contains(g.says(client, `{"action":"pets"}`), "you")
	g.contains(textOfFinding(&g.explain(frame.RequestId).Finding), "deployed since: route pets", "Send the message again")
}

// A message that $default took is told of the route that is not deployed.
func TestMessage_defaultTookIt(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	path := "/v2/apis/" + apiId
	routes := g.call("GET", path+"/routes", nil)["items"].([]any)
	target := routes[0].(map[string]any)["target"]
	g.call("POST", path+"/routes", map[string]any{"routeKey": "$default", "target": target})
	g.call("POST", path+"/deployments", map[string]any{"stageName": "prod"})
	client, id := g.connected(apiId)
	g.call("POST", path+"/routes", map[string]any{"routeKey": "pets", "target": target})
	if err := wsutil.WriteClientText(client, []byte(`{"action":"pets"}`)); err != nil { // answered by nothing: it has no route response
		t.Fatal(err)
	}
	g.contains(g.says(client, `{"action":"who"}`), id) // the first is done then
	explanation := g.latestOf(apiId, "$default")
	if explanation.ErrorId != "GH-C103" {
		t.Fatalf("%+v", explanation.Finding)
	}
	g.contains(explanation.Found, "changed since then: route pets (made 20")
}

// latestOf explains the latest message that a route got.
func (g *gateway) latestOf(apiId, routeKey string) *diagnosis.Explanation {
	g.Helper()
	_, _, text := g.ask("GET", g.server.URL()+"/_gatehouse/api/requests?api="+apiId, "")
	var list struct{ Requests []diagnosis.Summary }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		g.Fatal(err)
	}
	for _, one := range list.Requests {
		if one.ResourcePath == routeKey {
			return g.explain(one.RequestId)
		}
	}
	g.Fatalf("no request got %s: %s", routeKey, text)
	return nil
}
