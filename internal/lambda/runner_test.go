package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// logLines keeps what functions print.
type logLines struct {
	mu    sync.Mutex
	lines []string
}

func (l *logLines) Write(line LogLine) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line.Text)
}

func (l *logLines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

func (l *logLines) count(text string) int { return strings.Count(l.text(), text) }

func testOptions(directory string) Options {
	executable, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return Options{
		Now: time.Now, NewID: newUUID, Directory: directory, WaitTime: patience,
		Interpreters:   &Interpreters{Path: os.Getenv("PATH"), Home: os.Getenv("HOME")},
		SandboxCommand: []string{executable, SandboxArgument},
	}
}

// newTestRunner makes a runner that is closed with the test.
func newTestRunner(t testing.TB, change ...func(*Options)) (*Runner, *logLines) {
	t.Helper()
	log := &logLines{}
	options := testOptions(t.TempDir())
	options.LogSink = log
	options.Logger = slog.New(slog.NewTextHandler(testWriter{t}, nil))
	for _, f := range change {
		f(&options)
	}
	r, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r, log
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

// zipCode is a deployment package of files by name; a name that ends in * is
// executable.
func zipCode(t testing.TB, files map[string]string) Code {
	t.Helper()
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	for name, text := range files {
		header := &zip.FileHeader{Name: strings.TrimSuffix(name, "*"), Method: zip.Deflate}
		header.SetMode(0o644)
		if strings.HasSuffix(name, "*") {
			header.SetMode(0o755)
		}
		w, err := writer.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return Code{SHA256: hash(archive.Bytes()), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(archive.Bytes())), nil
	}}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func testFunction(runtime string, code Code) Function {
	return Function{
		Arn: "arn:aws:lambda:us-east-1:000000000000:function:f", FunctionName: "f", Version: "$LATEST",
		Region: "us-east-1", RevisionID: "1", Runtime: runtime, Handler: "index.handler", Code: code,
		Timeout: patience, MemorySize: 256,
	}
}

func pythonFunction(t testing.TB, text string) Function {
	return testFunction("python3.12", zipCode(t, map[string]string{"index.py": text}))
}

func nodeFunction(t testing.TB, text string) Function {
	return testFunction("nodejs20.x", zipCode(t, map[string]string{"index.js": text}))
}

func invoke(t testing.TB, r *Runner, f Function, payload string) Result {
	t.Helper()
	result, err := r.Invoke(t.Context(), f, Invocation{RequestID: newUUID(), Payload: []byte(payload), LogTail: true})
	if err != nil {
		t.Fatalf("Invoke: %v", err)
	}
	return result
}

const pythonProcess = `
import os, socket, time

def handler(event, context):
    if "gate" in event:
        socket.create_connection(("127.0.0.1", event["gate"])).recv(1)
    time.sleep(event.get("seconds", 0))
    return context.log_stream_name
`

// gate is where invocations wait until it is opened.
type gate struct {
	net.Listener
	waiting chan net.Conn
}

func newGate(t *testing.T) *gate {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	g := &gate{listener, make(chan net.Conn, 100)}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			g.waiting <- connection
		}
	}()
	return g
}

// payload is an event that makes pythonProcess wait here.
func (g *gate) payload() []byte { return fmt.Appendf(nil, `{"gate":%d}`, g.Addr().(*net.TCPAddr).Port) }

func (g *gate) open() {
	for len(g.waiting) > 0 {
		(<-g.waiting).Close()
	}
}

// parallel invokes n times at once, of which so many run together and the others are
// refused, and answers the distinct payloads.
func parallel(t *testing.T, r *Runner, f Function, n, together int) map[string]int {
	t.Helper()
	g := newGate(t)
	texts := make(chan string, n)
	for range n {
		go func() {
			result, err := r.Invoke(t.Context(), f, Invocation{Payload: g.payload()})
			text := string(result.Payload)
			if err != nil {
				text = err.Error()
			}
			texts <- text
		}()
	}
	waitFor(t, "those that run and those that are refused", func() bool { return len(g.waiting) == together && len(texts) == n-together })
	g.open()
	payloads := make(map[string]int)
	for range n {
		payloads[<-texts]++
	}
	return payloads
}

