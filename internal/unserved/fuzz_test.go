package unserved

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/rawheader"
)

// FuzzListener sends any bytes, in one piece or two: they lead to an answer or an end, never
// to a panic, and all that the connection held ends with it.
func FuzzListener(f *testing.F) {
	for _, test := range refusals {
		f.Add([]byte(test.sent[:min(len(test.sent), 2000)]), 7)
	}
	f.Add([]byte("GET /a HTTP/1.1\r\n"+host+"\r\nGET /b HTTP/1.1\r\n\r\n"), 40)
	f.Add([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 3)
	f.Fuzz(func(t *testing.T, sent []byte, cut int) {
		answer, refused := exchange(t, nil, sent, cut)
		for _, refusal := range refused {
			if refusal.Fault.Found == "" || refusal.Fault.Wanted == "" || len(refusal.Fault.Found) > 1000 {
				t.Errorf("%q: %s", sent, refusal.Fault)
			}
		}
		if len(refused) == 0 && !bytes.HasPrefix(answer, []byte("HTTP/1.1 200 ")) && !bytes.HasPrefix(answer, []byte("HTTP/1.0 200 ")) && len(answer) > 0 ||
			bytes.Contains(answer, []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n4")) {
			t.Errorf("net/http answers %q itself: %q", sent, answer)
		}
	})
}

// FuzzTlsListener is the same for a listener for TLS.
func FuzzTlsListener(f *testing.F) {
	for _, text := range []string{"", "GET / HTTP/1.1\r\n" + host + "\r\n", "\x16\x03\x01", "\x16\x03\x01\x00\x02\x01\x00", "\x15\x03\x01\x00\x02\x02\x28", "\x80\x2e\x01\x03\x01"} {
		f.Add([]byte(text), 4)
	}
	settings := certificate()
	f.Fuzz(func(t *testing.T, sent []byte, cut int) {
		_, refused := exchange(t, settings, sent, cut)
		if len(refused) > 1 || len(refused) == 1 && (refused[0].Fault.Found == "" || len(refused[0].Fault.Found) > 1000) {
			t.Errorf("%q: %v", sent, refused)
		}
	})
}

// exchange serves one connection in memory, and waits until the server has left it.
func exchange(t *testing.T, settings *tls.Config, sent []byte, cut int) (answer []byte, refused []*Refusal) {
	t.Helper()
	client, served := net.Pipe()
	closed := make(chan struct{})
	var one net.Listener = &oneConnection{connection: &closing{served, closed}, closed: closed}
	if settings != nil {
		one = ListenTls(one, settings)
	}
	r := &recorder{}
	server := &http.Server{
		Handler: http.HandlerFunc(echoOnce), ReadHeaderTimeout: 50 * time.Millisecond, ReadTimeout: 50 * time.Millisecond, IdleTimeout: 50 * time.Millisecond,
		ConnContext: func(ctx context.Context, connection net.Conn) context.Context {
			remembered, _ := ConnOf(connection)
			return rawheader.ConnContext(ctx, remembered)
		},
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = (&Guard{Refuser: r, HeaderTimeout: time.Second}).Serve(server, one) }()
	go func() {
		cut = max(0, min(cut, len(sent)))
		_, _ = client.Write(sent[:cut])
		_, _ = client.Write(sent[cut:])
	}()
	_ = client.SetDeadline(time.Now().Add(20 * time.Second))
	answer, err := io.ReadAll(client)
	if err != nil && !strings.Contains(err.Error(), "closed") {
		t.Errorf("%q is neither answered nor closed: %v", sent, err)
	}
	_ = client.Close()
	<-ended
	return answer, r.take()
}

// echoOnce answers and does not keep the connection long.
func echoOnce(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, "served")
}

// oneConnection is a listener with one connection; it ends when that does.
type oneConnection struct {
	connection net.Conn
	closed     chan struct{}
}

func (l *oneConnection) Accept() (net.Conn, error) {
	if connection := l.connection; connection != nil {
		l.connection = nil
		return connection, nil
	}
	<-l.closed
	return nil, io.EOF
}

func (l *oneConnection) Close() error   { return nil }
func (l *oneConnection) Addr() net.Addr { return &net.TCPAddr{} }

// CloseWrite closes both directions: a pipe has no half.
func (c *closing) CloseWrite() error { return c.Close() }

// closing says when it is closed.
type closing struct {
	net.Conn
	closed chan struct{}
}

func (c *closing) Close() error {
	err := c.Conn.Close()
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
	return err
}
