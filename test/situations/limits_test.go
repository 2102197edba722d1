package situations

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
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
