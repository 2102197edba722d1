// Package rawheader gives a request's headers as the client spelled and ordered them.
// net/http normalises names ("x-api-key" becomes "X-Api-Key"), but API Gateway hands
// names to functions, mappings and validators as they came.
//
// It remembers the first bytes of each request on a connection and reads nothing but
// spelling and order from them: the values, and which headers exist, are always those
// that net/http accepted, so a trick in the bytes can change no value.
//
// A Conn also knows the bytes of a request that no handler has got yet (Begin, Idle,
// Unserved), for package unserved. Fields needs neither Begin nor Idle.
//
// Begin at Fields; Listener and ConnContext connect it to an http.Server.
package rawheader

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// maxHead bounds the bytes remembered for a request: the header limit of API Gateway
// and a read buffer of net/http.
const maxHead = 16 * 1024

// Field is one header line.
type Field struct{ Name, Value string }

type listener struct{ net.Listener }

// Listener wraps a listener so that Fields knows the spelling of its requests.
func Listener(inner net.Listener) net.Listener { return listener{inner} }

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &Conn{Conn: inner}, nil
}

// Conn is a connection that remembers the head of the request it is reading.
type Conn struct {
	net.Conn
	served   atomic.Bool // a handler has the request
	mu       sync.Mutex  // guards the fields below
	head     []byte
	finished bool
	start    int   // where in head the request begins that no handler has
	size     int64 // bytes of it that came so far
	answered bool  // a request of the connection was served
	peeked   bool  // the last read was of one byte: net/http looks whether the client went away
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.remember(p[:n], len(p) == 1)
	}
	return n, err
}

func (c *Conn) remember(read []byte, peeked bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finished {
		return
	}
	c.size += int64(len(read))
	c.peeked = peeked
	if over := len(c.head) + len(read) - maxHead; over > 0 {
		read = c.makeRoom(read, over)
	}
	c.head = append(c.head, read...)
}

// makeRoom forgets what came first, as the next request may follow upon a body; but of
// a head that is still coming it keeps the beginning.
func (c *Conn) makeRoom(read []byte, over int) []byte {
	begun := len(c.head)
	if !c.served.Load() {
		begun = c.start
	}
	drop := min(over, begun)
	c.head = append(c.head[:0], c.head[drop:]...)
	c.start = max(0, c.start-drop)
	if !c.served.Load() {
		return read[:min(len(read), maxHead-len(c.head))]
	}
	return read[max(0, len(read)-maxHead):]
}

// Begin says that a handler has got the request: what is written from now on is its
// answer, what is read its body.
func (c *Conn) Begin() { c.served.Store(true) }

// Served says whether a handler has the request.
func (c *Conn) Served() bool { return c.served.Load() }

// Idle says that the request was answered and that the connection waits for the next.
func (c *Conn) Idle() {
	c.mu.Lock()
	c.start, c.size, c.answered = len(c.head), 0, true
	if c.peeked && c.start > 0 {
		c.start, c.size = c.start-1, 1 // the next request began while this one was served
	}
	c.mu.Unlock()
	c.served.Store(false)
}

// Unserved is the request that no handler has.
type Unserved struct {
	Head []byte // its first bytes, a copy
	Size int64  // bytes that came of it
	// First says that it is the first one of its connection. Where another one begins is a
	// guess: clients may send it before they have the answer to the last.
	First bool
}

// Unserved returns what came since the last request was answered.
func (c *Conn) Unserved() Unserved {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Unserved{Head: bytes.Clone(c.head[min(c.start, len(c.head)):]), Size: c.size, First: !c.answered}
}

// Inner is the connection without its memory.
func (c *Conn) Inner() net.Conn { return c.Conn }

// Release forgets everything and stops remembering: for a connection that is no
// longer HTTP, such as a WebSocket.
func (c *Conn) Release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head, c.finished = nil, true
}

type connKey struct{}

