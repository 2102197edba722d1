package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// serverArgument starts the test binary as a server that is then killed.
const serverArgument = "__server"

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

func (l *logLines) Write(_, _ string, _ time.Time, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

func (l *logLines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

func testOptions(directory string) Options {
	executable, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return Options{
		Now: time.Now, NewID: newUUID, Directory: directory,
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
		Timeout: 5 * time.Second, MemorySize: 256,
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

func TestInvoke_python(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, "import os\ndef handler(event, context):\n    print('hi')\n    return {'event': event, 'cwd': os.getcwd()}\n")
	for range 3 {
		result := invoke(t, r, f, `{"a":1}`)
		t.Logf("%s %s %v %v", result.Payload, result.FunctionError, result.Duration, result.InitDuration)
	}
	t.Log(log.text())
	t.Log(r.Statistics())
}

func TestInvoke_node(t *testing.T) {
	r, log := newTestRunner(t)
	f := nodeFunction(t, "exports.handler = async (event) => { console.log('hi'); return {event, cwd: process.cwd()} }")
	for range 3 {
		result := invoke(t, r, f, `{"a":1}`)
		t.Logf("%s %s %v %v", result.Payload, result.FunctionError, result.Duration, result.InitDuration)
	}
	t.Log(log.text())
	t.Log(r.Statistics())
}

func serveUntilKilled(string) {}
