package situations

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// unmatched is a function that threw, and a pattern for 404 that does not match it.
func unmatched(name, code, pattern string, says ...string) situation {
	return situation{
		name: name, errorId: "GH-M302", status: http.StatusInternalServerError,
		arrange: func(w *world) *request {
			w.restApi()
			w.function("orders", code)
			in := w.proxy("orders")
			in.Type = types.IntegrationTypeAws
			w.method(w.root, "GET", in, "404")
			w.answer(w.root, "GET", "404", pattern)
			w.deploy()
			return &request{path: "/prod/"}
		},
		says: append(says, "["+pattern+"]"), fixed: http.StatusNotFound,
	}
}

// mappingSituations are templates and mappings that do not fit.
func mappingSituations() []situation {
	return []situation{
		{
			name: "E12 undeclared method response", errorId: "GH-M301", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", mock())
				w.answer(w.root, "GET", "422", "")
				w.deploy()
				return &request{path: "/prod/"}
			},
			says:  []string{"no method response 422, selected by default", "put-method-response --rest-api-id {api}", "--status-code 422"},
			fixed: http.StatusUnprocessableEntity, // what the integration response says
		},
		{
			name: "E12 no integration response", errorId: "GH-M302", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", mock(), "200")
				w.answer(w.root, "GET", "200", `4\d{2}`)
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{`[4\d{2}]`, `the answer "200"`, `integration response 200 has the pattern 4\d{2}`, "update-integration-response"},
		},
		unmatched("E12 message of several lines", `raise Exception("Error: no such order\nat line 3")`, ".*no such order.*", "a line end", "(.|\\n)*no such order(.|\\n)*"),
		unmatched("E12 status code in place of a message", `raise Exception("no such order")`, "404", "the error message of the function"),
		{
			name: "E13 unsupported media type", errorId: "GH-M102", status: http.StatusUnsupportedMediaType,
			arrange: func(w *world) *request {
				w.restApi()
				in := mock()
				in.PassthroughBehavior = aws.String("NEVER")
				w.method(w.root, "POST", in, "200")
				w.answer(w.root, "POST", "200", "")
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: `{"statusCode": 200}`, header: map[string]string{"Content-Type": "application/vnd.x+json"}}
			},
			says: []string{"Content-Type application/vnd.x+json and passthroughBehavior NEVER", "application/json", "WHEN_NO_MATCH"},
		},
		{
			name: "E14 mock without a status code", errorId: "GH-M101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "POST")
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: "hello", header: map[string]string{"Content-Type": "text/plain"}}
			},
			says: []string{"text that is not a JSON object", "templates for application/json", "/requestTemplates/text~1plain"},
		},
		{
			name: "E14 mock's status code is a string", errorId: "GH-M101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				in := mock()
				in.RequestTemplates["application/json"] = `{"statusCode": "ok"}`
				w.method(w.root, "GET", in, "200")
				w.answer(w.root, "GET", "200", "")
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"a statusCode that is a String: (2 characters)", "/requestTemplates/application~1json"},
		},
	}
}
