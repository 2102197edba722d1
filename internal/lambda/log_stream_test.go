package lambda

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func frame(text string) string {
	size := len(text)
	return string([]byte{frameFirst, frameSecond, byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)}) + text
}

// split feeds pieces to a stream and answers its lines.
func split(pieces ...string) []string {
	log := &logLines{}
	l := &logStream{sink: log, now: time.Now}
	for _, piece := range pieces {
		l.pending = append(l.pending, piece...)
		l.split()
	}
	l.end()
	return log.lines
}

func TestLogStream_split(t *testing.T) {
	cases := []struct {
		name   string
		pieces []string
		want   []string
	}{
		{"lines", []string{"a\nb\n\nc\n"}, []string{"a", "b", "", "c"}},
		{"in pieces", []string{"a", "b\nc", "d\n"}, []string{"ab", "cd"}},
		{"without an end", []string{"a\nb"}, []string{"a", "b"}},
		{"frame", []string{frame("a\nb") + "c\n"}, []string{"a\nb", "c"}},
		{"frame in a line", []string{"x" + frame("a\nb") + frame("") + "y\n"}, []string{"x", "a\nb", "", "y"}},
		{"frame in pieces", []string{"\x00", "\xa5\x00\x00", "\x00\x02a", "bc\n"}, []string{"ab", "c"}},
		{"zero byte", []string{"\x00a\n"}, []string{"\x00a"}},
		{"no frame, too long", []string{"\x00\xa5\xff\xff\xff\xffa\nb\n"}, []string{"\x00\xa5\xff\xff\xff\xffa", "b"}},
		{"too long", []string{strings.Repeat("a", MaximumLogLine+1) + "\n"}, []string{strings.Repeat("a", MaximumLogLine), "a"}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, split(c.pieces...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// However the bytes arrive, the lines are the same, and none is too long.
func FuzzLogStream(f *testing.F) {
	f.Add([]byte("a\nb"), 1)
	f.Add([]byte(frame("a\nb")+"c\n"), 3)
	f.Add([]byte("\x00\xa5"), 1)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		at = min(max(at, 0), len(text))
		whole, pieces := split(string(text)), split(string(text[:at]), string(text[at:]))
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Errorf("cut at %d (-whole +pieces):\n%s", at, diff)
		}
		for _, line := range whole {
			if len(line) > MaximumLogLine {
				t.Errorf("a line of %d bytes", len(line))
			}
		}
	})
}

// drain takes what was written before it, though a reader waits as well.
func TestLogStream_drain(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	log := &logLines{}
	l := &logStream{sink: log, now: time.Now, pipe: reader}
	done := make(chan struct{})
	go func() { defer close(done); l.follow() }()
	for i := range 200 {
		text := strings.Repeat("x", i*37) + "."
		writer.WriteString(text)
		l.drain()
		log.mu.Lock()
		last := strings.Join(log.lines, "")
		log.lines = nil
		log.mu.Unlock()
		if last != text {
			t.Fatalf("drain %d: got %d bytes, want %d", i, len(last), len(text))
		}
	}
	writer.Close()
	<-done
	reader.Close()
}

func TestReport_line(t *testing.T) {
	base := report{
		requestID: "id", duration: 3241 * time.Microsecond, billed: 4 * time.Millisecond,
		memorySize: 128, maxMemoryUsed: 40*1024*1024 + 1,
	}
	withInit, timeout, failed := base, base, base
	withInit.initDuration = 121987 * time.Microsecond
	timeout.status = "timeout"
	failed.status, failed.errorType = "error", "Runtime.ExitError"
	const start = "REPORT RequestId: id\tDuration: 3.24 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 41 MB\t"
	cases := map[string]report{
		start:                                base,
		start + "Init Duration: 121.99 ms\t": withInit,
		start + "Status: timeout":            timeout,
		start + "Status: error\tError Type: Runtime.ExitError": failed,
	}
	for want, r := range cases {
		if diff := cmp.Diff(want, r.line()); diff != "" {
			t.Error(diff)
		}
	}
	if got := billedDuration(1500*time.Microsecond, 600*time.Microsecond); got != 3*time.Millisecond {
		t.Errorf("billed %v, want 3ms", got)
	}
}
