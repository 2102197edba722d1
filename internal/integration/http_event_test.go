package integration

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Source: guide, http-api-develop-integrations-lambda.md, the example of format 2.0.
func TestHttpEventAppendJSON(t *testing.T) {
	event := HttpEvent{
		RouteKey: "$default", RawPath: "/my/path", RawQueryString: "p=1&p=2&q=x",
		Headers: []Field{{"Header1", "value1"}, {"header2", "a"}, {"Header2", "b"}, {"Cookie", "c1=1; c2=2"}},
		Query:   []Field{{"p", "1"}, {"p", "2"}, {"q", "x"}},
		RequestContext: HttpRequestContext{
			AccountId: "123456789012", ApiId: "api-id", Authorizer: []Field{{"jwt", `{"claims":{"a":"b"},"scopes":null}`}},
			DomainName: "id.execute-api.us-east-1.amazonaws.com", DomainPrefix: "id", Method: "POST", Path: "/my/path", Protocol: "HTTP/1.1",
			SourceIp: "192.0.2.1", UserAgent: "agent", RequestId: "id", RouteKey: "$default", Stage: "$default",
			Time: "12/Mar/2020:19:03:58 +0000", TimeEpoch: 1583348638390,
		},
		Body: []byte("Hello"), PathParameters: []Field{{"parameter1", "value1"}}, StageVariables: []Field{{"v", "1"}},
	}
	const want = `{"version":"2.0","routeKey":"$default","rawPath":"/my/path","rawQueryString":"p=1&p=2&q=x","cookies":["c1=1","c2=2"],` +
		`"headers":{"header1":"value1","header2":"a,b"},"queryStringParameters":{"p":"1,2","q":"x"},` +
		`"requestContext":{"accountId":"123456789012","apiId":"api-id","authorizer":{"jwt":{"claims":{"a":"b"},"scopes":null}},` +
		`"domainName":"id.execute-api.us-east-1.amazonaws.com","domainPrefix":"id",` +
		`"http":{"method":"POST","path":"/my/path","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"agent"},` +
		`"requestId":"id","routeKey":"$default","stage":"$default","time":"12/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390},` +
		`"body":"Hello","pathParameters":{"parameter1":"value1"},"isBase64Encoded":false,"stageVariables":{"v":"1"}}`
	if diff := cmp.Diff(want, string(event.AppendJSON(nil))); diff != "" {
		t.Error(diff)
	}
}

// Source: the same page, "Lambda function response for format 2.0".
func TestParseHttpResponse(t *testing.T) {
	jsonHeader := []Field{{"Content-Type", "application/json"}}
	for name, test := range map[string]struct {
		payload string
		want    HttpResponse
	}{
		"Object":  {`{ "message": "hi" }`, HttpResponse{StatusCode: 200, Headers: jsonHeader, Body: `{ "message": "hi" }`, Inferred: true}},
		"String":  {`"hello"`, HttpResponse{StatusCode: 200, Headers: jsonHeader, Body: "hello", Inferred: true}},
		"Null":    {`null`, HttpResponse{StatusCode: 200, Headers: jsonHeader, Body: "null", Inferred: true}},
		"Cookies": {`{"statusCode":201,"cookies":["a=1"],"headers":{"content-type":"text/html"},"body":"x"}`, HttpResponse{StatusCode: 201, Cookies: []string{"a=1"}, Headers: []Field{{"content-type", "text/html"}}, Body: "x"}},
		"NoType":  {`{"statusCode":200,"body":"x"}`, HttpResponse{StatusCode: 200, Headers: []Field{{"Content-Type", defaultContentType}}, Body: "x"}},
	} {
		got, err := ParseHttpResponse([]byte(test.payload))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.want, *got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, payload := range []string{``, `{`, `{"statusCode":"x"}`, `{"statusCode":200,"body":{}}`, `{"statusCode":200,"cookies":"a"}`} {
		if got, err := ParseHttpResponse([]byte(payload)); err == nil {
			t.Errorf("%q was read as %+v", payload, got)
		}
	}
}