// A new environment for each request at once, and reuse afterwards.
func TestInvoke_concurrency(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	first := parallel(t, r, f, 5, 5)
	if len(first) != 5 {
		t.Fatalf("5 requests at once ran in %d environments: %v", len(first), first)
	}
	second := parallel(t, r, f, 5, 5)
	for stream := range second {
		if first[stream] == 0 {
			t.Errorf("environment %s is new, want one of the first five", stream)
		}
	}
	if count := log.count("INIT_START"); count != 5 {
		t.Errorf("%d environments were started, want 5", count)
	}
	if s := r.Statistics(); s.Running != 0 || s.Environments != 5 {
		t.Errorf("statistics: %+v", s)
	}
}

func TestInvoke_reservedConcurrency(t *testing.T) {
	r, _ := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	two, none := 2, 0
	f.ReservedConcurrency = &two
	got := parallel(t, r, f, 5, 2)
	if got["Rate Exceeded."] != 3 || len(got) != 3 {
		t.Errorf("got %v, want 3 refused and 2 environments", got)
	}
	f.ReservedConcurrency = &none
	_, err := r.Invoke(t.Context(), f, Invocation{})
	var refused *ErrTooManyRequests
	if !errors.As(err, &refused) || refused.Reason != ReasonReservedConcurrency {
		t.Errorf("got %v, want a refusal for reserved concurrency 0", err)
	}
}

func TestInvoke_accountConcurrency(t *testing.T) {
	r, _ := newTestRunner(t, func(o *Options) { o.Concurrency = 1 })
	got := parallel(t, r, pythonFunction(t, pythonProcess), 3, 1)
	if got["Rate Exceeded."] != 2 {
		t.Errorf("got %v, want 2 refused", got)
	}
}

// At the bound the environment that was idle for longest makes room; when all
// are busy the request waits, and is refused when it has waited for too long.
func TestInvoke_environmentBound(t *testing.T) {
	r, log := newTestRunner(t, func(o *Options) { o.Environments, o.WaitTime = 2, 2*time.Second })
	f := pythonFunction(t, pythonProcess)
	functions := make([]Function, 3)
	for i := range functions {
		functions[i] = f
		functions[i].Arn += fmt.Sprint(i)
	}
	for _, i := range []int{0, 1, 0, 2, 0} { // 2 takes the place of 1
		invoke(t, r, functions[i], `{}`)
		waitFor(t, "the environments to be idle", func() bool { // one that has just answered is not yet
			s := r.Statistics()
			return s.Idle == s.Environments
		})
	}
	if count := log.count("INIT_START"); count != 3 {
		t.Errorf("%d environments were started, want 3", count)
	}
	functions[0].Timeout = time.Minute
	errs := make(chan error, 3)
	for range 3 {
		go func() {
			_, err := r.Invoke(t.Context(), functions[0], Invocation{Payload: []byte(`{"seconds":50}`)})
			errs <- err
		}()
	}
	var tooMany *ErrTooManyRequests
	if err := <-errs; !errors.As(err, &tooMany) || tooMany.Waited != 2*time.Second || tooMany.Limit != 2 || tooMany.Environments != 2 {
		t.Errorf("the one too many: %v", err)
	}
	r.Close()
	if err := errors.Join(<-errs, <-errs); err != nil {
		t.Errorf("those that ran: %v", err)
	}
}

