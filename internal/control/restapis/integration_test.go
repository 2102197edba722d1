package restapis

import (
	"strings"
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/store"
)

// Source: guide aws-api-gateway-stage-variables-reference.md, setup-http-integrations.md;
// that a host without a dot is accepted is ours (names inside a network).
func TestValidateHttpUri(t *testing.T) {
	for uri, want := range map[string]bool{
		"http://a": true, "https://example.com:8443/a/{b}?c=d": true, "https://${stageVariables.host}/a": true, "http://a.${stageVariables.domain}/": true,
		"${stageVariables.url}": true, "http://${stageVariables.a}.b.c": true, "http://[::1]:80/": true, "http://{host}/a": true, "http://127.0.0.1:9000/x": true,
		"": false, "a": false, "http://": false, "http:///a": false, "ftp://a": false, "HTTPS//a": false, "https://a b": false, "http://:80": false, "http://a:b:c": false,
		"arn:aws:x": false, "http://?a": false,
	} {
		if err := validateHttpUri(uri); (err == nil) != want {
			t.Errorf("%q: %v", uri, err)
		}
	}
}

// Source: reported by users, pulumi/pulumi-aws#6020.
func TestPutIntegration_linkOfVersion2(t *testing.T) {
	ctx, s, a := newTestService(t)
	putMock(ctx, t, s, a)
	scope := scopeOf(ctx)
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		return records.VpcLinks.Put(tx, apigwv2.VpcLink{VpcLinkId: "abc123"}, records.Scope(scope), "abc123")
	})
	if err != nil {
		t.Fatal(err)
	}
	in := apigateway.PutIntegrationInput{
		RestApiId: *a.Id, ResourceId: *a.RootResourceId, HttpMethod: "GET", Type: "HTTP_PROXY", IntegrationHttpMethod: value("GET"), Uri: value("http://a.example"),
		ConnectionType: "VPC_LINK", ConnectionId: value("abc123"),
	}
	_, err = s.PutIntegration(ctx, &in)
	wantError(t, err, "BadRequestException", "IntegrationTarget is required for VpcLinkV2 abc123.")
	in.IntegrationTarget = value("arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a/1/2")
	if _, err = s.PutIntegration(ctx, &in); err != nil {
		t.Error(err)
	}
}

func FuzzValidateEndpoint(f *testing.F) {
	f.Add("HTTP", "GET", "http://a/{b}")
	f.Add("AWS", "POST", "arn:aws:apigateway:us-east-1:lambda:path/x")
	f.Fuzz(func(t *testing.T, kind, httpMethod, uri string) {
		i := &apigw.Integration{Type: kind, HttpMethod: httpMethod, Uri: uri}
		if validateEndpoint(i) == nil && isHttpType(kind) && uri == "" {
			t.Error("an empty address is accepted")
		}
	})
}

// Source: request-response-data-mappings.md; the messages are observed on AWS.
func TestValidateRequestMappings(t *testing.T) {
	method := &apigw.Method{RequestParameters: map[string]bool{"method.request.querystring.q": true, "method.request.header.H": false, "method.request.path.p": true}}
	for from, want := range map[string]string{
		"'static'": "", "'multi\nline'": "", "''": "", "context.requestId": "", "context.authorizer.claims.sub": "", "stageVariables.a": "",
		"method.request.querystring.q": "", "method.request.multivaluequerystring.q": "", "method.request.multivalueheader.H": "",
		"method.request.path.p": "", "method.request.body": "", "method.request.body.a[0].b": "",
		"method.request.querystring.x": "Invalid mapping expression parameter specified: method.request.querystring.x",
		"method.request.header.h":      "Invalid mapping expression parameter specified: method.request.header.h",
		"method.request.body.":         "Invalid mapping expression specified: method.request.body.",
		"method.request.bodyx":         "Invalid mapping expression specified: method.request.bodyx",
		"integration.response.body":    "Invalid mapping expression specified: integration.response.body",
		"'open":                        "Invalid mapping expression specified: 'open",
		"":                             "Invalid mapping expression specified: ",
		"$context.requestId":           "Invalid mapping expression specified: $context.requestId",
	} {
		got := ""
		if err := validateRequestMappings(method, map[string]string{"integration.request.header.X": from}); err != nil {
			got = err.Error()
		}
		if want != "" {
			want = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [" + want + "]"
		}
		if !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
	for _, to := range []string{"integration.request.body", "method.request.header.X", "integration.request.header.", "X"} {
		if err := validateRequestMappings(method, map[string]string{to: "'a'"}); err == nil {
			t.Errorf("%q is accepted", to)
		}
	}
}

// Source: PutIntegration's cacheKeyParameters; that they are checked against the method is observed on AWS.
func TestValidateCacheKeys(t *testing.T) {
	method := &apigw.Method{RequestParameters: map[string]bool{"method.request.querystring.q": true}}
	for key, want := range map[string]bool{
		"method.request.querystring.q": true, "method.request.multivaluequerystring.q": true, "integration.request.header.X": true,
		"method.request.querystring.x": false, "integration.request.header.Y": false, "'q'": false, "method.request.body": false, "context.stage": false,
	} {
		i := &apigw.Integration{CacheKeyParameters: []string{key}, RequestParameters: map[string]string{"integration.request.header.X": "'a'"}}
		if err := validateCacheKeys(method, i); (err == nil) != want {
			t.Errorf("%q: %v", key, err)
		}
	}
}
