package situations

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// templateSituations are E13: mapping templates whose output is not JSON, or that cannot
// be rendered, and bodies that no template takes. Values of payloads are never shown: what
// is secret here says so.
func templateSituations() []situation {
	return []situation{
		inTemplate("E13 missing key", "{\n  \"id\": 7,\n  \"name\": $input.path('$.nme')\n}", `{"name": "secret", "age": 3}`,
			"the output of request template application/json", "line 4 column 1, at `}` from $input.path('$.nme'): it gives nothing", `the payload has no key "nme" (there: age, name)`,
			`did you mean "name"?`, `$input.json('"'"'$.name'"'"')`, "aws apigateway create-deployment --rest-api-id {api}"),
		inTemplate("E13 missing key of a variable", `#set($root = $input.path('$')){"city": $root.address.zipp}`, `{"address": {"zip": 1234}}`,
			`no key "zipp" at $.address (there: zip)`, "being $.address.zipp of the payload"),
		inTemplate("E13 quotes in a text", `{"note": "$input.path('$.note')"}`, `{"note": "say \"secret\""}`,
			"from $input.path('$.note')", `it puts text between quotes as it is, and in the text there is a quote`),
		inTemplate("E13 line end in a text", `{"note": "Note: $input.path('$.note')."}`, `{"note": "secret\nsecret"}`, "a line end", `replaceAll("\\`),
		inTemplate("E13 escapeJavaScript leaves an apostrophe's backslash", `{"body": "$util.escapeJavaScript($input.body)"}`, `{"it": "it's secret"}`,
			`it prints \' for an apostrophe, as JavaScript has it; JSON has no such escape`, `$util.escapeJavaScript($input.body).replaceAll("\\`),
		inTemplate("E13 as Velocity prints it", `{"address": $input.path('$.address')}`, `{"address": {"city": "secret"}}`, "as Velocity does, {a=b}"),
		inTemplate("E13 comma of a loop", `{"ids": [#foreach($pet in $input.path('$.pets')) $pet.id, #end]}`, `{"pets": [{"id": 1}, {"id": 2}]}`,
			`there is a comma too many before "]"`, "$foreach.hasNext"),
		inTemplate("E13 parameter in another case", `{"limit": $input.params('limit')}`, `{}`, `the request has no parameter "limit"`, `did you mean "Limit"?`),
		{
			name: "E13 missing key, in the execution log", errorId: "GH-M201", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				sent := w.inTemplate(`{"name": $input.path('$.nme')}`, `{"name": "secret"}`)
				must(w.rest.UpdateAccount(w.ctx(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{
					{Op: types.OpReplace, Path: new("/cloudwatchRoleArn"), Value: new("arn:aws:iam::" + w.account + ":role/logs")},
				}}))(w)
				w.patchStage("/*/*/logging/loglevel", "ERROR")
				return sent
			},
			says: []string{"from $input.path('$.nme')"},
			passes: func(w *world, _ string) {
				logged := w.run("aws logs filter-log-events --log-group-name API-Gateway-Execution-Logs_" + w.apiId + "/prod --query 'events[].message' --output text")
				contains(w.t, logged, "Diagnosis GH-M201 payload-not-json: line 1 column 10, at `{\"name\": }` from $input.path('$.nme'): it gives nothing")
				contains(w.t, logged, `did you mean "name"?`)
				if strings.Contains(logged, "secret") {
					w.t.Errorf("the log shows a value: %s", logged)
				}
			},
		},
		{
			name: "E13 no change is known", errorId: "GH-M201", status: http.StatusBadRequest,
			arrange: func(w *world) *request { return w.inTemplate(`{'name': $input.json('$.name')}`, `{"name": "secret"}`) },
			says:    []string{"line 1 column 2, at `{'name': …}`: the template's own text is not JSON there", "gatehouse template eval", "template.vtl"},
			before:  func(w *world) { w.file("template.vtl", `{"name": $input.json('$.name')}`) },
		},
		{
			name: "E13 form that no template makes JSON", errorId: "GH-M201", status: http.StatusBadRequest,
			arrange: func(w *world) *request {
				sent := w.inTemplate(`$input.json('$')`, "token=it's&text=secret")
				sent.header["Content-Type"] = "application/x-www-form-urlencoded"
				return sent
			},
			says: []string{"the body, which no template changes", "Content-Type application/x-www-form-urlencoded that is not JSON from line 1 column 2 on", "/requestTemplates/application~1x-www-form-urlencoded"},
		},
		{
			name: "E13 client's JSON is broken", errorId: "GH-M201", status: http.StatusBadRequest,
			arrange: func(w *world) *request { return w.inTemplate("", `{"name": secret}`) },
			says:    []string{"that is not JSON from line 1 column 10 on", "--data-binary @body.json"}, sends: true,
			before: func(w *world) { w.file("body.json", `{"name": "secret"}`) },
		},
		{
			name: "E13 template reads broken JSON", errorId: "GH-M203", status: http.StatusBadRequest,
			arrange: func(w *world) *request { return w.inTemplate(`{"name": $input.json('$.name')}`, `{"name": `) },
			says:    []string{"template application/json", "a body that is not JSON", "--data-binary @body.json"}, sends: true,
			before: func(w *world) { w.file("body.json", `{"name": "secret"}`) },
		},
		{
			name: "E13 no template for the Content-Type, with others", errorId: "GH-M102", status: http.StatusUnsupportedMediaType,
			arrange: func(w *world) *request {
				w.restApi()
				in := mock()
				in.PassthroughBehavior = aws.String("WHEN_NO_TEMPLATES")
				w.method(w.root, "POST", in, "200")
				w.answer(w.root, "POST", "200", "")
				w.deploy()
				return &request{method: "POST", path: "/prod/", body: `{"statusCode": 200}`, header: map[string]string{"Content-Type": "application/vnd.x+json"}}
			},
			says: []string{"Content-Type application/vnd.x+json and passthroughBehavior WHEN_NO_TEMPLATES", "application/json", "WHEN_NO_MATCH"},
		},
		{
			name: "E13 request template is no Velocity", errorId: "GH-M202", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				return w.inTemplate(`#if($input.json('$.name') != ""){"a": 1}`, `{"name": "secret"}`)
			},
			says:   []string{"template application/json", "unexpected end of the template", "update-integration ", "template.vtl"},
			before: func(w *world) { w.file("template.vtl", `#if($input.json('$.name') != ""){"a": 1}#end`) },
		},
		{
			name: "E13 response template is no Velocity", errorId: "GH-M202", status: http.StatusInternalServerError,
			arrange: func(w *world) *request { return w.outTemplate(`#foreach($pet in $input.path('$')) $pet`, `["secret"]`) },
			says:    []string{"response template application/json", "unexpected end of the template", "update-integration-response ", "--status-code 200"},
			before: func(w *world) {
				w.file("template.vtl", `[#foreach($pet in $input.path('$')) "$pet"#if($foreach.hasNext),#end#end]`)
			},
		},
		{
			name: "E13 response template reads HTML", errorId: "GH-M202", status: http.StatusInternalServerError,
			arrange: func(w *world) *request { return w.outTemplate(`{"name": $input.json('$.name')}`, `{secret<html>`) },
			says:    []string{"response template application/json", "a response body that is not JSON", "--status-code 200", "$input.body"},
		},
		{
			name: "E13 backend refuses what was rendered", errorId: "GH-M201", status: http.StatusUnprocessableEntity,
			arrange: (*world).strictBackend,
			says: []string{"which the backend answered with an error", "line 1 column 10, at `{\"name\": }` from $input.path('$.nme')", "(there: name)",
				`$input.json('"'"'$.name'"'"')`},
		},
		{
			name: "E13 client gets what was rendered", errorId: "GH-M201", status: http.StatusOK,
			arrange: func(w *world) *request {
				sent := w.outTemplate(`{"name": $input.path('$.nme')}`, `{"name": "secret"}`)
				w.patchStage("/*/*/logging/dataTrace", "true")
				return sent
			},
			says: []string{"which the client got as it is", "line 1 column 10, at `{\"name\": }` from $input.path('$.nme')", `did you mean "name"?`, "update-integration-response"},
			passes: func(w *world, _ string) {
				if got := w.send(&request{path: "/prod/"}); got.body != `{"name": "secret"}` {
					w.t.Errorf("got %s", got.body)
				}
			},
		},
	}
}

