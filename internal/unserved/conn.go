package unserved

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/rawheader"
)

// How long a refusal may take to be sent, and how long and how much of what the client is
// still sending is read behind it: closing a connection over unread bytes resets it, and the
// client loses the answer.
const (
	sendTimeout   = 5 * time.Second
	lingerTimeout = 2 * time.Second
	lingerSize    = 16 << 20 // bytes
)

// conn is a connection that answers in net/http's place.
type conn struct {
	*rawheader.Conn
	guard     *Guard
	encrypted *tls.Conn // nil for plain HTTP
	refused   atomic.Bool
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil && !c.Served() && !c.refused.Load() {
		c.readFailed(err)
	}
	return n, err // net/http tells errors apart by their type
}

// readFailed answers where net/http closes the connection without a word.
func (c *conn) readFailed(err error) {
	switch {
	case errors.Is(err, net.ErrClosed):
	case c.encrypted != nil && (!c.encrypted.ConnectionState().HandshakeComplete || isAlert(err)):
		c.handshakeFailed(err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		unserved := c.Unserved()
		if len(bytes.Trim(unserved.Head, "\r\n")) > 0 { // else it waited for a request, as it may
			c.refuse(c, read(unserved), c.explainTimeout)
		}
	}
}

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	if c.Served() {
		return c.Conn.Write(p) // the connection's own error
	}
	return c.writeUnserved(p)
}

// writeUnserved writes what no handler has written: a refusal, which is replaced, or the
// answer to OPTIONS *.
func (c *conn) writeUnserved(p []byte) (int, error) {
	if c.refused.Load() {
		return len(p), nil // net/http's words come after ours
	}
	statusCode, reason, ok := readStatusLine(p)
	if !ok {
		c.Begin()              // net/http serves the request itself
		return c.Conn.Write(p) // the connection's own error
	}
	c.refuse(c, read(c.Unserved()), func(h *head) *fault.Fault { return explain(h, statusCode, reason) })
	return len(p), nil
}

// readStatusLine reads the first line of a response that is an error: its status, and what
// it says behind the code.
func readStatusLine(response []byte) (statusCode int, reason string, ok bool) {
	const version, code = len("HTTP/1.1 "), len("400")
	if len(response) < version+code || !bytes.HasPrefix(response, []byte("HTTP/1.")) {
		return 0, "", false
	}
	statusCode, err := strconv.Atoi(string(response[version : version+code]))
	if err != nil || statusCode < http.StatusBadRequest {
		return 0, "", false
	}
	line, _, _ := bytes.Cut(response[version+code:], []byte("\r\n"))
	return statusCode, string(line), true
}

// refuse tells the Refuser, and the client, what is wrong, once for a connection, which
// net/http closes then.
func (c *conn) refuse(to net.Conn, h *head, explain func(*head) *fault.Fault) {
	if c.refused.Swap(true) {
		return
	}
	refusal := &Refusal{Fault: explain(h), HttpMethod: h.httpMethod, Target: h.target, Headers: h.headers}
	refusal.Fault.Checked = "the beginning of what came to " + c.listenerName()
	answer := c.guard.Refuser.Refuse(refusal)
	c.send(to, h, &answer)
}

func (c *conn) listenerName() string {
	name := "the listener " + c.LocalAddr().String()
	if c.encrypted != nil {
		return name + " for TLS"
	}
	return name + " for plain HTTP"
}

// send sends an answer and waits a little for the client to have read it.
func (c *conn) send(to net.Conn, h *head, answer *Answer) {
	if guarded, ok := to.(*conn); ok {
		to = guarded.Conn // whose Write is not this one's
	}
	now := time.Now() //nolint:forbidigo // the connection compares its deadlines with the real clock
	_ = to.SetWriteDeadline(now.Add(sendTimeout))
	if _, err := to.Write(encode(h, answer)); err != nil {
		return // a client that is gone needs no answer
	}
	closeWrite(to)
	_ = to.SetReadDeadline(now.Add(lingerTimeout))
	_, _ = io.CopyN(io.Discard, to, lingerSize)
}

// CloseWrite lets net/http say that nothing more will come, before it closes.
func (c *conn) CloseWrite() error {
	closeWrite(c.Conn)
	return nil
}

func closeWrite(connection net.Conn) {
	if remembering, ok := connection.(*rawheader.Conn); ok {
		connection = remembering.Inner()
	}
	if closer, ok := connection.(interface{ CloseWrite() error }); ok {
		_ = closer.CloseWrite() // it is closed right after
	}
}
