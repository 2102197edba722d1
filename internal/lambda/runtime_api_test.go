package lambda

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// apiEnvironment is an environment without a process, in a state.
func apiEnvironment(t testing.TB, s state) (*environment, *invocation) {
	t.Helper()
	f := testFunction("provided.al2023", Code{}).withDefaults()
	r := &Runner{
		options: Options{Now: time.Now}, pools: map[poolKey]*pool{}, running: map[string]int{f.Arn: 1}, runningTotal: 1,
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close(); writer.Close() })
	p := &pool{revision: f.RevisionID}
	r.pools[f.poolKey()] = p
	e := &environment{
		runner: r, function: &f, pool: p, state: s, log: &logStream{now: time.Now, pipe: reader},
		memory: &memoryGauge{ended: true},
		ready:  make(chan struct{}), work: make(chan *invocation, 1), gone: make(chan struct{}),
	}
	inv := &invocation{Invocation: Invocation{RequestID: "id"}, function: &f, done: make(chan ended, 1), begun: time.Now()}
	if s == busy {
		e.current = inv
	}
	return e, inv
}

func request(e *environment, method, path string, body string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	runtimeAPI{e}.ServeHTTP(recorder, httptest.NewRequest(method, path, strings.NewReader(body)))
	return recorder
}

// Statuses and error types as the Runtime API's OpenAPI description names them.
func TestRuntimeAPI(t *testing.T) {
	const prefix = "/2018-06-01/runtime/"
	cases := []struct {
		name         string
		state        state
		method, path string
		status       int
		contains     string
	}{
		{"response", busy, "POST", prefix + "invocation/id/response", 202, `{"status":"OK"}`},
		{"response of another", busy, "POST", prefix + "invocation/other/response", 400, "InvalidRequestID"},
		{"response when idle", idle, "POST", prefix + "invocation/id/response", 400, "InvalidRequestID"},
		{"error", busy, "POST", prefix + "invocation/id/error", 202, `{"status":"OK"}`},
		{"error of another", busy, "POST", prefix + "invocation//error", 400, "InvalidRequestID"},
		{"next when busy", busy, "GET", prefix + "invocation/next", 403, "InvalidStateTransition"},
		{"next by POST", idle, "POST", prefix + "invocation/next", 405, "MethodNotAllowed"},
		{"response by GET", busy, "GET", prefix + "invocation/id/response", 405, "MethodNotAllowed"},
		{"init error", starting, "POST", prefix + "init/error", 202, `{"status":"OK"}`},
		{"init error later", idle, "POST", prefix + "init/error", 403, "InvalidStateTransition"},
		{"init error by GET", starting, "GET", prefix + "init/error", 405, "MethodNotAllowed"},
		{"unknown action", busy, "POST", prefix + "invocation/id/other", 404, "NotFound"},
		{"unknown path", busy, "GET", prefix + "restore/next", 404, "NotFound"},
		{"no path", busy, "GET", "/", 404, "NotFound"},
	}
	for _, c := range cases {
		e, _ := apiEnvironment(t, c.state)
		got := request(e, c.method, c.path, `{}`)
		if got.Code != c.status || !strings.Contains(got.Body.String(), c.contains) {
			t.Errorf("%s: got %d %s, want %d %s", c.name, got.Code, got.Body, c.status, c.contains)
		}
	}
}

func TestRuntimeAPI_streaming(t *testing.T) {
	e, inv := apiEnvironment(t, busy)
	r := httptest.NewRequest("POST", "/2018-06-01/runtime/invocation/id/response", strings.NewReader(`{}`))
	r.Header.Set("Lambda-Runtime-Function-Response-Mode", "streaming")
	recorder := httptest.NewRecorder()
	runtimeAPI{e}.ServeHTTP(recorder, r)
	if end := <-inv.done; recorder.Code != 400 || end.result.ErrorType != "Function.ResponseModeNotSupported" {
		t.Errorf("got %d, %s", recorder.Code, end.result.Payload)
	}
}

// An answer without a length, as chunked requests come, meets the same limit.
func TestRuntimeAPI_chunkedTooLarge(t *testing.T) {
	e, inv := apiEnvironment(t, busy)
	r := httptest.NewRequest("POST", "/2018-06-01/runtime/invocation/id/response",
		bytes.NewReader(make([]byte, MaximumResponseSize+1)))
	r.ContentLength = -1
	recorder := httptest.NewRecorder()
	runtimeAPI{e}.ServeHTTP(recorder, r)
	if end := <-inv.done; recorder.Code != http.StatusRequestEntityTooLarge || end.result.ErrorType != errorTypeResponseSize {
		t.Errorf("got %d, %s", recorder.Code, end.result.Payload)
	}
}

// Whatever a runtime sends, the invocation is answered at most once and the
// handler answers an HTTP status.
func FuzzRuntimeAPI(f *testing.F) {
	for _, path := range []string{"invocation/id/response", "invocation/id/error", "init/error", "invocation/x/", "../next"} {
		f.Add("POST", path, []byte(`{"errorType":"A"}`), "A", uint8(busy))
		f.Add("GET", path, []byte(`[`), "\x00", uint8(starting))
	}
	f.Fuzz(func(t *testing.T, method, path string, body []byte, errorType string, s uint8) {
		if path == "invocation/next" {
			return // waits for work
		}
		e, inv := apiEnvironment(t, state(s%5))
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.Method, r.URL.Path = method, runtimeAPIVersion+path
		r.Header["Lambda-Runtime-Function-Error-Type"] = []string{errorType}
		for range 2 {
			recorder := httptest.NewRecorder()
			runtimeAPI{e}.ServeHTTP(recorder, r)
			if recorder.Code < 200 || recorder.Code > 499 {
				t.Errorf("status %d", recorder.Code)
			}
		}
		if state(s%5) == busy && e.state == settling && len(inv.done) != 1 {
			t.Errorf("the environment answered, its caller got %d results", len(inv.done))
		}
	})
}
