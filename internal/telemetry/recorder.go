package telemetry

import (
	"sync"

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

	// unused are Notes for the next requests: few, so that they stay in the processor's
	// caches.
	unused sync.Pool // of *record.Notes
}

var _ record.Recorder = (*Recorder)(nil)

// Begin implements record.Recorder.
func (r *Recorder) Begin(subject record.Subject) *record.Notes {
	next, ok := r.unused.Get().(*record.Notes)
	if !ok {
		next = record.NewNotes(subject)
	} else {
		next.Reset(&subject)
	}
	next.Redacted = true
	return next
}

// End implements record.Recorder.
func (r *Recorder) End(done *record.Notes) {
	if r.Metrics != nil {
		r.Metrics.Observe(&done.Summary)
	}
	logged, traced := r.ExecutionLogs != nil && wantsExecutionLog(&done.Summary), r.Traces != nil && done.Trace != nil
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
	r.unused.Put(done)
}

// Refuse keeps an operation that was refused: in recent requests, and counted by its
// error id; it is no request of an API.
func (r *Recorder) Refuse(done *record.Notes) {
	if r.Metrics != nil {
		r.Metrics.observeFailure(done.Fault)
	}
	r.Recent.Add(done)
}

func wantsExecutionLog(r *record.Summary) bool {
	switch r.LoggingLevel {
	case record.LevelInfo:
		return true
	case record.LevelError:
		return r.Fault != nil
	default:
		return false
	}
}
