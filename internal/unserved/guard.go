package unserved

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/rawheader"
)

// Refuser answers and records requests that reach no handler.
type Refuser interface {
	// Refuse returns what the client gets. It is called by the goroutine of the connection.
	Refuse(refusal *Refusal) Answer
}

// Refusal is a request that reaches no handler.
type Refusal struct {
	// Fault says why. Its texts hold nothing that may be secret.
	Fault *fault.Fault
	// Unanswerable says that the client cannot be told: there is no TLS connection.
	Unanswerable bool
	// HttpMethod, Target and Headers are what could be read, as it was sent and as far as it
	// is valid; all may be empty.
	HttpMethod, Target string
	Headers            []rawheader.Field
}

// Header is the value of the first header of a name; empty without one.
func (r *Refusal) Header(name string) string {
	value, _ := first(r.Headers, name)
	return value
}

// Answer is what the client gets. The header is written with names as they are.
type Answer struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// Guard guards the listeners of servers.
type Guard struct {
	Refuser Refuser
	// HeaderTimeout is the servers' ReadHeaderTimeout, for people.
	HeaderTimeout time.Duration
}

// Serve serves a listener with a server whose ConnContext calls ConnOf; it sets the
// server's Handler and ConnState, which call those that were there. It returns as http.Server.Serve does.
func (g *Guard) Serve(server *http.Server, inner net.Listener) error {
	server.Handler, server.ConnState = handler(server.Handler), connState(server.ConnState)
	if err := server.Serve(&listener{rawheader.Listener(inner), g}); err != nil {
		return fmt.Errorf("serving %s: %w", inner.Addr(), err)
	}
	return nil
}

// ConnOf finds what rawheader and TLS need of a connection that Serve has accepted;
// encrypted is nil for plain HTTP.
func ConnOf(connection net.Conn) (remembered *rawheader.Conn, encrypted *tls.Conn) {
	if guarded, ok := connection.(*conn); ok {
		return guarded.Conn, guarded.encrypted
	}
	return nil, nil
}

type listener struct {
	net.Listener
	guard *Guard
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err // the server tells errors apart by their type
	}
	guarded := &conn{Conn: inner.(*rawheader.Conn), guard: l.guard}
	guarded.encrypted, _ = guarded.Inner().(*tls.Conn)
	return guarded, nil
}

// handler notes when a request has reached it. A client that begins with HTTP/2's preface
// gets no further: net/http takes that for a request with the method PRI.
func handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor > 1 && r.Method == "PRI" {
			w.WriteHeader(http.StatusHTTPVersionNotSupported) // which the connection takes for net/http's own
			return
		}
		rawheader.Begin(r)
		next.ServeHTTP(w, r)
	})
}

func connState(next func(net.Conn, http.ConnState)) func(net.Conn, http.ConnState) {
	return func(connection net.Conn, state http.ConnState) {
		if guarded, ok := connection.(*conn); ok && state == http.StateIdle {
			guarded.Idle()
		}
		if next != nil {
			next(connection, state)
		}
	}
}
