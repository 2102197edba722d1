package functionurl

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/integration"
)

type fakeFunctions struct {
	event   map[string]any
	traceId string
	result  integration.InvocationResult
	err     error
}

func (f *fakeFunctions) FindUrl(urlId string) (Target, bool) {
	return Target{UrlId: urlId, Cors: &Cors{AllowOrigins: []string{"https://a.example"}, AllowMethods: []string{"GET"}, MaxAge: 60}}, urlId == "known"
}

func (f *fakeFunctions) InvokeUrl(_ context.Context, _ Target, invocation Invocation) (*integration.InvocationResult, error) {
	f.traceId = invocation.TraceId
	if err := json.Unmarshal(invocation.Payload, &f.event); err != nil {
		return nil, err
	}
	return &f.result, f.err
}

func serve(t *testing.T, functions *fakeFunctions, r *http.Request) *http.Response {
	t.Helper()
	handler := &Handler{Functions: functions, Now: func() time.Time { return time.Unix(0, 0) }, NewRequestId: func() string { return "id" }, Random: func() uint64 { return 1 }, Log: slog.New(slog.DiscardHandler)}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, r)
	return recorder.Result()
}

func request(method, host, path, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = host
	return r
}

const host = "known.lambda-url.us-east-1.localhost:4566"

// Source: AWS Lambda's guide on function URLs: payload format 2.0, inferred answers.
func TestServe(t *testing.T) {
	functions := &fakeFunctions{result: integration.InvocationResult{Payload: []byte(`{"statusCode":201,"cookies":["a=1"],"headers":{"x-a":"b"},"body":"aGk=","isBase64Encoded":true}`)}}
	r := request("POST", host, "/a%20b?x=1&x=2", "hello")
	r.Header.Set("Content-Type", "text/plain")
	response := serve(t, functions, r)
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != 201 || string(body) != "hi" || response.Header.Get("X-A") != "b" || response.Header.Get("Set-Cookie") != "a=1" {
		t.Errorf("got %d %q %v", response.StatusCode, body, response.Header)
	}
	if got := fmt.Sprint(functions.event["rawPath"], functions.event["rawQueryString"], functions.event["body"], functions.event["queryStringParameters"]); got != "/a%20b x=1&x=2 hello map[x:1,2]" && got != "/a%20bx=1&x=2hellomap[x:1,2]" {
		t.Errorf("the event has %s", got)
	}
}

// Source: AWS Lambda's guide on function URLs, the example of an event.
func TestServeForwardedHeaders(t *testing.T) {
	functions := &fakeFunctions{result: integration.InvocationResult{Payload: []byte(`"ok"`)}}
	r := request("GET", host, "/", "")
	r.RemoteAddr = "192.0.2.7:5000"
	r.Header.Set("X-Forwarded-For", "198.51.100.1")
	r.Header.Set("X-Forwarded-Proto", "gopher")
	serve(t, functions, r)
	headers, _ := functions.event["headers"].(map[string]any)
	got := fmt.Sprintf("%v|%v|%v", headers["x-forwarded-for"], headers["x-forwarded-proto"], headers["x-forwarded-port"])
	if want := "198.51.100.1, 192.0.2.7|http|4566"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestServeFailures(t *testing.T) {
	for name, test := range map[string]struct {
		functions *fakeFunctions
		host      string
		want      int
	}{
		"Unknown":   {&fakeFunctions{}, "other.lambda-url.us-east-1.x", http.StatusForbidden},
		"Failed":    {&fakeFunctions{result: integration.InvocationResult{FunctionError: "Unhandled", Payload: []byte(`{}`)}}, host, http.StatusBadGateway},
		"Malformed": {&fakeFunctions{result: integration.InvocationResult{Payload: []byte(`{"statusCode":"x"}`)}}, host, http.StatusBadGateway},
		"Denied":    {&fakeFunctions{err: &integration.InvokeDenied{}}, host, http.StatusForbidden},
		"Throttled": {&fakeFunctions{err: integration.ErrInvokeThrottled}, host, http.StatusTooManyRequests},
	} {
		if got := serve(t, test.functions, request("GET", test.host, "/", "")); got.StatusCode != test.want {
			t.Errorf("%s: got %d, want %d", name, got.StatusCode, test.want)
		}
	}
	large := request("POST", host, "/", strings.Repeat("x", payloadSizeLimit+1))
	if got := serve(t, &fakeFunctions{}, large); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: got %d", got.StatusCode)
	}
}

func TestCors(t *testing.T) {
	functions := &fakeFunctions{result: integration.InvocationResult{Payload: []byte(`"ok"`)}}
	preflight := request("OPTIONS", host, "/", "")
	preflight.Header.Set("Origin", "https://a.example")
	preflight.Header.Set("Access-Control-Request-Method", "GET")
	got := serve(t, functions, preflight)
	if got.Header.Get("Access-Control-Allow-Origin") != "https://a.example" || got.Header.Get("Access-Control-Allow-Methods") != "GET" || got.Header.Get("Access-Control-Max-Age") != "60" || functions.event != nil {
		t.Errorf("preflight: got %v, event %v", got.Header, functions.event)
	}
	stranger := request("GET", host, "/", "")
	stranger.Header.Set("Origin", "https://b.example")
	if got := serve(t, functions, stranger); got.Header.Get("Access-Control-Allow-Origin") != "" || got.StatusCode != 200 {
		t.Errorf("another origin: got %d %v", got.StatusCode, got.Header)
	}
}

// Source: AWS Lambda's guide on function URLs, the example of an event: headers has x-amzn-trace-id.
func TestServeTraceId(t *testing.T) {
	for sent, want := range map[string]string{"": "Root=1-00000000-000000000000000100000000", "Root=1-5-6;Sampled=1": "Root=1-5-6;Sampled=1"} {
		functions := &fakeFunctions{result: integration.InvocationResult{Payload: []byte(`"ok"`)}}
		r := request("GET", host, "/", "")
		if sent != "" {
			r.Header.Set("X-Amzn-Trace-Id", sent)
		}
		serve(t, functions, r)
		headers, _ := functions.event["headers"].(map[string]any)
		if headers["x-amzn-trace-id"] != want || functions.traceId != want {
			t.Errorf("sent %q: the event has %v, the function %q, want %q", sent, headers["x-amzn-trace-id"], functions.traceId, want)
		}
	}
}
