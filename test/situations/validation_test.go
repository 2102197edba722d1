package situations

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

// validationSituations are requests that a method's validator refuses, and headers that
// an integration may not set.
func validationSituations() []situation {
	return []situation{
		{
			name: "missing parameter", errorId: "GH-V101", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				w.validated(apigateway.PutMethodInput{RequestParameters: map[string]bool{"method.request.querystring.q": true}})
				return &request{method: "POST", path: "/prod/?Q=1"}
			},
			says: []string{"no value for q", "spelled as the method requires them: you sent query parameter Q", "get-method"},
			passes: func(w *world, output string) {
				contains(w.t, output, "method.request.querystring.q")
				if got := w.send(&request{method: "POST", path: "/prod/?q=1"}); got.statusCode != http.StatusOK {
					w.t.Errorf("with the parameter: %d %s", got.statusCode, got.body)
				}
			},
		},
		{
			name: "missing parameters", errorId: "GH-V101", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				w.validated(apigateway.PutMethodInput{RequestParameters: map[string]bool{"method.request.querystring.q": true, "method.request.header.X-Tenant": true}})
				return &request{method: "POST", path: "/prod/", body: `{"name": "rex"}`}
			},
			says: []string{"no value for X-Tenant, q", "$QUERY_Q", "$HEADER_X_TENANT"},
			before: func(w *world) {
				w.setenv("QUERY_Q", "1")
				w.setenv("HEADER_X_TENANT", "a")
				w.file("body", `{"name": "rex"}`)
			}, sends: true,
		},
		{
			name: "invalid body", errorId: "GH-V201", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				w.validated(apigateway.PutMethodInput{RequestModels: map[string]string{"application/json": "Pet"}})
				return &request{method: "POST", path: "/prod/", body: `{"nme": "secret"}`, header: map[string]string{"Content-Type": "application/json"}}
			},
			says: []string{"Pet", "get-model"},
			passes: func(w *world, output string) {
				contains(w.t, output, `"required"`)
				if got := w.send(&request{method: "POST", path: "/prod/", body: `{"name": "rex"}`}); got.statusCode != http.StatusOK {
					w.t.Errorf("with a body as the schema has it: %d %s", got.statusCode, got.body)
				}
			},
		},
		{
			name: "REST payload too large", errorId: "GH-V301", status: http.StatusRequestEntityTooLarge,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "POST")
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: string(make([]byte, 10<<20+1))}
			},
			says:   []string{"the limit is fixed"},
			before: func(w *world) { w.file("smaller-body", "{}") }, sends: true,
		},
	}
}

// validated makes POST / with a validator of everything and a model Pet.
func (w *world) validated(method apigateway.PutMethodInput) {
	w.t.Helper()
	w.restApi()
	must(w.rest.CreateModel(w.ctx(), &apigateway.CreateModelInput{
		RestApiId: &w.apiId, Name: aws.String("Pet"), ContentType: aws.String("application/json"), Schema: aws.String(`{"type": "object", "required": ["name"]}`),
	}))(w)
	validator := must(w.rest.CreateRequestValidator(w.ctx(), &apigateway.CreateRequestValidatorInput{
		RestApiId: &w.apiId, Name: aws.String("all"), ValidateRequestBody: true, ValidateRequestParameters: true,
	}))(w)
	method.HttpMethod, method.AuthorizationType, method.RequestValidatorId = aws.String("POST"), aws.String("NONE"), validator.Id
	w.authorized(w.root, method, mock(), "200")
	w.answer(w.root, "POST", "200", "")
	w.deploy()
}
