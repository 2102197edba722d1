package situations

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"gatehouse/test/server"
)

// limitSituations are backends and limits.
func limitSituations() []situation {
	return []situation{
		{
			name: "E4 timeout", errorId: "GH-I301", status: http.StatusGatewayTimeout,
			arrange: func(w *world) *request {
				w.restApi()
				in := httpProxy(slowBackend(w.t))
				in.TimeoutInMillis = aws.Int32(60)
				w.method(w.root, "GET", in)
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"an answer within 60ms", "timeoutInMillis", "aws apigateway create-deployment --rest-api-id {api} --stage-name prod"},
		},
		{
			name: "E4 function goes on", errorId: "GH-I301", status: http.StatusGatewayTimeout,
			arrange: func(w *world) *request { return w.slowFunction(60) },
			says: []string{"function report was left STILL RUNNING (limit 40 s): a retry may run it twice", "p95 of this method: no figures yet (1 calls since the server started)",
				"timeoutInMillis; this server allows 29000", "answer 202"},
			passes: func(w *world, _ string) {
				w.eventually(func() bool { return w.finished() == 1 }) // the one whose answer nobody got
				if got := w.send(&request{path: "/prod/"}); got.statusCode != http.StatusOK {
					w.t.Errorf("after the fix: %d %s", got.statusCode, got.body)
				}
				w.eventually(func() bool { return w.finished() == 2 }) // the retry has run it twice
			},
		},
		{
			name: "E4 no more time to be had", errorId: "GH-I301", status: http.StatusGatewayTimeout, fixed: http.StatusAccepted,
			arrange: func(w *world) *request { return w.slowFunction(29_000) },
			says:    []string{"STILL RUNNING (limit 40 s)", "Invoke the function asynchronously and answer 202", "--max-integration-timeout", "X-Amz-Invocation-Type"},
		},
		{
			name: "E4 usually slow", errorId: "GH-I301", status: http.StatusGatewayTimeout,
			arrange: func(w *world) *request {
				w.restApi()
				in := httpProxy(slowBackend(w.t))
				in.TimeoutInMillis = aws.Int32(60)
				w.method(w.root, "GET", in)
				w.deploy()
				var clients sync.WaitGroup
				for range 19 {
					clients.Go(func() { w.send(&request{path: "/prod/"}) })
				}
				clients.Wait()
				return &request{path: "/prod/"}
			},
			says: []string{"; p95 of this method ", "s (20 calls since the server started)"},
		},
		{
			name: "E4 host name is unknown", errorId: "GH-I102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", httpProxy("http://orders.invalid/"))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says:   []string{"orders.invalid", "$URI", "update-integration"},
			before: func(w *world) { w.setenv("URI", slowBackend(w.t)) },
		},
		{
			name: "E4 nothing listens", errorId: "GH-I101", status: http.StatusGatewayTimeout,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", httpProxy(w.lateBackend()))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"curl -v http://"}, before: (*world).startBackend,
		},
		{
			name: "E11 throttled by the stage", errorId: "GH-T201", status: http.StatusTooManyRequests,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "orders"), "GET")
				w.deploy()
				w.patchStage("/*/*/throttling/rateLimit", "0.001")
				w.patchStage("/*/*/throttling/burstLimit", "1")
				w.send(&request{path: "/prod/orders"})
				return &request{path: "/prod/orders"}
			},
			says: []string{"rate 0.001/s burst 1", "update-stage"},
		},
		{
			name: "E11 throttled by the method", errorId: "GH-T201", status: http.StatusTooManyRequests,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "orders"), "GET")
				w.deploy()
				w.patchStage("/~1orders/GET/throttling/rateLimit", "0.001")
				w.patchStage("/~1orders/GET/throttling/burstLimit", "1")
				w.send(&request{path: "/prod/orders"})
				return &request{path: "/prod/orders"}
			},
			says: []string{"METHOD (GET /orders) rate 0.001/s burst 1", "tokens in the bucket", "~1orders/GET/throttling"},
		},
		{
			name: "E19 untrusted certificate", errorId: "GH-I211", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				backend := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
				w.t.Cleanup(backend.Close)
				w.method(w.root, "GET", httpProxy(backend.URL))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"certificate", "insecureSkipVerification"},
		},
	}
}

// slowFunction makes GET / in front of a function that takes longer than the method waits,
// by a second for short times, and whose own limit is 40 s.
func (w *world) slowFunction(timeoutInMillis int32) *request {
	w.t.Helper()
	w.restApi()
	w.function("report", fmt.Sprintf("import time\ntime.sleep(%d)\nprint('it is finished')\n"+goodAnswer, timeoutInMillis/1000+1))
	const limit = 40
	must(w.lambda.UpdateFunctionConfiguration(w.ctx(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("report"), Timeout: aws.Int32(limit)}))(w)
	in := w.proxy("report")
	in.TimeoutInMillis = &timeoutInMillis
	w.method(w.root, "GET", in)
	w.deploy()
	return &request{path: "/prod/"}
}

// finished counts how often slowFunction has come to its end.
func (w *world) finished() int {
	w.t.Helper()
	return strings.Count(w.run("aws logs filter-log-events --log-group-name /aws/lambda/report --query 'events[].message' --output text"), "it is finished")
}

// lateBackend is the URL of a backend that startBackend starts.
func (w *world) lateBackend() string {
	w.t.Helper()
	w.address = must(server.FreeAddress())(w)
	return "http://" + w.address + "/pets"
}

func (w *world) startBackend() {
	w.t.Helper()
	listener := must(net.Listen("tcp", w.address))(w)
	backend := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: slow}
	go func() { _ = backend.Serve(listener) }()
	w.t.Cleanup(func() { _ = backend.Close() })
}

// slow is more than any backend here takes.
const slow = 10 * time.Second

// slowBackend answers after 300 ms.
func slowBackend(t *testing.T) string {
	t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(300 * time.Millisecond):
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(backend.Close)
	return backend.URL
}