// inTemplate is a request template whose output a function does not take.
func inTemplate(name, template, body string, says ...string) situation {
	return situation{
		name: name, errorId: "GH-M201", status: http.StatusBadRequest, says: says,
		arrange: func(w *world) *request { return w.inTemplate(template, body) },
	}
}

// inTemplate makes POST / with a request template before a function, or without one.
func (w *world) inTemplate(template, body string) *request {
	w.t.Helper()
	w.restApi()
	w.function("echo", "return event")
	in := w.proxy("echo")
	in.Type = types.IntegrationTypeAws
	if template != "" {
		in.RequestTemplates = map[string]string{"application/json": template}
	}
	w.method(w.root, "POST", in, "200")
	w.answer(w.root, "POST", "200", "")
	w.deploy()
	return &request{method: "POST", path: "/prod/", body: body, header: map[string]string{"Content-Type": "application/json", "Limit": "3"}}
}

// outTemplate makes GET / with a response template over what a backend answers.
func (w *world) outTemplate(template, answer string) *request {
	w.t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(to, answer) }))
	w.t.Cleanup(backend.Close)
	w.restApi()
	in := httpProxy(backend.URL)
	in.Type = types.IntegrationTypeHttp
	w.method(w.root, "GET", in, "200")
	must(w.rest.PutIntegrationResponse(w.ctx(), &apigateway.PutIntegrationResponseInput{
		RestApiId: &w.apiId, ResourceId: &w.root, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"), ResponseTemplates: map[string]string{"application/json": template},
	}))(w)
	w.deploy()
	return &request{path: "/prod/"}
}

// strictBackend makes POST / before a backend that answers 422 to what is not JSON.
func (w *world) strictBackend() *request {
	w.t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !json.Valid(body) {
			to.WriteHeader(http.StatusUnprocessableEntity)
		}
	}))
	w.t.Cleanup(backend.Close)
	w.restApi()
	in := httpProxy(backend.URL)
	in.Type, in.IntegrationHttpMethod = types.IntegrationTypeHttp, aws.String("POST")
	in.RequestTemplates = map[string]string{"application/json": `{"name": $input.path('$.nme')}`}
	w.method(w.root, "POST", in, "200", "422")
	w.answer(w.root, "POST", "200", "")
	w.answer(w.root, "POST", "422", "422")
	w.deploy()
	return &request{method: "POST", path: "/prod/", body: `{"name": "secret"}`}
}
