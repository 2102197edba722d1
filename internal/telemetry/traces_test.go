package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/telemetry"
	"gatehouse/internal/tracing"
	"gatehouse/internal/tracing/otlp"
)

// sink is an exporter that answers what it is told, call by call, then nil.
type sink struct {
	mu      sync.Mutex // guards what follows
	answers []error
	calls   int
	spans   int
	hang    bool
}

func (s *sink) Export(ctx context.Context, spans []*tracev1.Span) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	if len(s.answers) > 0 {
		answer := s.answers[0]
		s.answers = s.answers[1:]
		if answer != nil {
			return answer
		}
	}
	s.spans += len(spans)
	return nil
}

func (s *sink) seen() (calls, spans int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls, s.spans
}

func tracedExchange() *record.Notes {
	r := exchange(record.LevelOff, false)
	r.Trace = &tracing.Context{TraceId: tracing.TraceId{1}, SpanId: tracing.SpanId{2}}
	return r
}

func traceRecorder(s *sink) *telemetry.Recorder {
	return &telemetry.Recorder{Recent: telemetry.NewRecent(10, 1<<20), Traces: telemetry.NewTraces(s, slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)}
}

func TestTraces_retried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{answers: []error{fmt.Errorf("busy: %w", otlp.ErrRetryable), otlp.ErrRetryable, nil, errors.New("refused")}}
		recorder := traceRecorder(s)
		recorder.End(tracedExchange())
		recorder.End(exchange(record.LevelOff, false)) // is not traced
		time.Sleep(10 * time.Second)
		if calls, spans := s.seen(); calls != 3 || spans != 2 || recorder.Traces.Dropped() != 0 {
			t.Errorf("%d calls, %d spans, %d dropped", calls, spans, recorder.Traces.Dropped())
		}
		recorder.End(tracedExchange())
		recorder.Traces.Close(t.Context())
		if calls, _ := s.seen(); calls != 4 || recorder.Traces.Dropped() != 1 {
			t.Errorf("%d calls, %d dropped", calls, recorder.Traces.Dropped())
		}
	})
}

// What a collector rejects of a request that it took is counted, and not sent again.
func TestTraces_rejected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{answers: []error{fmt.Errorf("sending: %w", &otlp.RejectedError{Spans: 1}), fmt.Errorf("sending: %w", &otlp.RejectedError{Spans: 9})}}
		recorder := traceRecorder(s)
		for _, want := range []uint64{1, 3} { // of two exchanges each
			recorder.End(tracedExchange())
			recorder.End(tracedExchange())
			time.Sleep(10 * time.Second)
			if dropped := recorder.Traces.Dropped(); dropped != want {
				t.Errorf("%d dropped, want %d", dropped, want)
			}
		}
		recorder.Traces.Close(t.Context())
		if calls, _ := s.seen(); calls != 2 {
			t.Errorf("%d calls", calls)
		}
	})
}

// A collector that hangs neither blocks requests nor the end.
func TestTraces_hanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorder := traceRecorder(&sink{hang: true})
		began := time.Now()
		for range 20_000 {
			recorder.End(tracedExchange())
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("requests waited %s", took)
		}
		if recorder.Traces.Dropped() == 0 {
			t.Error("nothing was dropped")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		recorder.Traces.Close(ctx)
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("closing took %s", took)
		}
		if dropped := recorder.Traces.Dropped(); dropped != 20_000 {
			t.Errorf("%d dropped", dropped)
		}
	})
}

// Payloads that wait for a collector that hangs are bounded: 64 MiB of 512 KiB each here.
func TestTraces_payloads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		recorder := traceRecorder(&sink{hang: true})
		payload := make([]byte, record.MaxBody)
		for range 1000 {
			r := record.NewNotes(&record.Method{}, record.Exchange{})
			r.Method.DataTraceEnabled, r.Trace = true, &tracing.Context{TraceId: tracing.TraceId{1}, SpanId: tracing.SpanId{2}}
			r.BeginStep(record.NameStep("call_integration"), 0)
			for range 8 {
				r.NoteBody(record.EndpointBody, payload)
			}
			recorder.End(r)
		}
		if dropped := recorder.Traces.Dropped(); dropped < 1000-128-512 || dropped > 1000-128 {
			t.Errorf("%d dropped", dropped)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		recorder.Traces.Close(ctx)
	})
}

// Spans hold what the record shows with data trace off, even while it is on: no payload,
// no header, no query string.
func TestSpans(t *testing.T) {
	r := exchange(record.LevelInfo, true)
	r.Trace = &tracing.Context{TraceId: tracing.TraceId{1}, SpanId: tracing.SpanId{2}, ParentId: tracing.SpanId{3}}
	r.Fault, r.StatusCode = fault.New(fault.MalformedProxyResponse), 502
	spans := telemetry.Spans(r.Record())
	var names []string
	for _, span := range spans {
		names = append(names, span.Name)
		for _, hidden := range []string{"secret", "338c72", "abcdef", `{"n":1}`, `{"m":1}`} {
			if strings.Contains(span.String(), hidden) {
				t.Errorf("%s shows %s: %s", span.Name, hidden, span)
			}
		}
	}
	if got := strings.Join(names, ", "); got != "POST /pets/{id}, call_integration, map_response" {
		t.Errorf("spans %s", got)
	}
	if call, failed := spans[1], spans[2]; call.Kind != tracev1.Span_SPAN_KIND_CLIENT || call.Status != nil || failed.Status.GetCode() != tracev1.Status_STATUS_CODE_ERROR {
		t.Errorf("%s\n%s", call, failed)
	}
	if r.StatusCode = 404; telemetry.Spans(r.Record())[0].Status != nil {
		t.Error("a client's error is no error of the server's span")
	}
}
