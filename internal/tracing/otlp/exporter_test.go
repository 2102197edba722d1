package otlp_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"gatehouse/internal/tracing/otlp"
)

// The path is OTLP's (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP").
func TestTracesUrl(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://127.0.0.1:4318":           "http://127.0.0.1:4318/v1/traces",
		"http://127.0.0.1:4318/":          "http://127.0.0.1:4318/v1/traces",
		"https://host/otlp?a=b":           "https://host/otlp/v1/traces?a=b",
		"http://127.0.0.1:4318/v1/traces": "http://127.0.0.1:4318/v1/traces",
		"127.0.0.1:4318":                  "",
		"grpc://127.0.0.1:4317":           "",
		"http:///v1/traces":               "",
	} {
		if got, err := otlp.TracesUrl(endpoint); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %s %v", endpoint, got, err)
		}
	}
}

func TestExport(t *testing.T) {
	status, answer := http.StatusOK, ""
	var got tracev1.TracesData
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := proto.Unmarshal(body, &got); err != nil || r.Header.Get("X-Key") != "k" {
			t.Error(err, r.Header)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	exporter := &otlp.Exporter{
		URL: server.URL, Headers: map[string]string{"X-Key": "k"}, Client: server.Client(),
		Resource: []*commonv1.KeyValue{otlp.Text("service.name", "s"), otlp.Int("n", 1)}, Scope: &commonv1.InstrumentationScope{Name: "scope"},
	}
	export := func() error { return exporter.Export(t.Context(), []*tracev1.Span{{Name: "one"}}) }
	if err := export(); err != nil || got.ResourceSpans[0].ScopeSpans[0].Spans[0].Name != "one" || got.ResourceSpans[0].Resource.Attributes[1].Value.GetIntValue() != 1 {
		t.Errorf("%v %v", err, &got)
	}
	for code, retryable := range map[int]bool{http.StatusServiceUnavailable: true, http.StatusTooManyRequests: true, http.StatusBadRequest: false, http.StatusInternalServerError: false} {
		status = code
		if err := export(); err == nil || errors.Is(err, otlp.ErrRetryable) != retryable {
			t.Errorf("%d: %v", code, err)
		}
	}
	status = http.StatusOK
	var rejected *otlp.RejectedError
	// ExportTraceServiceResponse{partial_success: {rejected_spans: 5, error_message: "no"}}
	answer = "\x0a\x06\x08\x05\x12\x02no"
	if err := export(); !errors.As(err, &rejected) || rejected.Spans != 5 || rejected.Reason != "no" || errors.Is(err, otlp.ErrRetryable) {
		t.Errorf("partial success: %v", err)
	}
	for _, answer = range []string{"", "\x0a\x00", "\x0a\x04\x12\x02ok", "{}", "\x0a\xff", "\xff\xff"} { // a warning, and what is none
		if err := export(); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
	}
	server.Close()
	if err := export(); !errors.Is(err, otlp.ErrRetryable) {
		t.Error(err)
	}
}
