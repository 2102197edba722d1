package lambda

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The test binary is a bootstrap of its own when it is called so: a client of
// the Runtime API that knows nothing of the runner.
func runBootstrap() int {
	if os.Getenv("QUIT") != "" {
		return quitAfterNext()
	}
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime"
	for {
		next, err := http.Get(api + "/invocation/next")
		if err != nil {
			return 1
		}
		event, err := io.ReadAll(next.Body)
		next.Body.Close()
		if err != nil || next.StatusCode != http.StatusOK {
			return 1
		}
		url := api + "/invocation/" + next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		url, body := answerEvent(url, event)
		answer, err := http.Post(url, "application/json", bytes.NewReader(body))
		if err != nil {
			return 1
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusAccepted {
			fmt.Println("status", answer.StatusCode)
		}
	}
}

// quitAfterNext asks for work and does not wait for it.
func quitAfterNext() int {
	connection, err := net.Dial("tcp", os.Getenv("AWS_LAMBDA_RUNTIME_API"))
	if err != nil {
		return 1
	}
	fmt.Fprintf(connection, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n")
	if os.Getenv("QUIT") == "later" {
		time.Sleep(20 * time.Millisecond)
	}
	return 3
}

func answerEvent(url string, event []byte) (target string, body []byte) {
	switch string(event) {
	case `"error"`:
		return url + "/error", []byte(`{"errorMessage":"as asked","errorType":"Pets"}`)
	case `"no json"`:
		return url + "/error", []byte(`oops`)
	case `"wrong id"`:
		return url + "0/response", nil
	}
	fmt.Printf("event %s\n", event)
	return url + "/response", event
}

// bootstrapFunction is a provided.al2023 function made of the test binary.
func bootstrapFunction(t testing.TB) Function {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.ReadFile(executable)
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "bootstrap"), binary, 0o755); err != nil {
		t.Fatal(err)
	}
	return testFunction("provided.al2023", Code{Directory: directory})
}

func TestInvoke_provided(t *testing.T) {
	r, log := newTestRunner(t)
	f := bootstrapFunction(t)
	cases := []struct{ event, payload, functionError string }{
		{`{"a":1}`, `{"a":1}`, ""},
		{`"error"`, `{"errorMessage":"as asked","errorType":"Pets"}`, "Unhandled"},
		{`"no json"`, `{"errorType":"Runtime.Unknown","errorMessage":"Unknown application error occurred"}`, "Unhandled"},
		{`"again"`, `"again"`, ""},
	}
	for _, c := range cases {
		result := invoke(t, r, f, c.event)
		if string(result.Payload) != c.payload || result.FunctionError != c.functionError {
			t.Errorf("%s: got %s %q, want %s %q", c.event, result.Payload, result.FunctionError, c.payload, c.functionError)
		}
	}
	if count := log.count("INIT_START"); count != 1 {
		t.Errorf("%d environments were started, want 1:\n%s", count, log.text())
	}
}

// A process that ends once it asked for work is reported, not started again
// and again, however the two events meet.
func TestInvoke_quitAfterNext(t *testing.T) {
	r, log := newTestRunner(t)
	for _, when := range []string{"now", "later"} {
		f := bootstrapFunction(t)
		f.Environment, f.RevisionID = map[string]string{"QUIT": when}, when
		for range 3 {
			if result := invoke(t, r, f, `{}`); result.ErrorType != errorTypeExit || !strings.Contains(string(result.Payload), "exit status 3") {
				t.Errorf("%s: got %s", when, result.Payload)
			}
		}
	}
	if count := log.count("INIT_START"); count != 6 {
		t.Errorf("%d environments were started, want 6", count)
	}
}

// An answer to another request id is refused, and owing the right one the
// process may not ask for more work.
func TestInvoke_wrongRequestID(t *testing.T) {
	r, log := newTestRunner(t)
	result := invoke(t, r, bootstrapFunction(t), `"wrong id"`)
	if result.ErrorType != errorTypeExit || log.count("status 400") != 1 {
		t.Errorf("got %s, log:\n%s", result.Payload, log.text())
	}
}
