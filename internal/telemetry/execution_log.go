package telemetry

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/logs"
)

// LogWriter takes log lines and never waits; *logs.Logs does.
type LogWriter interface {
	Write(id logs.StreamId, at time.Time, line string)
}

const (
	// maxPendingLogs bounds the requests whose lines are not made yet.
	maxPendingLogs = 1024
	eventSizeLimit = apigw.ExecutionLogEventLimit
	truncatedMark  = " [TRUNCATED]"
	streamNameHex  = 32
	groupPrefix    = "API-Gateway-Execution-Logs_"
)

// ExecutionLogs renders execution logs beside the requests' way. Make one with
// NewExecutionLogs.
type ExecutionLogs struct {
	writer LogWriter
	// diagnose returns the lines that follow AWS's; nil for none.
	diagnose func(*record.Record) []string
	// process tells the log streams of this process from those of others.
	process string
	pending chan *record.Record
	stop    chan struct{}
	dropped atomic.Uint64
	done    sync.WaitGroup
}

// NewExecutionLogs begins to render. process is a text of random characters.
func NewExecutionLogs(writer LogWriter, process string, diagnose func(*record.Record) []string) *ExecutionLogs {
	l := &ExecutionLogs{writer: writer, diagnose: diagnose, process: process, pending: make(chan *record.Record, maxPendingLogs), stop: make(chan struct{})}
	l.done.Go(l.render)
	return l
}

func (l *ExecutionLogs) render() {
	for {
		select {
		case one := <-l.pending:
			l.write(one)
		case <-l.stop:
			for len(l.pending) > 0 {
				l.write(<-l.pending)
			}
			return
		}
	}
}

// Close renders what is pending; what is added later is dropped. Call it once.
func (l *ExecutionLogs) Close() {
	close(l.stop)
	l.done.Wait()
}

// Dropped counts the requests whose lines were not made because too many were pending.
func (l *ExecutionLogs) Dropped() uint64 { return l.dropped.Load() }

func (l *ExecutionLogs) add(done *record.Record) {
	select {
	case l.pending <- done:
	default:
		l.dropped.Add(1)
	}
}

func (l *ExecutionLogs) write(done *record.Record) {
	id := logs.StreamId{
		Account: done.AccountId, Region: done.Region, Group: groupPrefix + done.ApiId + "/" + done.StageName,
		Stream: l.streamName(done),
	}
	var diagnosis []string
	if l.diagnose != nil {
		diagnosis = l.diagnose(done)
	}
	lines := append(ExecutionLines(done), closingLines(done)...)
	for _, line := range append(lines, diagnosis...) {
		l.writer.Write(id, done.Received.Add(done.Duration), Truncate("("+done.RequestId+") "+line))
	}
}

// streamName is 32 hexadecimal digits, as AWS's are: one stream for each process and day.
func (l *ExecutionLogs) streamName(done *record.Record) string {
	sum := sha256.Sum256([]byte(l.process + done.ApiId + "/" + done.StageName + done.Received.UTC().Format(time.DateOnly)))
	return hex.EncodeToString(sum[:])[:streamNameHex]
}

// Truncate cuts a line to what one event of an execution log holds, between characters.
func Truncate(line string) string {
	if len(line) <= eventSizeLimit {
		return line
	}
	end := eventSizeLimit - len(truncatedMark)
	for back := 0; back < utf8.UTFMax-1 && !utf8.RuneStart(line[end]); back++ { // no further: it may not be text
		end--
	}
	return line[:end] + truncatedMark
}
