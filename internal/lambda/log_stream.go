package lambda

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"syscall"
	"time"
)

// LogSink takes the log lines of functions. A call must not block for long:
// the function waits for it. A line has no line break at its end; one that our
// bootstraps write may hold line breaks inside (a stack trace is one event).
type LogSink interface {
	Write(line LogLine)
}

// LogLine is one line that a function, or the service for it, wrote.
type LogLine struct {
	// FunctionArn is the function's, without a version or alias; it says whose log it is.
	FunctionArn   string
	Group, Stream string
	At            time.Time
	Text          string
}

// Bootstraps of ours mark an event that may hold line breaks: these two bytes
// at the start of a line, four bytes of length (big endian), the text.
const (
	frameFirst  = 0x00
	frameSecond = 0xa5
	frameHeader = 6
)

// logStream carries what a process prints to the sink, line by line, and keeps
// the tail an invocation asked for. The process writes to a pipe, so whatever
// it printed before it answered is in the pipe when the answer arrives: drain
// then reads exactly the lines of that invocation.
type logStream struct {
	sink          LogSink
	functionArn   string
	group, stream string
	now           func() time.Time
	pipe          *os.File

	mu      sync.Mutex // guards all below
	pending []byte     // what has no line end yet
	tail    *logTail   // nil unless an invocation wants it
	scratch []byte
	ended   bool
}

// logTail keeps the last bytes of a log.
type logTail struct{ text []byte }

func (t *logTail) add(line string) {
	t.text = append(append(t.text, line...), '\n')
	if excess := len(t.text) - MaximumLogTail; excess > 0 {
		t.text = append(t.text[:0], t.text[excess:]...)
	}
}

const (
	logReadSize = 32 * 1024
	// drainReads bounds what one drain reads, for a process that never stops
	// printing: a pipe holds 64 KB, or 1 MB where it was enlarged.
	drainReads = 32
)

// follow reads until the last writer is gone. It runs in a goroutine.
func (l *logStream) follow() {
	defer l.end()
	raw, err := l.pipe.SyscallConn()
	if err != nil {
		return
	}
	//nolint:errcheck // the callback ends the loop; closing the pipe does too
	_ = raw.Read(func(fd uintptr) bool { return l.read(int(fd), math.MaxInt) })
}

// drain takes what is in the pipe now, and the line that is not ended.
func (l *logStream) drain() {
	if raw, err := l.pipe.SyscallConn(); err == nil {
		//nolint:errcheck // fails only on a closed pipe, which holds nothing
		_ = raw.Control(func(fd uintptr) { l.read(int(fd), drainReads) })
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
}

// read takes what is there and answers true at the end of the stream.
func (l *logStream) read(fd, most int) (ended bool) {
	for range most {
		count, err := l.readOnce(fd)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return !errors.Is(err, syscall.EAGAIN)
		}
		if count == 0 {
			return true
		}
	}
	return false
}

func (l *logStream) readOnce(fd int) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return 0, nil
	}
	if l.scratch == nil {
		l.scratch = make([]byte, logReadSize)
	}
	count, err := syscall.Read(fd, l.scratch)
	if count > 0 {
		l.pending = append(l.pending, l.scratch[:count]...)
		l.split()
	}
	return count, err
}

// split sends every complete line and frame in pending.
func (l *logStream) split() {
	rest := l.pending
	for len(rest) > 0 {
		size, text, complete := nextEvent(rest)
		if !complete {
			break
		}
		l.send(string(text))
		rest = rest[size:]
	}
	l.pending = append(l.pending[:0], rest...)
	if len(l.pending) == 0 && cap(l.pending) > logReadSize {
		l.pending = nil // do not keep the memory of one large line
	}
}

// nextEvent finds the first event of text: its size with all framing, its
// content, and whether it is complete.
func nextEvent(text []byte) (size int, content []byte, complete bool) {
	if text[0] == frameFirst && (len(text) < 2 || text[1] == frameSecond) {
		if len(text) < frameHeader {
			return 0, nil, false
		}
		length := int64(binary.BigEndian.Uint32(text[2:]))
		if length <= MaximumLogLine {
			end := frameHeader + int(length)
			if len(text) < end {
				return 0, nil, false
			}
			return end, text[frameHeader:end], true
		}
	}
	for i, b := range text {
		if b == '\n' {
			return i + 1, text[:i], true
		}
		if i == MaximumLogLine || (b == frameFirst && i+1 < len(text) && text[i+1] == frameSecond && i > 0) {
			return i, text[:i], true
		}
	}
	return 0, nil, false
}

// flush sends a line that has no end yet.
func (l *logStream) flush() {
	if len(l.pending) > 0 {
		l.send(string(l.pending))
		l.pending = l.pending[:0]
	}
}

// write adds a line of the service itself: START, END, REPORT.
func (l *logStream) write(format string, arguments ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.send(fmt.Sprintf(format, arguments...))
}

func (l *logStream) send(line string) {
	if l.tail != nil {
		l.tail.add(line)
	}
	if l.sink != nil {
		l.sink.Write(LogLine{FunctionArn: l.functionArn, Group: l.group, Stream: l.stream, At: l.now(), Text: line})
	}
}

// collect starts or, with nil, ends keeping the tail.
func (l *logStream) collect(tail *logTail) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = tail
}

// end sends what is left.
func (l *logStream) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	l.ended = true
}
