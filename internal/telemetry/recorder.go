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

	// unused are Records for the next requests: few, so that they stay in the processor's
	// caches, which those in Recent do not.
	unused sync.Pool // of *record.Record
}

var _ record.Recorder = (*Recorder)(nil)

// Begin implements record.Recorder.
func (r *Recorder) Begin(subject record.Subject) *record.Record {
	next, ok := r.unused.Get().(*record.Record)
	if !ok {
		next = record.New()
	}
	subject.Path = subject.Path[:min(len(subject.Path), record.MaxPath)]
	next.Reset(subject)
	next.Redacted = true
	return next
}

// End implements record.Recorder.
func (r *Recorder) End(done *record.Record) {
	if r.Metrics != nil {
		r.Metrics.Observe(done)
	}
	r.Recent.Add(done)
	logged, traced := r.ExecutionLogs != nil && wantsExecutionLog(done), r.Traces != nil && done.Trace != nil
	if logged {
		r.ExecutionLogs.add(done)
	}
	if traced {
		r.Traces.add(done)
	}
	if !logged && !traced { // those only read it, but for longer
		r.unused.Put(done)
	}
}

// Refuse keeps an operation that was refused: in recent requests, and counted by its
// error id; it is no request of an API.
func (r *Recorder) Refuse(done *record.Record) {
	if r.Metrics != nil {
		r.Metrics.observeFailure(done.Fault)
	}
	r.Recent.Add(done)
}

func wantsExecutionLog(r *record.Record) bool {
	switch r.LoggingLevel {
	case record.LevelInfo:
		return true
	case record.LevelError:
		return r.Fault != nil
	default:
		return false
	}
}
