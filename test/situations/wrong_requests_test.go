package situations

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

// wrongRequestSituations are requests and settings that AWS takes and that do not do what
// was meant.
func wrongRequestSituations() []situation {
	return slices.Concat(pathParameterSituations(), binarySituations(), proxyAnswerSituations(), misspeltSituations(), regionSituations())
}

func pathParameterSituations() []situation {
	return []situation{
		{
			name: "path parameter is not mapped", errorId: "GH-I107", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				in := httpProxy(w.files() + "/{proxy}")
				w.method(w.resource(w.root, "{proxy+}"), "ANY", in)
				w.deploy()
				return &request{path: "/prod/a/file"}
			},
			says: []string{
				"/{proxy}", "no mapping sets integration.request.path.proxy", "integration.request.path.proxy = method.request.path.proxy",
				"aws apigateway update-integration --rest-api-id {api}", "--http-method ANY",
			},
		},
		{
			name: "path parameter has another name in the URI", errorId: "GH-I107", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.resource(w.resource(w.root, "a"), "{name}"), "GET", httpProxy(w.files()+"/a/{id}"))
				w.deploy()
				return &request{path: "/prod/a/file"}
			},
			says: []string{"no mapping sets integration.request.path.id", "integration.request.path.id = method.request.path.name"},
		},
		{
			name: "path parameter without a variable in the resource", errorId: "GH-I107", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.resource(w.root, "a"), "GET", httpProxy(w.files()+"/a/file/{proxy}"))
				w.deploy()
				return &request{path: "/prod/a"}
			},
			says: []string{"The resource /a has no path variable", `"path":"/uri"`},
		},
		{
			name: "path parameter is mapped from what the request has not", errorId: "GH-I107", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				in := httpProxy(w.files() + "/a/{name}")
				in.RequestParameters = map[string]string{"integration.request.path.name": "method.request.querystring.name"}
				w.authorized(w.root, withParameter("method.request.querystring.name"), in)
				w.deploy()
				return &request{path: "/prod/"}
			},
			says:   []string{"it is mapped from method.request.querystring.name, which the request has not", "$QUERY_NAME"},
			before: func(w *world) { w.setenv("QUERY_NAME", "file") }, sends: true,
		},
		{
			name: "HTTP path parameter has another name in the URI", errorId: "GH-I107", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /{path+}"), Target: w.target(w.integration(w.files() + "/{proxy}"))})
				return &request{path: "/a/file"}
			},
			says: []string{"the route has no variable proxy", "/{proxy}, and the backend answered 404", "the route's variable {path}", "aws apigatewayv2 update-integration --api-id {api}"},
		},
		{
			name: "HTTP path parameter at $default", errorId: "GH-I107", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("$default"), Target: w.target(w.integration(w.files() + "/{proxy}"))})
				return &request{path: "/a/file"}
			},
			says: []string{"the route has no variable proxy", "the route $default adds the request's path to it by itself"},
		},
	}
}

// proxyAnswerSituations are functions that answer as for a proxy integration, behind another.
func proxyAnswerSituations() []situation {
	proxyAnswer := func(name, code string, templates map[string]string, says ...string) situation {
		return situation{
			name: name, errorId: "GH-M305", status: http.StatusOK, fixed: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", code)
				in := w.proxy("orders")
				in.Type, in.RequestTemplates = types.IntegrationTypeAws, templates
				w.method(w.root, "GET", in, "200")
				w.answer(w.root, "GET", "200", "")
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: append(says, "answered statusCode 404", "and no proxy integration reads it", "the client got it as JSON, with status 200"),
		}
	}
	return []situation{
		proxyAnswer("E12 function answers as for a proxy", `return {"statusCode": 404, "headers": {"Content-Type": "text/plain"}, "body": "no such order"}`, nil,
			"body, headers", "aws apigateway put-integration --rest-api-id {api}", "--type AWS_PROXY"),
		proxyAnswer("E12 function answers as for a proxy, behind a template", `return {"statusCode": 404, "body": "no " + event["order"]}`,
			map[string]string{"application/json": `{"order": "17"}`}, "aws apigateway update-integration-response", "$context.responseOverride.status"),
		proxyAnswer("E12 function answers an object as for a proxy", `return {"statusCode": 404, "body": {"message": "no such order"}}`, nil,
			"a body that is no string", "$input.json("),
	}
}

