package mapping_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/mapping"
	"gatehouse/internal/value"
)

func testInput(body string) *mapping.Input {
	payload := mapping.NewPayload([]byte(body))
	variables := fixed{
		"requestId": value.OfString("r-1"), "identity.sourceIp": value.OfString("192.0.2.1"), "authorizer.n": value.OfInt(7),
	}
	names := []string{"requestId", "identity.sourceIp", "authorizer.n"}
	return &mapping.Input{
		Payload: &payload,
		Path:    mapping.Values{{Name: "id", Value: "5"}}, Querystring: mapping.Values{{Name: "q", Value: "a"}, {Name: "q", Value: "b"}},
		Header:         mapping.Values{{Name: "X-Id", Value: "h1"}, {Name: "X-Id", Value: "h2"}, {Name: "Accept", Value: "*/*"}},
		StageVariables: mapping.Values{{Name: "env", Value: "prod"}},
		Context:        mapping.NewContextNames(names).NewContext(variables),
		RequestPath:    "/pets/5", StatusCode: 201,
	}
}

const jsonBody = `{"a": {"b": ["x", {"c": 1}]}, "s": "text", "n": null, "t": true}`

// How known: request-response-data-mappings.md; single values take the last, names are case-sensitive, missing ones are skipped (observed).
func TestCompileRequestParameter(t *testing.T) {
	for _, test := range []struct{ expression, body, want string }{
		{"'static value'", "", "static value"},
		{"''", "", ""},
		{"method.request.path.id", "", "5"},
		{"method.request.querystring.q", "", "b"},
		{"method.request.multivaluequerystring.q", "", "a|b"},
		{"method.request.header.X-Id", "", "h2"},
		{"method.request.header.x-id", "", "-"},
		{"method.request.multivalueheader.X-Id", "", "h1|h2"},
		{"method.request.header.Nope", "", "-"},
		{"stageVariables.env", "", "prod"},
		{"stageVariables.nope", "", "-"},
		{"context.requestId", "", "r-1"},
		{"context.identity.sourceIp", "", "192.0.2.1"},
		{"context.authorizer.n", "", "7"},
		{"context.nope", "", "-"},
		{"context.identity", "", "-"},
		{"method.request.body", jsonBody, jsonBody},
		{"method.request.body", "plain", "plain"},
		{"method.request.body", "", "-"},
		{"method.request.body.s", jsonBody, "text"},
		{"method.request.body.a.b[0]", jsonBody, "x"},
		{"method.request.body.a.b[1]", jsonBody, `{"c":1}`},
		{"method.request.body.a.b[*].c", jsonBody, "[1]"},
		{"method.request.body.n", jsonBody, "-"},
		{"method.request.body.nope", jsonBody, "-"},
		{"method.request.body.t", jsonBody, "true"},
		{"method.request.body.s", "plain", "-"},
		{"method.request.body[0]", "[3]", "3"},
		{"method.request.body", `{"a"`, "400"},
		{"method.request.body.a", `[1`, "400"},
	} {
		p, err := mapping.CompileRequestParameter(test.expression, nil)
		if err != nil {
			t.Errorf("%s: %v", test.expression, err)
			continue
		}
		values, err := p.Append(nil, testInput(test.body))
		got := strings.Join(values, "|")
		switch {
		case errors.Is(err, mapping.ErrPayload):
			got = "400"
		case err != nil:
			got = err.Error()
		case len(values) == 0:
			got = "-"
		}
		if got != test.want {
			t.Errorf("%s of %q: %q, want %q", test.expression, test.body, got, test.want)
		}
	}
}

