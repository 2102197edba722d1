package restapi

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
)

// A step's name is its file's: a newcomer finds it from a log line.
func TestEachStepHasItsFile(t *testing.T) {
	for _, s := range steps {
		text, err := os.ReadFile(s.name + ".go")
		if err != nil {
			t.Errorf("step %s has no file: %v", s.name, err)
			continue
		}
		if !strings.Contains(string(text), "(e *exchange) *fault.Fault {") {
			t.Errorf("%s.go has no step", s.name)
		}
	}
}

func testStage(t testing.TB, api string) *plan.RestStage {
	t.Helper()
	snapshot, err := deploymenttest.Parse([]byte(api))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigw.Stage{StageName: "prod", DeploymentId: "d1"}
	compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	return compiled
}

func testPipeline() *Pipeline {
	return &Pipeline{Backends: echo{}, Throttles: throttle.New(time.Now), Now: time.Now, Random: func() uint64 { return 7 }}
}

// echo is a backend that answers with the body it got.
type echo struct{}

func (echo) Call(_ context.Context, request *integration.Request) (*integration.Response, error) {
	return &integration.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/plain"}, "X-Path": {request.URL}}, Body: request.Body}, nil
}

func testRequest(body string) *inbound.Request {
	r := httptest.NewRequest(http.MethodPost, "/prod/pets/1", strings.NewReader(body))
	return &inbound.Request{
		HTTP: r, RequestId: "0f0e0d0c-0b0a-4908-8706-050403020100", ExtendedRequestId: "abcdefghijklmno=", TraceId: "Root=1-2-3", Received: time.Now(),
		Path: "/pets/1", EventPath: "/pets/1", ContextPath: "/prod/pets/1", Host: "a.execute-api.localhost", DomainPrefix: "a", SourceIp: "127.0.0.1",
		Headers: []integration.Field{{Name: "Host", Value: "a.execute-api.localhost"}, {Name: "Content-Type", Value: "text/plain"}, {Name: "User-Agent", Value: "test"}},
		Body:    []byte(body), SentBody: []byte(body), DefaultEndpoint: true,
	}
}

const proxyApi = `{"Methods": {"ANY /{proxy+}": {"MethodIntegration": {"Type": "HTTP_PROXY", "HttpMethod": "ANY", "Uri": "http://backend/{proxy}", "RequestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}}}}}`

// A panic is logged once, and the client gets a 500 that says nothing of it.
func TestPanicIsLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	p := testPipeline()
	p.Backends = panicking{}
	p.Log = slog.New(slog.NewTextHandler(&log, nil))
	w := httptest.NewRecorder()
	p.Serve(w, testStage(t, proxyApi), testRequest(""))
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if n := strings.Count(log.String(), "secret"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, log.String())
	}
}

func TestServeNamesErrorsToDevelopers(t *testing.T) {
	p := testPipeline()
	w := httptest.NewRecorder()
	in := testRequest("")
	in.HelpBase = "/_gatehouse/kb/"
	p.Serve(w, testStage(t, `{"Methods": {"GET /a": {"MethodIntegration": {"Type": "MOCK"}}}}`), in)
	if got := w.Header()["x-gatehouse-error"]; len(got) != 1 || got[0] != "GH-R101" {
		t.Errorf("x-gatehouse-error %q", got)
	}
	if got, want := w.Header().Get("Link"), `</_gatehouse/kb/GH-R101`; !strings.HasPrefix(got, want) || len(w.Header()["Link"]) != 1 {
		t.Errorf("Link %q, want %q", got, want)
	}
}

type panicking struct{}

func (panicking) Call(context.Context, *integration.Request) (*integration.Response, error) {
	panic("secret")
}

// Exchanges are pooled: nothing of one client may be seen by the next.
func TestExchangesDoNotLeak(t *testing.T) {
	p := testPipeline()
	stage := testStage(t, proxyApi)
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			body := strings.Repeat(string(rune('a'+i)), 100+i)
			for range 200 {
				w := httptest.NewRecorder()
				p.Serve(w, stage, testRequest(body))
				if got, _ := io.ReadAll(w.Result().Body); string(got) != body {
					t.Errorf("client %d got %q", i, got)
					return
				}
			}
		})
	}
	clients.Wait()
}

// The canary gets its share of the requests.
func TestCanaryShare(t *testing.T) {
	p := testPipeline()
	var random uint64
	p.Random = func() uint64 { random += 0x9E3779B97F4A7C15; return random }
	stage := &plan.RestStage{PercentTraffic: 10, Canary: &plan.RestStage{IsCanary: true}}
	const requests = 100_000
	canaries := 0
	for range requests {
		if p.chooseCanary(stage).IsCanary {
			canaries++
		}
	}
	if canaries < requests*9/100 || canaries > requests*11/100 {
		t.Errorf("%d of %d requests went to a canary of 10 %%", canaries, requests)
	}
}

func BenchmarkServeHttpProxy(b *testing.B) {
	p, stage := testPipeline(), testStage(b, proxyApi)
	in := testRequest("hello")
	b.ReportAllocs()
	for b.Loop() {
		p.Serve(discard{http.Header{}}, stage, in)
	}
}

func BenchmarkServeMock(b *testing.B) {
	stage := testStage(b, `{"Methods": {"POST /pets/{id}": {"MethodIntegration": {"Type": "MOCK", "RequestTemplates": {"application/json": "{\"statusCode\": 200}"}, "IntegrationResponses": {"200": {"ResponseTemplates": {"application/json": "{\"id\": \"$input.params('id')\"}"}}}}}}}`)
	p, in := testPipeline(), testRequest("")
	b.ReportAllocs()
	for b.Loop() {
		p.Serve(discard{http.Header{}}, stage, in)
	}
}

func BenchmarkServeNoRoute(b *testing.B) {
	p, stage := testPipeline(), testStage(b, `{"Methods": {"GET /a": {"MethodIntegration": {"Type": "MOCK"}}}}`)
	in := testRequest("")
	b.ReportAllocs()
	for b.Loop() {
		p.Serve(discard{http.Header{}}, stage, in)
	}
}

// discard is a ResponseWriter of nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
