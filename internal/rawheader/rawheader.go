// Package rawheader gives a request's headers as the client spelled and ordered them.
// net/http normalises names ("x-api-key" becomes "X-Api-Key"), but API Gateway hands
// names to functions, mappings and validators as they came.
//
// It remembers the first bytes of each request on a connection and reads nothing but
// spelling and order from them: the values, and which headers exist, are always those
// that net/http accepted, so a trick in the bytes can change no value.
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
	mu       sync.Mutex // guards head and finished
	head     []byte
	finished bool
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.remember(p[:n])
	}
	return n, err
}

func (c *Conn) remember(read []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.finished {
		return
	}
	if over := len(c.head) + len(read) - maxHead; over > 0 {
		c.head = append(c.head[:0], c.head[min(over, len(c.head)):]...)
		read = read[max(0, len(read)-maxHead):]
	}
	c.head = append(c.head, read...)
}

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