// A changed revision gets new environments; the old one finishes what it runs.
func TestInvoke_revision(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	before := invoke(t, r, f, `{}`)
	running := make(chan Result, 1)
	go func() {
		result, _ := r.Invoke(t.Context(), f, Invocation{Payload: []byte(`{"seconds":0.3}`)})
		running <- result
	}()
	waitFor(t, "the invocation to run", func() bool { return r.Statistics().Running == 1 })
	changed := f
	changed.RevisionID, changed.Environment = "2", map[string]string{"A": "b"}
	after := invoke(t, r, changed, `{}`)
	if after.LogStream == before.LogStream {
		t.Errorf("the changed function ran in the old environment")
	}
	if old := <-running; old.LogStream != before.LogStream || old.FunctionError != "" {
		t.Errorf("the old environment did not finish its work: %+v", old)
	}
	waitFor(t, "the old environment to end", func() bool { return r.Statistics().Environments == 1 })
	if count := log.count("INIT_START"); count != 2 {
		t.Errorf("%d environments were started, want 2", count)
	}
}

func TestInvoke_idleEnvironmentsEnd(t *testing.T) {
	r, _ := newTestRunner(t, func(o *Options) { o.IdleTime = 50 * time.Millisecond })
	invoke(t, r, pythonFunction(t, pythonProcess), `{}`)
	waitFor(t, "the environment to end", func() bool { return r.Statistics().Environments == 0 })
}

// An environment that dies while it is idle is replaced without an error.
func TestInvoke_idleEnvironmentDies(t *testing.T) {
	r, _ := newTestRunner(t)
	f := pythonFunction(t, "import os, threading\ndef handler(event, context):\n"+
		"    threading.Timer(0.05, os._exit, [1]).start()\n    return context.log_stream_name")
	first := invoke(t, r, f, `{}`)
	waitFor(t, "the process to exit", func() bool { return r.Statistics().Environments == 0 })
	if second := invoke(t, r, f, `{}`); second.LogStream == first.LogStream || second.FunctionError != "" {
		t.Errorf("got %s", second.Payload)
	}
}

// When the caller goes away the function runs on, and its environment is
// used again.
func TestInvoke_callerGoesAway(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	invoke(t, r, f, `{}`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	left := make(chan error, 1)
	go func() {
		_, err := r.Invoke(ctx, f, Invocation{Payload: []byte(`{"seconds":2}`)})
		left <- err
	}()
	waitFor(t, "the function to run", func() bool { return log.count("START RequestId") == 2 })
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	waitFor(t, "the function to finish", func() bool { return log.count("REPORT") == 2 })
	invoke(t, r, f, `{}`)
	if count := log.count("INIT_START"); count != 1 {
		t.Errorf("%d environments were started, want 1", count)
	}
}

func TestInvoke_logTail(t *testing.T) {
	r, _ := newTestRunner(t)
	f := pythonFunction(t, "def handler(event, context):\n    print('x' * event)\n")
	short := string(invoke(t, r, f, `10`).LogTail)
	if !strings.HasPrefix(short, "START RequestId: ") || !strings.Contains(short, "\nxxxxxxxxxx\nEND RequestId: ") ||
		!strings.Contains(short, "\nREPORT RequestId: ") {
		t.Errorf("got %q", short)
	}
	long := string(invoke(t, r, f, `6000`).LogTail)
	if len(long) != MaximumLogTail || !strings.Contains(long, "REPORT") {
		t.Errorf("got %d bytes: %q", len(long), long)
	}
}

func TestInvoke_requestTooLarge(t *testing.T) {
	r, _ := newTestRunner(t)
	_, err := r.Invoke(t.Context(), pythonFunction(t, pythonEcho), Invocation{Payload: make([]byte, MaximumPayloadSize+1)})
	var tooLarge *ErrRequestTooLarge
	if !errors.As(err, &tooLarge) {
		t.Errorf("got %v", err)
	}
}

// Six megabytes in and out, the largest AWS allows.
func TestInvoke_largestPayload(t *testing.T) {
	r, _ := newTestRunner(t)
	payload := `"` + strings.Repeat("a", MaximumPayloadSize-2) + `"`
	python := pythonFunction(t, "def handler(event, context):\n    return event")
	node := nodeFunction(t, "exports.handler = async (event) => event")
	node.Arn += "-node"
	for _, f := range []Function{python, node} {
		if result := invoke(t, r, f, payload); string(result.Payload) != payload {
			t.Errorf("%s: got %d bytes, error %q", f.Runtime, len(result.Payload), result.FunctionError)
		}
	}
}

func TestClose_endsWhatRuns(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	done := make(chan Result, 1)
	go func() {
		result, _ := r.Invoke(t.Context(), f, Invocation{Payload: []byte(`{"seconds":5}`)})
		done <- result
	}()
	waitFor(t, "the function to run", func() bool { return log.count("START RequestId") == 1 })
	r.Close()
	if result := <-done; result.ErrorType != errorTypeExit {
		t.Errorf("got %s", result.Payload)
	}
	if _, err := r.Invoke(t.Context(), f, Invocation{}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: got %v", err)
	}
}

func TestForget(t *testing.T) {
	r, _ := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	invoke(t, r, f, `{}`)
	extracted := filepath.Join(r.options.Directory, "code", f.Code.SHA256)
	if _, err := os.Stat(extracted); err != nil {
		t.Fatal(err)
	}
	if err := r.Forget(f); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the environment to end", func() bool { return r.Statistics().Environments == 0 })
	if _, err := os.Stat(extracted); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the code is still there: %v", err)
	}
	invoke(t, r, f, `{}`) // and comes back when it is used again
}

