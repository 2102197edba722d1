package integration

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patient is a timeout that no call of these tests is to meet, however busy the machine is.
const patient = time.Minute

func newTestClient(t *testing.T) *Client {
	t.Helper()
	client := NewClient(1024, time.Now)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func TestClientCall(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Saw", r.Method+" "+r.Host+" "+r.URL.RequestURI()+" "+r.Header.Get("X-A"))
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write(body)
	}))
	defer backend.Close()
	response, err := newTestClient(t).Call(context.Background(), &Request{
		Method: "PUT", URL: backend.URL + "/a%2Fb?c=d+e", Host: "api.example.org", Header: http.Header{"X-A": {"1"}},
		Body: []byte("payload"), Timeout: patient,
	})
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusTeapot || string(response.Body) != "payload" || response.Header.Get("X-Saw") != "PUT api.example.org /a%2Fb?c=d+e 1" {
		t.Errorf("got %d %q %q", response.StatusCode, response.Body, response.Header)
	}
}

// The Content-Length of an answer to HEAD says how long the answer to GET would be.
func TestClientCallHead(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5000")
	}))
	defer backend.Close()
	response, err := newTestClient(t).Call(context.Background(), &Request{Method: "HEAD", URL: backend.URL, Timeout: patient})
	if err != nil {
		t.Fatal(err)
	}
	if len(response.Body) != 0 || response.Header.Get("Content-Length") != "5000" {
		t.Errorf("got %q %q", response.Body, response.Header)
	}
}

func TestClientFailures(t *testing.T) {
	slow := make(chan struct{})
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			select {
			case <-slow:
			case <-r.Context().Done():
			}
		case "/large":
			_, _ = io.WriteString(w, strings.Repeat("x", 2000))
		case "/broken":
			connection, _, _ := w.(http.Hijacker).Hijack()
			_ = connection.Close()
		}
	}))
	defer backend.Close()
	defer close(slow)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = nil
	for address, want := range map[string]FailureKind{
		backend.URL + "/slow":         FailureTimeout,
		backend.URL + "/large":        FailureTooLarge,
		backend.URL + "/broken":       FailureBroken,
		"http://" + refusing(t) + "/": FailureConnect,
		secure.URL:                    FailureCertificate,
		strings.Replace(backend.URL, "http:", "https:", 1): FailureTLS,
		"http://[bad": FailureRequest, "http:///orders": FailureRequest, "http://:80/": FailureRequest,
	} {
		timeout := patient
		if want == FailureTimeout {
			timeout = 50 * time.Millisecond // the backend waits longer than anybody
		}
		_, err := newTestClient(t).Call(context.Background(), &Request{Method: "GET", URL: address, Timeout: timeout})
		var failure *Failure
		if !errors.As(err, &failure) || failure.Kind != want {
			t.Errorf("%s: got %v, want %s", address, err, want)
		}
	}
}

// refusing is an address that refuses connections and that nobody else can take meanwhile:
// it is bound, and nothing listens.
func refusing(t *testing.T) string {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	bound, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	return "127.0.0.1:" + strconv.Itoa(bound.(*syscall.SockaddrInet4).Port)
}

func TestKindOfName(t *testing.T) {
	if kind := kindOf(&net.OpError{Op: "dial", Err: &net.DNSError{Name: "name.invalid", IsNotFound: true}}); kind != FailureName {
		t.Errorf("got %s", kind)
	}
}

func TestClientInsecureSkipVerification(t *testing.T) {
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer secure.Close()
	response, err := newTestClient(t).Call(context.Background(), &Request{Method: "GET", URL: secure.URL, Timeout: patient, InsecureSkipVerification: true})
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Errorf("got %v %v", response, err)
	}
}

func TestClientDial(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) }))
	defer backend.Close()
	response, err := newTestClient(t).Call(context.Background(), &Request{
		Method: "GET", URL: "http://nlb.internal/", Timeout: patient,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, backend.Listener.Addr().String())
		},
	})
	if err != nil || string(response.Body) != "nlb.internal" {
		t.Errorf("got %v %v", response, err)
	}
}
