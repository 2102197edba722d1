package wire_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/cloudformation"
	"gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/awsapi/iam"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/awsapi/sts"
	"gatehouse/internal/caller"
	"gatehouse/internal/wire"
)

// options are those of a server whose operations are all unimplemented.
func options() wire.Options {
	return wire.Options{
		Services: []wire.Service{
			{Schema: apigateway.Schema(), Implementation: apigateway.Unimplemented{}},
			{Schema: apigatewayv2.Schema(), Implementation: apigatewayv2.Unimplemented{}},
			{Schema: apigatewaymanagementapi.Schema(), Implementation: apigatewaymanagementapi.Unimplemented{}},
			{Schema: lambda.Schema(), Implementation: lambda.Unimplemented{}},
			{Schema: logs.Schema(), Implementation: logs.Unimplemented{}},
			{Schema: iam.Schema(), Implementation: iam.Unimplemented{}},
			{Schema: sts.Schema(), Implementation: sts.Unimplemented{}},
			{Schema: elbv2.Schema(), Implementation: elbv2.Unimplemented{}},
			{Schema: cloudformation.Schema(), Implementation: cloudformation.Unimplemented{}},
		},
		Authenticator: wire.DeveloperAuthenticator{DefaultAccount: "000000000000", DefaultRegion: "us-east-1"},
		NewRequestID:  func() string { return "id" },
		Logger:        slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

func newServer(t *testing.T, change func(*wire.Options)) *wire.Server {
	t.Helper()
	o := options()
	if change != nil {
		change(&o)
	}
	server, err := wire.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	for name, change := range map[string]func(*wire.Options){
		"services":      func(o *wire.Options) { o.Services = nil },
		"Authenticator": func(o *wire.Options) { o.Authenticator = nil },
		"NewRequestID":  func(o *wire.Options) { o.NewRequestID = nil },
		"Logger":        func(o *wire.Options) { o.Logger = nil },
		"does not implement": func(o *wire.Options) {
			o.Services = []wire.Service{{Schema: iam.Schema(), Implementation: sts.Unimplemented{}}}
		},
	} {
		o := options()
		change(&o)
		if _, err := wire.New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestMatch(t *testing.T) {
	signed := func(service string) string {
		return "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/" + service + "/aws4_request, SignedHeaders=host, Signature=0"
	}
	for _, test := range []struct {
		name          string
		method, url   string
		authorization string
		target        string
		want          wire.Match
		ok            bool
	}{
		{name: "apigateway by scope", method: "GET", url: "/restapis", authorization: signed("apigateway"), want: wire.Match{Service: "apigateway", SigningName: "apigateway"}, ok: true},
		{name: "apigatewayv2 by scope and path", method: "GET", url: "/v2/apis", authorization: signed("apigateway"), want: wire.Match{Service: "apigatewayv2", SigningName: "apigateway"}, ok: true},
		{name: "elbv2 by its signing name", method: "POST", url: "/", authorization: signed("elasticloadbalancing"), want: wire.Match{Service: "elbv2", SigningName: "elasticloadbalancing"}, ok: true},
		{name: "presigned", method: "GET", url: "/?Action=GetCallerIdentity&X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fsts%2Faws4_request", want: wire.Match{Service: "sts", SigningName: "sts"}, ok: true},
		{name: "not served", method: "GET", url: "/bucket", authorization: signed("s3"), want: wire.Match{SigningName: "s3"}, ok: true},
		{name: "target", method: "POST", url: "/", target: "Logs_20140328.CreateLogGroup", want: wire.Match{Service: "logs"}, ok: true},
		{name: "foreign target", method: "POST", url: "/", target: "DynamoDB_20120810.GetItem"},
		{name: "unsigned path of v1", method: "GET", url: "/restapis/a/resources", want: wire.Match{Service: "apigateway"}, ok: true},
		{name: "unsigned path of v2", method: "GET", url: "/v2/apis", want: wire.Match{Service: "apigatewayv2"}, ok: true},
		{name: "unsigned path of lambda", method: "GET", url: "/2015-03-31/functions/", want: wire.Match{Service: "lambda"}, ok: true},
		{name: "unsigned action", method: "GET", url: "/?Action=ListUsers", want: wire.Match{Service: "iam"}, ok: true},
		{name: "unknown path", method: "GET", url: "/pets"},
		{name: "method not of the path", method: "PATCH", url: "/restapis"},
		{name: "execute-api scope", method: "GET", url: "/pets", authorization: signed("execute-api")},
		{name: "execute-api host", method: "GET", url: "http://a1.execute-api.us-east-1.localhost/restapis"},
		{name: "function url host", method: "GET", url: "http://a1.lambda-url.us-east-1.localhost/restapis", authorization: signed("lambda")},
		{name: "user request", method: "GET", url: "/restapis/a1/prod/_user_request_/pets"},
		{name: "stage named resources", method: "GET", url: "/restapis/a1/resources/_user_request_"},
		{name: "data plane path", method: "GET", url: "/_aws/execute-api/a1/prod/restapis"},
		{name: "console", method: "GET", url: "/_gatehouse/restapis"},
		{name: "connections", method: "POST", url: "/_aws/execute-api/a1/prod/@connections/abc", authorization: signed("execute-api"), want: wire.Match{Service: "apigatewaymanagementapi", SigningName: "execute-api", BasePath: "/_aws/execute-api/a1/prod"}, ok: true},
		{name: "connections by host", method: "GET", url: "http://a1.execute-api.us-east-1.localhost/prod/%40connections/a%2Fb", want: wire.Match{Service: "apigatewaymanagementapi", BasePath: "/prod"}, ok: true},
		{name: "below a connection", method: "GET", url: "http://a1.execute-api.us-east-1.localhost/prod/@connections/a/b"},
		{name: "put to a connection", method: "PUT", url: "http://a1.execute-api.us-east-1.localhost/prod/@connections/a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, test.url, nil)
			r.Header.Set("Authorization", test.authorization)
			r.Header.Set("X-Amz-Target", test.target)
			got, ok := newServer(t, nil).Match(r)
			if ok != test.ok || got != test.want {
				t.Errorf("Match = %+v, %v; want %+v, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

// Match may look into an unsigned form; the body is whole afterwards.
func TestMatchKeepsTheBody(t *testing.T) {
	form := "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&Pad=" + strings.Repeat("x", 10000)
	r := httptest.NewRequest("POST", "/", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got, ok := newServer(t, nil).Match(r); !ok || got.Service != "sts" {
		t.Fatalf("Match = %+v, %v", got, ok)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || string(body) != form {
		t.Errorf("the body is %d bytes, %v; want %d", len(body), err, len(form))
	}
}

// onlyAPIGateway notes what an operation receives.
type onlyAPIGateway struct {
	apigateway.Unimplemented
	*recorder
}

type recorder struct {
	got    *apigateway.PutRestApiInput
	caller caller.Caller
}

// PutRestApi notes its input and caller.
func (r onlyAPIGateway) PutRestApi(ctx context.Context, in *apigateway.PutRestApiInput) (*apigateway.RestApi, error) {
	r.recorder.got, r.recorder.caller = in, caller.From(ctx)
	return nil, nil
}

func serveRecorder(t *testing.T, r *recorder, change func(*wire.Options)) *wire.Server {
	t.Helper()
	return newServer(t, func(o *wire.Options) {
		o.Services = []wire.Service{{Schema: apigateway.Schema(), Implementation: onlyAPIGateway{recorder: r}}}
		if change != nil {
			change(o)
		}
	})
}

func TestBodyEncodings(t *testing.T) {
	const text = `{"swagger":"2.0"}`
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	var bomb bytes.Buffer
	w = gzip.NewWriter(&bomb)
	_, _ = w.Write(make([]byte, wire.MaxImport+1))
	_ = w.Close()
	chunked := "5\r\n{\"swa\r\nc\r\ngger\":\"2.0\"}\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
	for _, test := range []struct {
		name, body, encoding, sha256 string
		status                       int
	}{
		{name: "plain", body: text, status: 200},
		{name: "gzip", body: zipped.String(), encoding: "gzip", status: 200},
		{name: "gzip that is none", body: text, encoding: "gzip", status: 400},
		{name: "gzip bomb", body: bomb.String(), encoding: "gzip", status: 413},
		{name: "unknown encoding", body: text, encoding: "br", status: 415},
		{name: "aws-chunked", body: chunked, encoding: "aws-chunked", sha256: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", status: 200},
		{name: "aws-chunked cut short", body: chunked[:12], encoding: "aws-chunked", status: 400},
		{name: "aws-chunked that lies", body: "ffffffff\r\nabc", encoding: "aws-chunked", status: 413},
		{name: "signed chunks", body: chunked, encoding: "aws-chunked", sha256: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", status: 501},
		{name: "at the limit", body: strings.Repeat("x", wire.MaxImport), status: 200},
		{name: "over the limit", body: strings.Repeat("x", wire.MaxImport+1), status: 413},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r recorder
			request := httptest.NewRequest("PUT", "/restapis/a1", strings.NewReader(test.body))
			request.Header.Set("Content-Encoding", test.encoding)
			request.Header.Set("X-Amz-Content-Sha256", test.sha256)
			response := httptest.NewRecorder()
			serveRecorder(t, &r, nil).ServeHTTP(response, request)
			if response.Code != test.status {
				t.Fatalf("status %d %s, want %d", response.Code, response.Body, test.status)
			}
			if test.status == 200 && test.name != "at the limit" && string(r.got.Body) != text {
				t.Errorf("body %q", r.got.Body)
			}
		})
	}
}

func TestLimitsAnswerTheServicesError(t *testing.T) {
	for _, test := range []struct {
		url, want string
		size      int
	}{
		{"/prod/@connections/a", "PayloadTooLargeException", wire.MaxPostToConnection + 1},
		{"/2015-03-31/functions/pets/invocations", "RequestTooLargeException", wire.MaxInvocation + 1},
		{"/restapis", "RequestEntityTooLargeException", wire.MaxRequest + 1},
	} {
		response := httptest.NewRecorder()
		newServer(t, nil).ServeHTTP(response, httptest.NewRequest("POST", test.url, bytes.NewReader(make([]byte, test.size))))
		if response.Code != 413 || response.Header().Get("x-amzn-ErrorType") != test.want {
			t.Errorf("%s: %d %s, want 413 %s", test.url, response.Code, response.Header().Get("x-amzn-ErrorType"), test.want)
		}
	}
}

func TestDeveloperAuthenticator(t *testing.T) {
	for _, test := range []struct {
		name, authorization string
		want                caller.Caller
	}{
		{name: "unsigned", want: caller.Caller{Account: "000000000000", Region: "us-east-1", PrincipalArn: "arn:aws:iam::000000000000:root", UserId: "000000000000"}},
		{name: "account", authorization: "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=0",
			want: caller.Caller{Account: "123456789012", Region: "eu-west-1", AccessKeyId: "123456789012", PrincipalArn: "arn:aws:iam::123456789012:root", UserId: "123456789012", Signed: true}},
		{name: "any key", authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/apigateway/aws4_request,SignedHeaders=host,Signature=0",
			want: caller.Caller{Account: "000000000000", Region: "eu-west-1", AccessKeyId: "test", PrincipalArn: "arn:aws:iam::000000000000:root", UserId: "000000000000", Signed: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r recorder
			request := httptest.NewRequest("PUT", "http://localhost:4566/restapis/a1", strings.NewReader("{}"))
			request.Header.Set("Authorization", test.authorization)
			request.Header.Set("User-Agent", "tester")
			serveRecorder(t, &r, nil).ServeHTTP(httptest.NewRecorder(), request)
			test.want.RequestId, test.want.SourceIp, test.want.UserAgent, test.want.Host = "id", "192.0.2.1", "tester", "localhost:4566"
			if diff := cmp.Diff(test.want, r.caller); diff != "" {
				t.Errorf("caller (-want +got):\n%s", diff)
			}
		})
	}
}

// early refuses every request before its body is read, and no other way.
type early struct{ t *testing.T }

func (e early) Authenticate(*http.Request, []byte, string) (caller.Caller, error) {
	e.t.Error("the body was read before the refusal")
	return caller.Caller{}, nil
}

func (e early) AuthenticateEarly(*http.Request, string) error {
	return &awsapi.Unmodelled{Code: "MissingAuthenticationTokenException", Message: "Missing Authentication Token", Status: http.StatusForbidden}
}

// A body that could be large is not kept for somebody who is refused whatever it is.
func TestRefusedBeforeTheBody(t *testing.T) {
	for _, length := range []int64{-1, 1 << 20} {
		request := httptest.NewRequest("PUT", "/restapis/a1", strings.NewReader(strings.Repeat("x", 1<<20)))
		request.ContentLength = length
		response := httptest.NewRecorder()
		newServer(t, func(o *wire.Options) { o.Authenticator = early{t} }).ServeHTTP(response, request)
		if response.Code != 403 || !strings.Contains(response.Body.String(), "Missing Authentication Token") {
			t.Errorf("%d bytes: %d %s", length, response.Code, response.Body)
		}
	}
}

type authorizer struct {
	seen wire.Call
	who  caller.Caller
}

func (a *authorizer) Authorize(ctx context.Context, call wire.Call) error {
	a.seen, a.who = call, caller.From(ctx)
	return &awsapi.Unmodelled{Code: "AccessDeniedException", Message: "no", Status: 403}
}

func TestAuthorizerRefuses(t *testing.T) {
	var r recorder
	var a authorizer
	response := httptest.NewRecorder()
	server := serveRecorder(t, &r, func(o *wire.Options) { o.Authorizer = &a })
	server.ServeHTTP(response, httptest.NewRequest("PUT", "/restapis/a1", strings.NewReader("{}")))
	if response.Code != 403 || response.Header().Get("x-amzn-ErrorType") != "AccessDeniedException" || r.got != nil {
		t.Errorf("%d %s, called: %v", response.Code, response.Body, r.got != nil)
	}
	if a.seen.Operation.Name != "PutRestApi" || a.seen.Path != "/restapis/a1" || a.who.Account != "000000000000" {
		t.Errorf("the authorizer saw %+v for %+v", a.seen, a.who)
	}
	if in, ok := a.seen.Input.(*apigateway.PutRestApiInput); !ok || in.RestApiId != "a1" {
		t.Errorf("the authorizer saw the input %+v", a.seen.Input)
	}
}

// A body that breaks off is a bad request, not a failure of ours.
func TestBodyThatBreaksOff(t *testing.T) {
	var r recorder
	broken := io.MultiReader(strings.NewReader("{"), errorReader{})
	response := httptest.NewRecorder()
	serveRecorder(t, &r, nil).ServeHTTP(response, httptest.NewRequest("PUT", "/restapis/a1", broken))
	if response.Code != 400 {
		t.Errorf("status %d, want 400", response.Code)
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errors.New("malformed chunk") }

type refusing struct{ err error }

func (r refusing) Authenticate(*http.Request, []byte, string) (caller.Caller, error) {
	return caller.Caller{}, r.err
}

// What fails inside is logged once, and its text stays inside.
func TestInternalFailureIsLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	failing := newServer(t, func(o *wire.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
		o.Authenticator = refusing{errors.New("secret")}
	})
	response := httptest.NewRecorder()
	failing.ServeHTTP(response, httptest.NewRequest("GET", "/restapis", nil))
	if response.Code != 500 || strings.Contains(response.Body.String(), "secret") {
		t.Errorf("%d %s", response.Code, response.Body)
	}
	if count := strings.Count(log.String(), "secret"); count != 1 {
		t.Errorf("logged %d times:\n%s", count, log.String())
	}
}

func BenchmarkCreateRestApi(b *testing.B) {
	server, err := wire.New(options())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		request := httptest.NewRequest("POST", "/restapis", strings.NewReader(`{"name":"pets","tags":{"a":"b"},"endpointConfiguration":{"types":["REGIONAL"]}}`))
		server.ServeHTTP(httptest.NewRecorder(), request)
	}
}
