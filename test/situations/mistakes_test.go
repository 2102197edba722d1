package situations

import (
	"maps"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	typesv2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// mistakeSituations are mistakes that people make who follow a tutorial: what their
// explanation said first was once not the cause.
func mistakeSituations() []situation {
	return append(preflightMistakes(), []situation{
		{
			name: "E1 backend says it", errorId: "GH-I106", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "orders"), "GET")
				w.deploy()
				backend := w.apiId
				w.restApi()
				w.method(w.root, "GET", httpProxy("http://"+w.server.Address+"/_aws/execute-api/"+backend+"/prod/order"))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"the backend said it, not this gateway: 403", "MissingAuthenticationTokenException", "/prod/order", "its own request id"},
			passes: func(w *world, output string) {
				contains(w.t, output, `{"message":"Missing Authentication Token"}`)
				contains(w.t, output, "GH-R101") // which the backend explains
			},
		},
		{
			name: "E1 slash percent-encoded", errorId: "GH-R101", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.resource(w.root, "users"), "{id}"), "GET")
				w.deploy()
				return &request{path: "/prod/users%2F1"}
			},
			says: []string{"nothing in stage prod matches GET /users%2F1", "closest deployed: GET /users/{id}", "/prod/users/1"}, sends: true,
		},
		{
			name: "E3 stage variable without a value", errorId: "GH-L102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				w.method(w.root, "GET", w.proxy("${stageVariables.function}"))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says:   []string{"stage variable function has no value in stage prod", "aws apigateway update-stage"},
			before: func(w *world) { w.setenv("VALUE", "orders") },
		},
		{
			name: "E3 alias does not exist", errorId: "GH-L102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				w.method(w.root, "GET", w.proxy("orders:live"))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"function orders exists, and has no alias or version live", "create-alias"},
		},
		{
			name: "E3 function in another region", errorId: "GH-L102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				w.method(w.root, "GET", proxyOf(strings.Replace(w.functionArn(w.account, "orders"), region, "eu-west-1", 1)))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"function orders is in region us-east-1", "its region, us-east-1"},
		},
		{
			name: "E4 host is an empty stage variable", errorId: "GH-I103", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", httpProxy("http://${stageVariables.host}/_gatehouse/health"))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says:   []string{"stage variable host has no value in stage prod", "http:///_gatehouse/health is no URL"},
			before: func(w *world) { w.setenv("VALUE", w.server.Address) },
		},
		defaulted("E12 error answered as a success", `raise Exception("no such order")`, "order .*", http.StatusInternalServerError,
			`the error message of the function "no such order"`, "--status-code 500"),
		defaulted("E12 message of several lines answered as a success", `raise Exception("Error: no such order\nat line 3")`, ".*no such order.*", http.StatusNotFound,
			"a line end", "answered 200"),
		{
			name: "E13 text for a function, and NEVER", errorId: "GH-M102", status: http.StatusUnsupportedMediaType,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				in := w.proxy("orders")
				in.Type, in.PassthroughBehavior, in.RequestTemplates = types.IntegrationTypeAws, aws.String("NEVER"), map[string]string{"application/json": "$input.body"}
				w.method(w.root, "POST", in, "200")
				w.answer(w.root, "POST", "200", "")
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: "hello", header: map[string]string{"Content-Type": "text/plain"}}
			},
			says: []string{"passthroughBehavior NEVER", "/requestTemplates/text~1plain"},
		},
		{
			name: "HTTP route without an integration", errorId: "GH-C302", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.httpApi()
				w.setenv("INTEGRATION", w.backend())
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /empty")})
				return &request{path: "/empty"}
			},
			says: []string{"target: the route has no integration", "aws apigatewayv2 update-route"},
		},
		{
			name: "HTTP simple response without the setting", errorId: "GH-A301", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				sent := w.guardedRoute(`return {"isAuthorized": True}`, 0)
				authorizers := must(w.http.GetAuthorizers(w.ctx(), &apigatewayv2.GetAuthorizersInput{ApiId: &w.apiId}))(w)
				must(w.http.UpdateAuthorizer(w.ctx(), &apigatewayv2.UpdateAuthorizerInput{
					ApiId: &w.apiId, AuthorizerId: authorizers.Items[0].AuthorizerId, EnableSimpleResponses: aws.Bool(false),
				}))(w)
				return sent
			},
			says: []string{"policyDocument is missing; the answer has isAuthorized", "--enable-simple-responses"},
		},
	}...)
}

