package httpmapping

import (
	"strings"
	"testing"
)

type source struct{ body string }

func (source) Header(side Side, name string) (string, bool) {
	if strings.EqualFold(name, "h") {
		return string(side) + " header", true
	}
	return "", false
}
func (source) QueryString(name string) (string, bool)     { return "1,2", name == "q" }
func (source) PathParameter(name string) (string, bool)   { return "7", name == "id" }
func (source) Path() string                               { return "/pets/7" }
func (s source) Body(Side) []byte                         { return []byte(s.body) }
func (source) ContextVariable(name string) (string, bool) { return "r1", name == "requestId" }
func (source) StageVariable(name string) (string, bool)   { return "blue", name == "colour" }

const none = "(none)"

// Source: guide, http-api-parameter-mapping.md.
func TestExpressions(t *testing.T) {
	large := `{"a":"` + strings.Repeat("x", BodyLimit) + `"}`
	for _, test := range []struct {
		text string
		side Side
		body string
		want string
	}{
		{"static", Request, "", "static"},
		{"", Request, "", none},
		{"$request.header.H", Request, "", "request header"},
		{"$request.header.x", Request, "", none},
		{"${request.header.x}", Request, "", none},
		{"$response.header.h", Response, "", "response header"},
		{"$request.querystring.q", Request, "", "1,2"},
		{"$request.path.id", Request, "", "7"},
		{"$request.path", Request, "", "/pets/7"},
		{"$context.requestId", Request, "", "r1"},
		{"$stageVariables.colour", Response, "", "blue"},
		{"/${stageVariables.colour}/${request.path.id}", Request, "", "/blue/7"},
		{"a${request.path.none}b", Request, "", "ab"},
		{"5 $ and { }", Request, "", "5 $ and { }"},
		{"$request.body", Request, "plain", "plain"},
		{"$request.body", Request, "", none},
		{"$request.body.a.b", Request, `{"a":{"b":"text"}}`, "text"},
		{"$request.body.a", Request, `{"a":{"b":"text"}}`, `{"b":"text"}`},
		{"$request.body.a[1]", Request, `{"a":[1,2.50]}`, "2.5"},
		{"$request.body.a", Request, `{"a":null}`, none},
		{"$request.body.a", Request, `{"b":1}`, none},
		{"$request.body.a", Request, `not json`, none},
		{"$request.body.a", Request, large, none},
		{"$response.body.a", Response, `{"a":true}`, "true"},
	} {
		expression, err := Compile(test.text, test.side)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		got, ok := expression.Eval(source{test.body})
		if !ok || test.text == "" {
			got = none
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestBadExpressions(t *testing.T) {
	for text, side := range map[string]Side{
		"$request.cookie.a": Request, "$response.header.a": Request, "$request.header.a": Response, "$response.querystring.a": Response,
		"$request.body..a": Request, "$request.body.a[?(@.b==1)]": Request, "$foo": Request, "${request.path.id": Request,
		"$request.header.": Request, "$response.path": Response, "$request.pathology": Request,
	} {
		if _, err := Compile(text, side); err == nil {
			t.Errorf("%s on the side of the %s is taken", text, side)
		}
	}
}

// Source: guide, http-api-parameter-mapping.md, keys and reserved headers.
func TestKeys(t *testing.T) {
	for _, text := range []string{"append:header.a", "overwrite:header.a.b", "remove:querystring.Q", "overwrite:path", "overwrite:header.Host"} {
		key, err := ParseRequestKey(text)
		if err != nil || key.String() != text {
			t.Errorf("%s: %v, %v", text, key, err)
		}
	}
	for _, text := range []string{
		"header.a", "set:header.a", "append:path", "overwrite:path.a", "overwrite:statuscode", "append:header", "append:header.",
		"append:header.Authorization", "overwrite:header.x-amz-date", "remove:header.Access-Control-Allow-Origin", "append:header.Via", "append:body",
	} {
		if _, err := ParseRequestKey(text); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
	if _, err := ParseResponseKey("overwrite:statuscode"); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"append:querystring.a", "overwrite:path", "remove:statuscode"} {
		if _, err := ParseResponseKey(text); err == nil {
			t.Errorf("%s is taken for a response", text)
		}
	}
	for text, want := range map[string]bool{"200": true, "99": false, "600": false, "x": false, "403": true} {
		if _, ok := ValidStatusCode(text); ok != want {
			t.Errorf("status %s: %v", text, ok)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{"$request.body.a[0]", "${context.a}b${", "$request.path.id", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		expression, err := Compile(text, Request)
		if err != nil {
			return
		}
		expression.Eval(source{`{"a":[{"b":1}]}`})
	})
}
