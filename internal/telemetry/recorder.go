package telemetry

import (
	"gatehouse/internal/dataplane/record"
)

// Recorder is the record.Recorder of a server: it keeps recent requests always, counts
// all of them, and writes execution logs where a stage asks for them.
type Recorder struct {
	Recent *Recent
	// Metrics, ExecutionLogs and Traces may be nil.
	Metrics       *Metrics
	ExecutionLogs *ExecutionLogs
	Traces        *Traces
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

func wantsExecutionLog(done *record.Notes) bool {
	switch done.Method.LoggingLevel {
	case record.LevelInfo:
		return true
	case record.LevelError:
		return done.Fault != nil
	default:
		return false
	}
}