// How known: request-response-data-mappings.md; the message was observed.
func TestCompileRequestParameter_invalid(t *testing.T) {
	declared := func(name string) bool {
		return name == "method.request.header.X-Id" || name == "method.request.querystring.q"
	}
	for expression, want := range map[string]string{
		"method.request.header.X-Id":             "",
		"method.request.multivalueheader.X-Id":   "",
		"method.request.multivaluequerystring.q": "",
		"method.request.header.Y":                "Invalid mapping expression parameter specified: method.request.header.Y",
		"method.request.header.":                 "Invalid mapping expression specified: method.request.header.",
		"method.request.header.a b":              "Invalid mapping expression specified: method.request.header.a b",
		"method.request.cookie.a":                "Invalid mapping expression specified: method.request.cookie.a",
		"method.request.body.":                   "Invalid mapping expression specified: method.request.body.",
		"method.request.bodyx":                   "Invalid mapping expression specified: method.request.bodyx",
		"integration.response.body":              "Invalid mapping expression specified: integration.response.body",
		"$context.requestId":                     "Invalid mapping expression specified: $context.requestId",
		"'open":                                  "Invalid mapping expression specified: 'open",
		"":                                       "Invalid mapping expression specified: ",
	} {
		_, err := mapping.CompileRequestParameter(expression, declared)
		if got := errorText(err); got != want {
			t.Errorf("%q: %q, want %q", expression, got, want)
		}
	}
	_, err := mapping.CompileRequestParameter("x", nil)
	want := "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: x]"
	if got := mapping.InvalidMapping([]error{err}); got != want {
		t.Errorf("message %q", got)
	}
	if mapping.InvalidMapping(nil) != "" {
		t.Error("a message about nothing")
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// How known: request-response-data-mappings.md; that case does not matter here is unconfirmed.
func TestCompileResponseParameter(t *testing.T) {
	for expression, want := range map[string]string{
		"integration.response.header.x-id":           "h2",
		"integration.response.multivalueheader.X-Id": "h1|h2",
		"integration.response.body.a.b[0]":           "x",
		"integration.response.header.nope":           "",
		"context.requestId":                          "r-1",
		"'*'":                                        "*",
	} {
		p, err := mapping.CompileResponseParameter(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		values, err := p.Append(nil, testInput(jsonBody))
		if got := strings.Join(values, "|"); err != nil || got != want {
			t.Errorf("%s: %q %v, want %q", expression, got, err, want)
		}
	}
	if _, err := mapping.CompileResponseParameter("method.request.header.a"); err == nil {
		t.Error("a request header in a response")
	}
}

// How known: http-api-parameter-mapping.md.
func TestCompileHTTPRequestValue(t *testing.T) {
	for _, test := range []struct{ expression, want string }{
		{"static", "static"},
		{"$request.header.x-id", "h1,h2"},
		{"${request.header.X-ID}!", "h1,h2!"},
		{"$request.querystring.q", "a,b"},
		{"$request.querystring.Q", "-"},
		{"$request.path", "/pets/5"},
		{"$request.path.id", "5"},
		{"/${request.path.id}/${context.requestId}", "/5/r-1"},
		{"$context.identity.sourceIp", "192.0.2.1"},
		{"$stageVariables.env", "prod"},
		{"$request.body.a.b[0]", "x"},
		{"$request.body.nope", "-"},
		{"$request.body", jsonBody},
		{"${request.body.nope}", "-"},
		{"${request.body.nope}-${request.path.id}", "-5"},
	} {
		e, err := mapping.CompileHTTPRequestValue(test.expression)
		if err != nil {
			t.Errorf("%s: %v", test.expression, err)
			continue
		}
		got, ok := e.Evaluate(testInput(jsonBody))
		if !ok {
			got = "-"
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.expression, got, test.want)
		}
	}
	for _, expression := range []string{"$request.body..a", "$request.body[?(@.a)]", "$nope", "${request.path", "$request.header.", "$response.body"} {
		if _, err := mapping.CompileHTTPRequestValue(expression); err == nil {
			t.Errorf("%s compiles", expression)
		}
	}
}

// How known: http-api-parameter-mapping.md: a path sees the first 100 KB, the whole body is whole.
func TestCompileHTTPRequestValue_largeBody(t *testing.T) {
	body := `{"a": "` + strings.Repeat("x", 120<<10) + `"}`
	path, err := mapping.CompileHTTPRequestValue("$request.body.a")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := path.Evaluate(testInput(body)); ok {
		t.Errorf("a value of %d bytes in a body that is cut", len(got))
	}
	whole, err := mapping.CompileHTTPRequestValue("$request.body")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := whole.Evaluate(testInput(body)); got != body {
		t.Errorf("%d bytes of %d", len(got), len(body))
	}
}

// How known: http-api-parameter-mapping.md.
func TestParseRequestTarget(t *testing.T) {
	for key, want := range map[string]mapping.Target{
		"append:header.X-A":      {Action: mapping.ActionAppend, Location: "header", Name: "X-A"},
		"overwrite:header.h":     {Action: mapping.ActionOverwrite, Location: "header", Name: "h"},
		"remove:querystring.q.r": {Action: mapping.ActionRemove, Location: "querystring", Name: "q.r"},
		"overwrite:path":         {Action: mapping.ActionOverwrite, Location: "path"},
	} {
		if got, err := mapping.ParseRequestTarget(key); err != nil || got != want {
			t.Errorf("%s: %+v %v", key, got, err)
		}
	}
	for _, key := range []string{
		"append:path", "overwrite:statuscode", "add:header.a", "append:header.", "append:cookie.a", "header.a", "append:header.Authorization",
		"append:header.X-Amzn-A", "overwrite:header.access-control-allow-origin", "append:header.a b", "",
	} {
		if _, err := mapping.ParseRequestTarget(key); err == nil {
			t.Errorf("%s is a target", key)
		}
	}
	if _, err := mapping.ParseResponseTarget("overwrite:statuscode"); err != nil {
		t.Error(err)
	}
	if _, err := mapping.ParseResponseTarget("overwrite:path"); err == nil {
		t.Error("a path in a response")
	}
}

// How known: websocket-api-data-mapping.md, apigateway-websocket-api-selection-expressions.md, websocket-api-develop-routes.md.
func TestCompileSelection(t *testing.T) {
	for expression, want := range map[string]string{
		"$request.body.s":                         "text",
		"$request.body.a.b[1].c":                  "1",
		"$request.body.nope":                      "",
		"${request.body.s}-beta":                  "text-beta",
		`\$default`:                               "$default",
		"static":                                  "static",
		"$context.requestId":                      "r-1",
		"${integration.response.statuscode}":      "201",
		"${stageVariables.env}/${request.body.t}": "prod/true",
	} {
		e, err := mapping.CompileSelection(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if got := e.Select(testInput(jsonBody)); got != want {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
	p, err := mapping.CompileRouteParameter("route.request.querystring.q", nil)
	if err != nil {
		t.Fatal(err)
	}
	if values, err := p.Append(nil, testInput("")); err != nil || !slices.Equal(values, []string{"b"}) {
		t.Error(values, err)
	}
	if _, err := mapping.CompileRouteParameter("route.request.path.id", nil); err == nil {
		t.Error("a path of a WebSocket route")
	}
}
