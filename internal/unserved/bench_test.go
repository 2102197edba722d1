package unserved

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"gatehouse/internal/rawheader"
)

// BenchmarkRequest is a request over a connection that is kept, with a Guard and without.
func BenchmarkRequest(b *testing.B) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "served") })
	for name, serve := range map[string]func(server *http.Server, inner net.Listener) error{
		"guarded": (&Guard{Refuser: &recorder{}}).Serve,
		"bare":    func(server *http.Server, inner net.Listener) error { return server.Serve(rawheader.Listener(inner)) },
	} {
		b.Run(name, func(b *testing.B) {
			inner, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			server := &http.Server{Handler: answer, ReadHeaderTimeout: time.Minute, ConnContext: rawheader.ConnContext}
			if name == "guarded" {
				server.ConnContext = connContext
			}
			go func() { _ = serve(server, inner) }()
			defer func() { _ = server.Close() }()
			connection, err := net.Dial("tcp", inner.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			reader := bufio.NewReader(connection)
			const length = len("HTTP/1.1 200 OK\r\nDate: Mon, 02 Jan 2006 15:04:05 GMT\r\nContent-Length: 6\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nserved")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := io.WriteString(connection, "GET /a HTTP/1.1\r\n"+host+"User-Agent: benchmark\r\nAccept: */*\r\n\r\n"); err != nil {
					b.Fatal(err)
				}
				if _, err := reader.Discard(length); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// nowhere is a connection that takes and gives everything.
type nowhere struct{ net.Conn }

func (nowhere) Read(p []byte) (int, error)  { return len(p), nil }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkGuard is what a Guard adds to a request: noting that a handler has it, that it was
// answered, and looking at what is written.
func BenchmarkGuard(b *testing.B) {
	guarded := &conn{Conn: &rawheader.Conn{Conn: nowhere{}}, guard: &Guard{}}
	ctx, cancel := context.WithCancel(connContext(context.Background(), guarded))
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	if err != nil {
		b.Fatal(err)
	}
	next := handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	answer := make([]byte, 100)
	b.ReportAllocs()
	for b.Loop() {
		next.ServeHTTP(nil, r)
		_, _ = guarded.Write(answer)
		connState(nil)(guarded, http.StateIdle)
	}
}