// defaulted is a function that threw, a pattern for 404 that does not match it, and a default
// integration response that makes 200 of everything.
func defaulted(name, code, pattern string, fixed int, says ...string) situation {
	return situation{
		name: name, errorId: "GH-M304", status: http.StatusOK,
		arrange: func(w *world) *request {
			w.restApi()
			w.function("orders", code)
			in := w.proxy("orders")
			in.Type = types.IntegrationTypeAws
			w.method(w.root, "GET", in, "200", "404")
			w.answer(w.root, "GET", "200", "")
			w.answer(w.root, "GET", "404", pattern)
			w.deploy()
			return &request{path: "/prod/"}
		},
		says: says, fixed: fixed,
	}
}

// preflightMistakes are OPTIONS methods that answer browsers, and not what they ask.
func preflightMistakes() []situation {
	const origin = "https://app.example.com"
	good := map[string]string{"Origin": "'" + origin + "'", "Methods": "'PUT,GET'", "Headers": "'content-type,x-custom'"}
	mistake := func(name string, change map[string]string, says ...string) situation {
		asked := &request{method: "OPTIONS", path: "/prod/", header: map[string]string{
			"Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type,x-custom",
		}}
		return situation{
			name: name, errorId: "GH-R401", status: http.StatusOK, says: says,
			arrange: func(w *world) *request {
				answered := maps.Clone(good)
				maps.Copy(answered, change)
				w.restApi()
				w.method(w.root, "OPTIONS", mock())
				declared, mapped := map[string]bool{}, map[string]string{}
				for header, value := range answered {
					declared["method.response.header.Access-Control-Allow-"+header] = false
					mapped["method.response.header.Access-Control-Allow-"+header] = value
				}
				must(w.rest.PutMethodResponse(w.ctx(), &apigateway.PutMethodResponseInput{
					RestApiId: &w.apiId, ResourceId: &w.root, HttpMethod: aws.String("OPTIONS"), StatusCode: aws.String("200"), ResponseParameters: declared,
				}))(w)
				must(w.rest.PutIntegrationResponse(w.ctx(), &apigateway.PutIntegrationResponseInput{
					RestApiId: &w.apiId, ResourceId: &w.root, HttpMethod: aws.String("OPTIONS"), StatusCode: aws.String("200"), ResponseParameters: mapped,
				}))(w)
				w.deploy()
				return asked
			},
		}
	}
	return []situation{
		mistake("E5 preflight lacks a header", map[string]string{"Headers": "'Content-Type'"}, `Access-Control-Allow-Headers "Content-Type" lacks x-custom`),
		mistake("E5 preflight lacks the method", map[string]string{"Methods": "'GET,OPTIONS'"}, `Access-Control-Allow-Methods "GET,OPTIONS" lacks PUT`),
		mistake("E5 preflight of another origin", map[string]string{"Origin": "'https://other.example.com'"}, "allows https://other.example.com, and the page is of "+origin),
		mistake("E5 preflight with a wildcard and credentials", map[string]string{"Origin": "'*'", "Credentials": "'true'"}, "allows *, which browsers refuse"),
		{
			name: "HTTP preflight of a header that is not allowed", errorId: "GH-R401", status: http.StatusNoContent,
			arrange: func(w *world) *request {
				w.corsApi(&typesv2.Cors{AllowOrigins: []string{origin}, AllowMethods: []string{"GET"}, AllowHeaders: []string{"content-type"}})
				asked := preflight("GET")
				asked.header["Access-Control-Request-Headers"] = "authorization"
				return asked
			},
			says:  []string{"the headers [content-type]", "the headers authorization"},
			fixed: http.StatusNoContent,
		},
	}
}
