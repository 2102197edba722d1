package rawheader

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func startServer(t *testing.T, handler http.HandlerFunc) net.Conn {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ConnContext: ConnContext, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(Listener(inner)) }()
	t.Cleanup(func() { _ = server.Close() })
	client, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// The spelling holds for each request of a connection, for pipelined ones, after
// bodies that look like requests, and when the head comes in pieces.
func TestFields(t *testing.T) {
	got := make(chan []Field, 10)
	client := startServer(t, func(w http.ResponseWriter, r *http.Request) {
		got <- Fields(r)
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	body := "GET /two HTTP/1.1\r\nX-B: fake\r\n\r\n"
	pieces := []string{
		"POST /one HTTP/1.1\r\nhost: a\r\nx-b: 1\r\nX-a: 2\r\nx-B: 3\r\n",
		fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body),
		"GET /two HTTP/1.1\r\nHost: b\r\nx-b: 4\r\n\r\nGET /three HTTP/1.1\r\nHOST: c\r\n\r\n",
	}
	for _, piece := range pieces {
		if _, err := io.WriteString(client, piece); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	reader := bufio.NewReader(client)
	for range 3 {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
	}
	want := [][]Field{
		{{"host", "a"}, {"x-b", "1"}, {"X-a", "2"}, {"x-B", "3"}, {"Content-Length", fmt.Sprint(len(body))}},
		{{"Host", "b"}, {"x-b", "4"}},
		{{"HOST", "c"}},
	}
	for i := range want {
		fields := <-got
		if i == 1 { // the fake head in the body may lend its spelling and order, never a value
			slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
			fields[1].Name = strings.ToLower(fields[1].Name)
		}
		if diff := cmp.Diff(want[i], fields); diff != "" {
			t.Errorf("request %d: %s", i+1, diff)
		}
	}
}

// Nor is the spelling lost behind bodies that are larger than what is remembered.
func TestFieldsAfterLargeBodies(t *testing.T) {
	got := make(chan []Field, 10)
	client := startServer(t, func(w http.ResponseWriter, r *http.Request) {
		got <- Fields(r)
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	})
	reader := bufio.NewReader(client)
	for range 3 {
		_, _ = fmt.Fprintf(client, "POST / HTTP/1.1\r\nhost: a\r\nContent-length: %d\r\n\r\n%s", 2*maxHead, strings.Repeat("x", 2*maxHead))
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if diff := cmp.Diff([]Field{{"host", "a"}, {"Content-length", fmt.Sprint(2 * maxHead)}}, <-got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestFieldsWithoutListener(t *testing.T) {
	r, err := http.NewRequest(http.MethodGet, "http://example.org/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"X-B": {"1", "2"}, "A": {"3"}}
	want := []Field{{"Host", "example.org"}, {"A", "3"}, {"X-B", "1"}, {"X-B", "2"}}
	if diff := cmp.Diff(want, Fields(r)); diff != "" {
		t.Error(diff)
	}
	r.ProtoMajor = 2
	if got := Fields(r)[2].Name; got != "x-b" {
		t.Errorf("over HTTP/2 the name is %q", got)
	}
}

func TestConnRememberBound(t *testing.T) {
	for name, served := range map[string]bool{"in a head": false, "in a body": true} {
		connection := &Conn{}
		connection.remember([]byte("GET / HTTP/1.1"), false)
		if served {
			connection.Begin()
		}
		for range 100 {
			connection.remember(make([]byte, 1000), false)
		}
		connection.remember(make([]byte, 2*maxHead), false)
		if len(connection.head) > maxHead {
			t.Errorf("%s: remembers %d bytes", name, len(connection.head))
		}
		connection.Release()
		connection.remember([]byte("x"), false)
		if connection.head != nil {
			t.Errorf("%s: remembers after Release", name)
		}
	}
}

// What no handler has got begins behind the last answer, and its beginning is kept.
func TestConnUnserved(t *testing.T) {
	connection := &Conn{}
	connection.remember([]byte("GET /one HTTP/1.1\r\n\r\n"), false)
	if got := connection.Unserved(); !got.First || got.Size != 21 || !strings.HasPrefix(string(got.Head), "GET /one") {
		t.Errorf("the first request: %+v", got)
	}
	connection.Begin()
	connection.remember([]byte("G"), true) // net/http looks for a client that goes away
	connection.Idle()
	connection.remember([]byte("ET /two HTTP/1.1\r\n"), false)
	connection.remember(make([]byte, 2*maxHead), false)
	got := connection.Unserved()
	if want := "GET /two HTTP/1.1\r\n"; got.First || !strings.HasPrefix(string(got.Head), want) || got.Size != int64(len(want)+2*maxHead) {
		t.Errorf("the second request: %v, %d bytes, %.30q", got.First, got.Size, got.Head)
	}
	if len(got.Head) > maxHead {
		t.Errorf("%d bytes kept", len(got.Head))
	}
}
