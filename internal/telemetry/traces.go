package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/tracing/otlp"
)

// SpanExporter sends spans to where traces are looked at; *otlp.Exporter does.
type SpanExporter interface {
	Export(ctx context.Context, spans []*tracev1.Span) error
}

const (
	// maxPendingTraces bounds the exchanges whose spans are not made yet.
	maxPendingTraces = 2048
	// maxPendingPayloads bounds the payloads that those keep in memory, bytes; without data
	// trace they keep none.
	maxPendingPayloads = 64 << 20
	// maxSpans is how many spans are sent together.
	maxSpans = 512
	// spanDelay is how long a span waits for others.
	spanDelay     = time.Second
	exportTimeout = 10 * time.Second
	// exportAttempts is how often spans are sent that the collector may take later.
	exportAttempts = 3
	retryDelay     = time.Second
	// complaintInterval is how long nothing more is said of a collector that fails.
	complaintInterval = time.Minute
)

// Traces makes spans of exchanges beside their way and sends them. Make one with
// NewTraces.
type Traces struct {
	exporter SpanExporter
	log      *slog.Logger
	now      func() time.Time
	pending  chan *record.Record
	stop     chan struct{}
	// stopping ends waiting, and soon after it sending.
	stopping  context.Context //nolint:containedctx // the sender's own life
	abandon   context.CancelFunc
	dropped   atomic.Uint64
	payloads  atomic.Int64 // of what is pending, bytes
	done      sync.WaitGroup
	complaint time.Time // when it was last said that the collector fails
}

// NewTraces begins to send. log is told when the collector fails.
func NewTraces(exporter SpanExporter, log *slog.Logger, now func() time.Time) *Traces {
	t := &Traces{exporter: exporter, log: log, now: now, pending: make(chan *record.Record, maxPendingTraces), stop: make(chan struct{})}
	t.stopping, t.abandon = context.WithCancel(context.Background())
	t.done.Go(t.run)
	return t
}

// Dropped counts the exchanges whose spans were lost, because too many were pending or
// the collector did not take them.
func (t *Traces) Dropped() uint64 { return t.dropped.Load() }

// add takes a traced exchange and never waits.
func (t *Traces) add(done *record.Record) {
	size := payloadsOf(done)
	if t.payloads.Add(size) <= maxPendingPayloads {
		select {
		case t.pending <- done:
			return
		default:
		}
	}
	t.payloads.Add(-size)
	t.dropped.Add(1)
}

// payloadsOf is the size of the payloads that a Record holds, bytes.
func payloadsOf(r *record.Record) int64 {
	size := 0
	for i := range r.Steps {
		for j := range r.Steps[i].Facts {
			size += len(r.Steps[i].Facts[j].Body)
		}
	}
	return int64(size)
}

// make adds the spans of what was pending to a batch.
func (t *Traces) make(b *batch, one *record.Record) {
	t.payloads.Add(-payloadsOf(one))
	b.add(one)
}

// Close sends what is pending, until ctx is done; what is added later is dropped. Call
// it once.
func (t *Traces) Close(ctx context.Context) {
	close(t.stop)
	ended := context.AfterFunc(ctx, t.abandon)
	defer ended()
	t.done.Wait()
	t.abandon()
}

// batch is what is sent together: spans, of so many exchanges.
type batch struct {
	spans     []*tracev1.Span
	exchanges uint64
}

func (b *batch) add(r *record.Record) {
	b.spans = append(b.spans, Spans(r)...)
	b.exchanges++
}

func (t *Traces) run() {
	ticker := time.NewTicker(spanDelay)
	defer ticker.Stop()
	var b batch
	for {
		select {
		case one := <-t.pending:
			t.make(&b, one)
			if len(b.spans) >= maxSpans {
				t.send(&b)
			}
		case <-ticker.C:
			t.send(&b)
		case <-t.stop:
			t.flush(&b)
			return
		}
	}
}

func (t *Traces) flush(b *batch) {
	for len(t.pending) > 0 {
		t.make(b, <-t.pending)
		if len(b.spans) >= maxSpans {
			t.send(b)
		}
	}
	t.send(b)
}

// send empties b; what the collector does not take is dropped.
func (t *Traces) send(b *batch) {
	if len(b.spans) == 0 {
		return
	}
	if err := t.export(b.spans); err != nil {
		lost := b.exchanges
		var rejected *otlp.RejectedError
		if errors.As(err, &rejected) { // of how many exchanges is not said
			lost = min(lost, rejected.Spans)
		}
		t.dropped.Add(lost)
		t.complain(err)
	}
	*b = batch{spans: b.spans[:0]}
}

func (t *Traces) export(spans []*tracev1.Span) error {
	for attempt := 1; ; attempt++ {
		ctx, cancel := context.WithTimeout(t.stopping, exportTimeout)
		err := t.exporter.Export(ctx, spans)
		cancel()
		if err == nil || attempt == exportAttempts || !errors.Is(err, otlp.ErrRetryable) || !t.wait(retryDelay) {
			return err
		}
	}
}

// wait is false when Close does not let it wait.
func (t *Traces) wait(delay time.Duration) bool {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-t.stop:
		return false
	}
}

func (t *Traces) complain(err error) {
	if now := t.now(); now.Sub(t.complaint) >= complaintInterval {
		t.complaint = now
		t.log.Warn("sending traces fails; requests are served all the same", "error", err, "lost", t.dropped.Load())
	}
}
