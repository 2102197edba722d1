package integration

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Source: facts observed on AWS (the five members, coercions, the merge of headers)
// and the guide, handle-errors-in-lambda-integration.md.
func TestParseProxyResponse(t *testing.T) {
	for name, test := range map[string]struct {
		payload string
		want    ProxyResponse
	}{
		"StatusCodeIsMissing":       {`{"body":"x"}`, ProxyResponse{StatusCode: 200, Body: "x"}},
		"StatusCodeIsNumericString": {`{"statusCode":"201"}`, ProxyResponse{StatusCode: 201}},
		"Empty":                     {`{}`, ProxyResponse{StatusCode: 200}},
		"BodyIsNull":                {`{"statusCode":200,"body":null}`, ProxyResponse{StatusCode: 200}},
		"HeaderBoolean":             {`{"headers":{"a":true,"b":false,"c":1}}`, ProxyResponse{StatusCode: 200, Headers: []Field{{"a", "true"}, {"b", "false"}, {"c", "1"}}}},
		"Base64":                    {`{"isBase64Encoded":true,"body":"/wA="}`, ProxyResponse{StatusCode: 200, Body: "/wA=", IsBase64Encoded: true}},
		"MultiValuesFirst": {
			`{"headers":{"Test-Header":"value-solo","other":"o"},"multiValueHeaders":{"test-header":["value-multi"]}}`,
			ProxyResponse{StatusCode: 200, Headers: []Field{{"test-header", "value-multi"}, {"test-header", "value-solo"}, {"other", "o"}}},
		},
	} {
		got, err := ParseProxyResponse([]byte(test.payload))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.want, *got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestParseProxyResponseMalformed(t *testing.T) {
	for name, test := range map[string]struct{ payload, field, found string }{
		"BodyIsObject":           {`{"statusCode":200,"body":{"a":1}}`, "body", "object"},
		"UnknownMember":          {`{"statusCode":200,"cookies":[]}`, "cookies", "present"},
		"String":                 {`"hello"`, "", "string"},
		"Null":                   {`null`, "", "null"},
		"List":                   {`[1]`, "", "array"},
		"StatusCodeIsFloat":      {`{"statusCode":200.5}`, "statusCode", "number 200.5"},
		"StatusCodeIsWord":       {`{"statusCode":"ok"}`, "statusCode", `string "ok"`},
		"MultiValuesAreNotLists": {`{"multiValueHeaders":{"a":"b"}}`, "multiValueHeaders.a", "string"},
		"HeadersAreAList":        {`{"headers":["a"]}`, "headers", "array"},
		"HeaderIsObject":         {`{"headers":{"a":{}}}`, "headers.a", "object"},
		"Broken":                 {`{"statusCode":`, "", "object"},
	} {
		_, err := ParseProxyResponse([]byte(test.payload))
		var malformed *MalformedProxyResponse
		if !errors.As(err, &malformed) {
			t.Errorf("%s: got %v, want a MalformedProxyResponse", name, err)
			continue
		}
		if malformed.Field != test.field || malformed.Found != test.found {
			t.Errorf("%s: got field %q found %q, want %q %q", name, malformed.Field, malformed.Found, test.field, test.found)
		}
	}
}

func FuzzParseProxyResponse(f *testing.F) {
	f.Add([]byte(`{"statusCode":200,"headers":{"a":"b"},"multiValueHeaders":{"a":["c"]},"body":"x"}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		response, err := ParseProxyResponse(payload)
		if err == nil && (response.StatusCode < 100 || response.StatusCode > 599) {
			t.Fatalf("status %d", response.StatusCode)
		}
	})
}

// Texts as no JSON.stringify writes them are read as before, when encoding/json read
// them: names twice, bytes that are no UTF-8, half a surrogate pair, spaces.
func TestParseProxyResponse_unusualTexts(t *testing.T) {
	for payload, want := range map[string]ProxyResponse{
		" { \"statusCode\" : \"201\" , \"body\":\"a\\u00e9\\n\\ud83d\\ude00\" } ": {StatusCode: 201, Body: "aé\n😀"},
		`{"body":"first","statusCode":202,"body":"last"}`:                         {StatusCode: 202, Body: "last"},
		"{\"body\":\"a\xffb\"}": {StatusCode: 200, Body: "a\ufffdb"},
		`{"body":"\ud800x"}`:    {StatusCode: 200, Body: "\ufffdx"},
		`{"body":12.50,"headers":{"a":true,"b":null,"c":"\u0041"}}`:                {StatusCode: 200, Body: "12.50", Headers: []Field{{"a", "true"}, {"c", "A"}}},
		`{"headers":{"a":"1"},"multiValueHeaders":{"B":["\u0032",3]},"body":null}`: {StatusCode: 200, Headers: []Field{{"B", "2"}, {"B", "3"}, {"a", "1"}}},
		`{"headers":null,"multiValueHeaders":null,"isBase64Encoded":"true"}`:       {StatusCode: 200, IsBase64Encoded: true},
		`{"statusCode":200,"headers":{"Content-Type":"a","Content-Type":"b"}}`:     {StatusCode: 200, Headers: []Field{{"Content-Type", "b"}}},
	} {
		got, err := ParseProxyResponse([]byte(payload))
		if err != nil {
			t.Errorf("%s: %v", payload, err)
		} else if diff := cmp.Diff(&want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", payload, diff)
		}
	}
	for _, payload := range []string{`{"body":"a}`, `{"a"`, `{"a":}`, `[`, `{"body":"\x"}`, `{"body":1,}`, ``, `{"body":"a" "b":1}`} {
		if got, err := ParseProxyResponse([]byte(payload)); err == nil {
			t.Errorf("%s: got %+v", payload, got)
		}
	}
}
