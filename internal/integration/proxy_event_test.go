package integration

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Source: guide, set-up-lambda-proxy-integrations.md (input format) and
// events observed on AWS; what is empty prints as null, single values are the last ones.
func TestProxyEventAppendJSON(t *testing.T) {
	event := ProxyEvent{
		Resource: "/pets/{id}", Path: "/pets/1", HttpMethod: "GET",
		Headers: []Field{{"Accept", "*/*"}, {"x-a", "1"}, {"x-a", "2"}},
		Query:   []Field{{"q", "a\"b"}, {"q", "ü\x01"}},
		RequestContext: ProxyRequestContext{
			ResourceId: "abc123", ResourcePath: "/pets/{id}", HttpMethod: "GET", Stage: "prod", RequestTimeEpoch: 1583349317135,
			Authorizer: []Field{{"principalId", `"me"`}}, Identity: ProxyIdentity{SourceIp: "127.0.0.1"},
		},
	}
	var got map[string]any
	text := event.AppendJSON(nil)
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("the event is not JSON: %v\n%s", err, text)
	}
	want := map[string]any{
		"resource": "/pets/{id}", "path": "/pets/1", "httpMethod": "GET",
		"headers":                         map[string]any{"Accept": "*/*", "x-a": "2"},
		"multiValueHeaders":               map[string]any{"Accept": []any{"*/*"}, "x-a": []any{"1", "2"}},
		"queryStringParameters":           map[string]any{"q": "ü\x01"},
		"multiValueQueryStringParameters": map[string]any{"q": []any{`a"b`, "ü\x01"}},
		"pathParameters":                  nil, "stageVariables": nil, "body": nil, "isBase64Encoded": false,
		"requestContext": map[string]any{
			"resourceId": "abc123", "authorizer": map[string]any{"principalId": "me"}, "resourcePath": "/pets/{id}", "httpMethod": "GET",
			"extendedRequestId": "", "requestTime": "", "path": "", "accountId": "", "protocol": "", "stage": "prod", "domainPrefix": "",
			"requestTimeEpoch": 1583349317135.0, "requestId": "", "domainName": "", "deploymentId": "", "apiId": "",
			"identity": map[string]any{
				"cognitoIdentityPoolId": nil, "accountId": nil, "cognitoIdentityId": nil, "caller": nil, "sourceIp": "127.0.0.1",
				"principalOrgId": nil, "accessKey": nil, "cognitoAuthenticationType": nil, "cognitoAuthenticationProvider": nil,
				"userArn": nil, "userAgent": nil, "user": nil,
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestProxyEventBody(t *testing.T) {
	for name, test := range map[string]struct {
		event ProxyEvent
		want  string
	}{
		"text":   {ProxyEvent{Body: []byte("a\xffb")}, `,"body":"a` + replacementCharacter + `b","isBase64Encoded":false`},
		"binary": {ProxyEvent{Body: []byte{0xff, 0}, IsBase64Encoded: true}, `,"body":"/wA=","isBase64Encoded":true`},
		"empty":  {ProxyEvent{IsBase64Encoded: true}, `,"body":null,"isBase64Encoded":false`},
	} {
		if got := string(test.event.appendBody(nil)); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	f.Add("plain")
	f.Add("\xff\x00\"\\\u2028")
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if err := json.Unmarshal(appendString(nil, s), &back); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if want := string(validText([]byte(s))); back != want {
			t.Fatalf("got %q, want %q", back, want)
		}
	})
}