func TestReset(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	invoke(t, r, f, `{}`)
	r.Reset()
	invoke(t, r, f, `{}`)
	if count := log.count("INIT_START"); count != 2 {
		t.Errorf("%d environments were started, want 2", count)
	}
}

func TestInvoke_runtimeMissing(t *testing.T) {
	r, _ := newTestRunner(t, func(o *Options) { o.Interpreters = &Interpreters{Path: "/nowhere"} })
	for runtime, missing := range map[string]string{"python3.12": "Python 3", "nodejs20.x": "Node.js", "java21": "", "python2.7": ""} {
		_, err := r.Invoke(t.Context(), testFunction(runtime, Code{Directory: t.TempDir()}), Invocation{})
		var refused *ErrRuntimeMissing
		if !errors.As(err, &refused) || refused.Missing != missing || refused.Runtime != runtime {
			t.Errorf("%s: got %v", runtime, err)
		}
	}
	if s := r.Statistics(); s.Running != 0 || len(r.starts) != 0 {
		t.Errorf("a refused invocation still counts: %+v", s)
	}
}

// patience is how long these tests wait for what has to come, however busy the machine is.
const patience = time.Minute

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("waited too long for %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Under load every caller gets the answer to its own event, and nothing is
// still counted afterwards.
func TestInvoke_load(t *testing.T) {
	r, _ := newTestRunner(t, func(o *Options) { o.LogSink = nil })
	f := pythonFunction(t, "import os\ndef handler(event, context):\n    if event % 97 == 0:\n        os._exit(1)\n    return [event, context.aws_request_id]")
	var wait sync.WaitGroup
	const callers, calls = 8, 100
	for caller := range callers {
		wait.Go(func() {
			for call := range calls {
				event := 1 + caller*calls + call
				id := newUUID()
				result, err := r.Invoke(t.Context(), f, Invocation{RequestID: id, Payload: fmt.Append(nil, event)})
				want := fmt.Sprintf(`[%d, "%s"]`, event, id)
				switch {
				case err != nil:
					t.Errorf("event %d: %v", event, err)
				case event%97 == 0 && result.ErrorType != errorTypeExit, event%97 != 0 && string(result.Payload) != want:
					t.Errorf("event %d: got %s", event, result.Payload)
				}
			}
		})
	}
	wait.Wait()
	waitFor(t, "the last start", func() bool { // which may have become superfluous meanwhile
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.starts) == 0
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runningTotal != 0 || len(r.running) != 0 || len(r.starts) != 0 {
		t.Errorf("still counted: %d running, %v, %d starting", r.runningTotal, r.running, len(r.starts))
	}
	if count := len(r.environments); count > 2*callers {
		t.Errorf("%d environments for %d callers", count, callers)
	}
}