// ConnContext is an http.Server's ConnContext: it lets Fields find the connection.
func ConnContext(ctx context.Context, connection net.Conn) context.Context {
	if remembered, ok := connection.(*Conn); ok {
		return context.WithValue(ctx, connKey{}, remembered)
	}
	return ctx
}

// Begin says that a handler has got r; see Conn.Begin.
func Begin(r *http.Request) {
	if connection, ok := r.Context().Value(connKey{}).(*Conn); ok {
		connection.Begin()
	}
}

// Release stops remembering on the connection of r; see Conn.Release.
func Release(r *http.Request) {
	if connection, ok := r.Context().Value(connKey{}).(*Conn); ok {
		connection.Release()
	}
}

// Fields returns the headers of r, Host included, in the client's order and
// spelling. It is called once for each request, before the body is read. Over HTTP/2
// names are lower case. Without a Listener the names are net/http's.
func Fields(r *http.Request) []Field {
	fields := make([]Field, 0, len(r.Header)+1)
	if connection, ok := r.Context().Value(connKey{}).(*Conn); ok && r.ProtoMajor == 1 {
		fields = connection.fields(r, fields)
	}
	return appendMissing(fields, r)
}

func (c *Conn) fields(r *http.Request, fields []Field) []Field {
	c.Begin() // what comes is a body, or the next request
	c.mu.Lock()
	defer c.mu.Unlock()
	head := c.head
	if i := bytes.Index(head, requestLine(r)); i >= 0 {
		head = head[i:]
	} else {
		head = nil
	}
	_, head, _ = bytes.Cut(head, newline)
	for {
		var line []byte
		line, head, _ = bytes.Cut(head, newline)
		name, _, ok := bytes.Cut(line, colon)
		if !ok {
			break
		}
		fields = appendNext(fields, r, name)
	}
	c.head = append(c.head[:0], head...) // what follows may be the next request, pipelined
	return fields
}

var (
	newline = []byte("\n")
	colon   = []byte(":")
)

func requestLine(r *http.Request) []byte {
	line := make([]byte, 0, len(r.Method)+len(r.RequestURI)+2)
	line = append(line, r.Method...)
	line = append(line, ' ')
	line = append(line, r.RequestURI...)
	return append(line, ' ')
}

// appendNext appends the next value of the header that the line names, if there is
// one that has not been appended.
func appendNext(fields []Field, r *http.Request, rawName []byte) []Field {
	name := string(rawName)
	values := valuesOf(r, name)
	used := 0
	for _, field := range fields {
		if strings.EqualFold(field.Name, name) {
			used++
		}
	}
	if used < len(values) {
		fields = append(fields, Field{Name: name, Value: values[used]})
	}
	return fields
}

func valuesOf(r *http.Request, name string) []string {
	if strings.EqualFold(name, "Host") {
		return []string{r.Host}
	}
	return r.Header[http.CanonicalHeaderKey(name)]
}

// appendMissing appends what the remembered bytes did not show.
func appendMissing(fields []Field, r *http.Request) []Field {
	seen := len(fields)
	if r.Host != "" && !has(fields, "Host") {
		fields = append(fields, Field{Name: "Host", Value: r.Host})
	}
	if seen > 0 && len(fields) >= countValues(r) {
		return fields
	}
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if has(fields[:seen], name) {
			continue
		}
		for _, value := range r.Header[name] {
			fields = append(fields, Field{Name: spelledBy(r, name), Value: value})
		}
	}
	return fields
}

func spelledBy(r *http.Request, name string) string {
	if r.ProtoMajor >= 2 {
		return strings.ToLower(name)
	}
	return name
}

func countValues(r *http.Request) int {
	count := 1 // Host
	for _, values := range r.Header {
		count += len(values)
	}
	return count
}

func has(fields []Field, name string) bool {
	return slices.ContainsFunc(fields, func(field Field) bool { return strings.EqualFold(field.Name, name) })
}