// misspeltSituations are templates with references that are nearly API Gateway's own.
func misspeltSituations() []situation {
	return []situation{
		{
			name: "misspelt reference in a request template", errorId: "GH-M206", status: http.StatusNotFound,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", `if event["order"] != "17": raise Exception("no such order " + event["order"])
return {}`)
				in := w.proxy("orders")
				in.Type = types.IntegrationTypeAws
				in.RequestTemplates = map[string]string{"application/json": "## $inputs\n#set($contexts = 1){\"order\": \"$Input.params('order')\", \"by\": \"${contet.stage} $!utl.x $contexts\"}"}
				w.method(w.root, "GET", in, "200", "404")
				w.answer(w.root, "GET", "200", "")
				w.answer(w.root, "GET", "404", "no such order .*")
				w.deploy()
				return &request{path: "/prod/?order=17"}
			},
			says: []string{
				"nothing sets $Input, $contet, $utl,", "$input in the place of $Input", "$context in the place of $contet", "$util in the place of $utl",
				"aws apigateway update-integration --rest-api-id {api}", "## $inputs", "$contexts = 1",
			},
		},
		{
			name: "misspelt reference, no JSON", errorId: "GH-M201", status: http.StatusBadRequest,
			arrange: func(w *world) *request { return w.inTemplate(`{"name": $inputs.json('$.name')}`, `{"name": "secret"}`) },
			says:    []string{"$input in the place of $inputs", "nothing sets what stands there"},
		},
		{
			name: "misspelt reference in a response template", errorId: "GH-M206", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", mock(), "200")
				must(w.rest.PutIntegrationResponse(w.ctx(), &apigateway.PutIntegrationResponseInput{
					RestApiId: &w.apiId, ResourceId: &w.root, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"),
					ResponseTemplates: map[string]string{"application/json": `{"path": "$utils.urlEncode('/a b')"}`},
				}))(w)
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"response template application/json", "$util in the place of $utils", "aws apigateway update-integration-response"},
			passes: func(w *world, _ string) {
				if got := w.send(&request{path: "/prod/"}); got.body != `{"path": "%2Fa+b"}` {
					w.t.Error(got.body)
				}
			},
		},
	}
}

// regionSituations are host names with another region than the API's.
func regionSituations() []situation {
	elsewhere := func(w *world) string { return strings.Replace(w.host(), ".localhost", ".eu-west-1.localhost", 1) }
	return []situation{
		{
			name: "E1 host of another region", errorId: "GH-R113", status: http.StatusForbidden, sends: true,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				return &request{path: "/prod/", host: elsewhere(w)}
			},
			says: []string{"is of region us-east-1, and the host names eu-west-1", "the host {api}.execute-api.us-east-1.localhost:", "http://{api}.execute-api.us-east-1.localhost:"},
		},
		{
			name: "HTTP host of another region", errorId: "GH-R113", status: http.StatusForbidden, sends: true,
			arrange: func(w *world) *request {
				w.httpApi()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(w.backend())})
				return &request{path: "/pets", host: elsewhere(w)}
			},
			says: []string{"is of region us-east-1, and the host names eu-west-1", "http://{api}.execute-api.us-east-1.localhost:"},
		},
	}
}

// withParameter is a method that declares an optional parameter.
func withParameter(name string) apigateway.PutMethodInput {
	return apigateway.PutMethodInput{HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE"), RequestParameters: map[string]bool{name: false}}
}

// files is a backend that has /a/file and nothing else.
func (w *world) files() string {
	backend := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.TrimSuffix(r.URL.Path, "/") != "/a/file" {
			http.NotFound(rw, r)
			return
		}
		_, _ = io.WriteString(rw, "a file")
	}))
	w.t.Cleanup(backend.Close)
	return backend.URL
}
