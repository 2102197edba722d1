package telemetry

import (
	"sync/atomic"
	"time"

	"gatehouse/internal/dataplane/record"
)

// MaxWholeSuccesses is how many successful requests are kept with what the client sent, of
// those received in the same second. Of more there are only more of the same, and they leave
// the record of recent requests before anyone reads them; so the record costs a busy server
// less. Failures are always kept whole.
const MaxWholeSuccesses = 500

// Recorder is the record.Recorder of a server: it keeps recent requests always, counts
// all of them, and writes execution logs where a stage asks for them.
type Recorder struct {
	Recent *Recent
	// Metrics, ExecutionLogs and Traces may be nil.
	Metrics       *Metrics
	ExecutionLogs *ExecutionLogs
	Traces        *Traces

	successes perSecond
}

var _ record.Recorder = (*Recorder)(nil)

// Begin implements record.Recorder.
func (r *Recorder) Begin(notes *record.Notes) { notes.Redacted = true }

// End implements record.Recorder.
func (r *Recorder) End(done *record.Notes) {
	if r.Metrics != nil {
		r.Metrics.Observe(done.Method, &done.Exchange)
	}
	logged, traced := r.ExecutionLogs != nil && wantsExecutionLog(done), r.Traces != nil && done.Trace != nil
	if logged || traced {
		shared := done.Record() // which both only read
		if logged {
			r.ExecutionLogs.add(shared)
		}
		if traced {
			r.Traces.add(shared)
		}
	}
	done.Brief = done.Fault == nil && done.StatusCode < firstClientError && !r.successes.isAmong(MaxWholeSuccesses, done.Received)
	r.Recent.Add(done)
}

// Refuse keeps an operation that was refused: in recent requests, and counted by its
// error id; it is no request of an API.
func (r *Recorder) Refuse(done *record.Notes) {
	if r.Metrics != nil {
		r.Metrics.observeFailure(done.Fault)
	}
	r.Recent.Add(done)
}

// perSecond counts what happens in a second, more or less: what happens at once with the
// beginning of another second may be counted in either.
type perSecond struct {
	second, count atomic.Int64
}

// isAmong says whether what happens now is among the first of its second.
func (p *perSecond) isAmong(first int64, now time.Time) bool {
	if second := now.Unix(); p.second.Load() != second {
		p.second.Store(second)
		p.count.Store(0)
	}
	return p.count.Load() < first && p.count.Add(1) <= first
}

// wantsExecutionLog says whether a stage's log tells of an exchange. AWS's tells nothing of one
// that finds no method or route. Ours tells how it failed, at the level that the stage sets for
// all of them; of one that succeeded without a route, as a handshake may, there is nothing to tell.
func wantsExecutionLog(done *record.Notes) bool {
	switch done.Method.LoggingLevel {
	case record.LevelInfo:
		return done.Fault != nil || done.Method.ResourcePath != ""
	case record.LevelError:
		return done.Fault != nil
	default:
		return false
	}
}
