package requestbody

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// guarded serves h behind Guard.
func guarded(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, finish := Guard(w, r)
		defer finish()
		h(w, r)
	})
}

// A client that sends everything before it reads gets the early answer.
func TestGuardEarlyAnswer(t *testing.T) {
	server := httptest.NewServer(guarded(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		_, _ = io.WriteString(w, "too large")
	}))
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(drainTimeout))
	const size = 20 << 20
	request, _ := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader(make([]byte, size)))
	if err := request.Write(connection); err != nil {
		t.Fatalf("sending: %v", err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), request)
	if err != nil {
		t.Fatalf("reading the answer: %v", err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusRequestEntityTooLarge || string(text) != "too large" {
		t.Errorf("got %d %q, %v", response.StatusCode, text, err)
	}
}

// A client that waits for 100 Continue is answered without being told to send.
func TestGuardExpectContinue(t *testing.T) {
	server := httptest.NewServer(guarded(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusRequestEntityTooLarge) }))
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(drainTimeout))
	_, _ = io.WriteString(connection, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n")
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil || !strings.Contains(line, "413") {
		t.Errorf("got %q, %v", line, err)
	}
}

// A client that stops in the middle of its body is answered and loses its connection.
func TestGuardStalledBody(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, finish := guard(w, r, 50*time.Millisecond)
		defer finish()
		if _, err := io.ReadAll(r.Body); err == nil {
			t.Error("the body ended")
		}
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(drainTimeout))
	_, _ = io.WriteString(connection, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
	answer, err := io.ReadAll(connection)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") {
		t.Errorf("got %q, %v", answer, err)
	}
}

// deadlineWriter keeps the deadline that was set last.
type deadlineWriter struct {
	http.ResponseWriter
	deadline time.Time
}

// SetReadDeadline is what http.ResponseController calls.
func (w *deadlineWriter) SetReadDeadline(deadline time.Time) error {
	w.deadline = deadline
	return nil
}

// Each read has a deadline of its own, which ends with the body.
func TestGuardDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &deadlineWriter{ResponseWriter: httptest.NewRecorder()}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("ab"))
		r, finish := Guard(w, r)
		one := make([]byte, 1)
		for range 2 {
			if _, err := r.Body.Read(one); err != nil {
				t.Fatal(err)
			}
			if want := time.Now().Add(idleTimeout); !w.deadline.Equal(want) {
				t.Errorf("deadline %v, want %v", w.deadline, want)
			}
			time.Sleep(time.Second)
		}
		if _, err := r.Body.Read(one); err != io.EOF || !w.deadline.IsZero() { //nolint:errorlint // exactly io.EOF
			t.Errorf("at the end: %v, deadline %v", err, w.deadline)
		}
		finish()
	})
}

func TestGuardWithoutBody(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Body = http.NoBody
	guarded, finish := Guard(httptest.NewRecorder(), r)
	finish()
	if guarded != r {
		t.Error("the request was copied")
	}
}
