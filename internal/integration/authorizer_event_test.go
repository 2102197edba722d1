package integration

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func compareJSON(t *testing.T, got []byte, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTokenEvent(t *testing.T) {
	compareJSON(t, AppendTokenEvent(nil, "arn:m", `a"b`), `{"type":"TOKEN","methodArn":"arn:m","authorizationToken":"a\"b"}`)
}

// Source: guide, api-gateway-lambda-authorizer-input.md.
func TestRequestEvent(t *testing.T) {
	event := ProxyEvent{
		Resource: "/pets/{id}", Path: "/pets/1", HttpMethod: "GET", Headers: []Field{{"A", "1"}, {"A", "2"}},
		PathParameters: []Field{{"id", "1"}}, RequestContext: ProxyRequestContext{Stage: "prod"},
	}
	var got map[string]any
	if err := json.Unmarshal(event.AppendRequestEvent(nil, "arn:m"), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "requestContext")
	want := map[string]any{
		"type": "REQUEST", "methodArn": "arn:m", "resource": "/pets/{id}", "path": "/pets/1", "httpMethod": "GET",
		"headers": map[string]any{"A": "2"}, "multiValueHeaders": map[string]any{"A": []any{"1", "2"}},
		"queryStringParameters": map[string]any{}, "multiValueQueryStringParameters": map[string]any{},
		"pathParameters": map[string]any{"id": "1"}, "stageVariables": map[string]any{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Source: guide, http-api-lambda-authorizer.md.
func TestHttpAuthorizerEvents(t *testing.T) {
	two := HttpEvent{RouteKey: "GET /a", RawPath: "/a", Headers: []Field{{"X", "1"}, {"x", "2"}, {"Cookie", "c=1; d=2"}}, Query: []Field{{"q", "1"}, {"q", "2"}}}
	compareJSON(t, two.AppendAuthorizerEvent(nil, "arn:r", []string{"user1", "123"}), `{"version":"2.0","type":"REQUEST","routeArn":"arn:r",
		"identitySource":["user1","123"],"routeKey":"GET /a","rawPath":"/a","rawQueryString":"","cookies":["c=1","d=2"],"headers":{"x":"1,2"},
		"queryStringParameters":{"q":"1,2"},"requestContext":{"accountId":"","apiId":"","domainName":"","domainPrefix":"",
		"http":{"method":"","path":"","protocol":"","sourceIp":"","userAgent":""},"requestId":"","routeKey":"","stage":"","time":"","timeEpoch":0}}`)
	one := HttpProxyEvent{ProxyEvent{Resource: "/a", Path: "/prod/a", HttpMethod: "GET", Headers: []Field{{"x", "1"}}}}
	compareJSON(t, one.AppendAuthorizerEvent(nil, "arn:m", []string{"user1", "123"}), `{"version":"1.0","type":"REQUEST","methodArn":"arn:m",
		"identitySource":"user1,123","authorizationToken":"user1,123","resource":"/a","path":"/prod/a","httpMethod":"GET","headers":{"x":"1"},
		"queryStringParameters":{},"pathParameters":{},"stageVariables":{},"requestContext":{"accountId":"","apiId":"","domainName":"","domainPrefix":"",
		"extendedRequestId":"","httpMethod":"","identity":{"accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,
		"cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"principalOrgId":null,"sourceIp":"","user":null,
		"userAgent":null,"userArn":null},"path":"","protocol":"","requestId":"","requestTime":"","requestTimeEpoch":0,"resourceId":null,
		"resourcePath":"","stage":""}}`)
}

// Source: guide, http-api-develop-integrations-lambda.md, format 1.0.
func TestHttpProxyEvent(t *testing.T) {
	event := HttpProxyEvent{ProxyEvent{
		Resource: "/my/path", Path: "/my/path", HttpMethod: "GET", Headers: []Field{{"header1", "value1"}, {"header2", "value1"}, {"header2", "value2"}},
		Query: []Field{{"parameter1", "value1"}, {"parameter1", "value2"}, {"parameter2", "value"}}, Body: []byte("Hello from Lambda!"),
		RequestContext: ProxyRequestContext{
			AccountId: "123456789012", ApiId: "id", Authorizer: []Field{{"claims", "null"}, {"scopes", "null"}}, DomainName: "id.execute-api.us-east-1.amazonaws.com",
			DomainPrefix: "id", ExtendedRequestId: "request-id", HttpMethod: "GET", Path: "/my/path", Protocol: "HTTP/1.1", RequestId: "id=",
			RequestTime: "04/Mar/2020:19:15:17 +0000", RequestTimeEpoch: 1583349317135, ResourcePath: "/my/path", Stage: "$default",
			Identity: ProxyIdentity{SourceIp: "192.0.2.1", UserAgent: "user-agent"},
		},
	}}
	compareJSON(t, event.AppendJSON(nil), `{"version":"1.0","resource":"/my/path","path":"/my/path","httpMethod":"GET",
		"headers":{"header1":"value1","header2":"value2"},"multiValueHeaders":{"header1":["value1"],"header2":["value1","value2"]},
		"queryStringParameters":{"parameter1":"value2","parameter2":"value"},
		"multiValueQueryStringParameters":{"parameter1":["value1","value2"],"parameter2":["value"]},
		"requestContext":{"accountId":"123456789012","apiId":"id","authorizer":{"claims":null,"scopes":null},
		"domainName":"id.execute-api.us-east-1.amazonaws.com","domainPrefix":"id","extendedRequestId":"request-id","httpMethod":"GET",
		"identity":{"accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,"cognitoAuthenticationType":null,
		"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"principalOrgId":null,"sourceIp":"192.0.2.1","user":null,"userAgent":"user-agent","userArn":null},
		"path":"/my/path","protocol":"HTTP/1.1","requestId":"id=","requestTime":"04/Mar/2020:19:15:17 +0000","requestTimeEpoch":1583349317135,
		"resourceId":null,"resourcePath":"/my/path","stage":"$default"},"pathParameters":null,"stageVariables":null,"body":"Hello from Lambda!","isBase64Encoded":false}`)
}
