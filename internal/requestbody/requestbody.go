// Package requestbody keeps the reading of request bodies in bounds that net/http has
// not: a client that stops sending is not waited for, and a client that is still
// sending gets to read an answer that was given early, such as a 413. Without the
// latter, closing the connection over unread bytes resets it, and the answer is lost.
//
// It limits no sizes: who reads a body knows how large it may be.
//
// Begin at Guard.
package requestbody

import (
	"io"
	"net/http"
	"time"
)

const (
	// idleTimeout is how long the next bytes of a body are waited for. AWS's is not
	// documented.
	idleTimeout = 30 * time.Second
	// drainSizeLimit is how much of a body is still read, and thrown away, behind an
	// answer, bytes; drainTimeout is how long.
	drainSizeLimit = 64 << 20
	drainTimeout   = 10 * time.Second
)

// Guard watches over the request's body: serve the request that it returns, then call
// finish; the answer must not change after it. The request it was given keeps its body,
// by whose type net/http knows that a client waits for 100 Continue.
func Guard(w http.ResponseWriter, r *http.Request) (guarded *http.Request, finish func()) {
	return guard(w, r, idleTimeout)
}

func guard(w http.ResponseWriter, r *http.Request, idle time.Duration) (guarded *http.Request, finish func()) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, func() {}
	}
	b := &body{ReadCloser: r.Body, controller: http.NewResponseController(w), idle: idle, expectsContinue: r.Header.Get("Expect") != ""}
	guarded = new(http.Request)
	*guarded = *r
	guarded.Body = b
	return guarded, b.finish
}

// body is a request's body with a deadline for each read.
type body struct {
	io.ReadCloser
	controller      *http.ResponseController
	idle            time.Duration
	expectsContinue bool // the client sends nothing before it is told to
	begun, ended    bool
}

// Read implements io.Reader. Writers without deadlines, as tests have, go without.
func (b *body) Read(p []byte) (int, error) {
	b.begun = true
	_ = b.controller.SetReadDeadline(time.Now().Add(b.idle)) //nolint:forbidigo // the connection compares its deadline with the real clock
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.end(err)
	}
	return n, err // io.EOF must stay what it is
}

// end lifts the deadline of a body that was read whole: net/http goes on reading, to
// learn that a client went away. After a failure it stays, as net/http would wait for
// the rest of the body.
func (b *body) end(err error) {
	b.ended = true
	if err == io.EOF { //nolint:errorlint // readers return exactly io.EOF
		_ = b.controller.SetReadDeadline(time.Time{})
	}
}

// finish sends the answer, then reads what the client is still sending.
func (b *body) finish() {
	if b.ended || b.expectsContinue && !b.begun {
		return
	}
	if err := b.controller.Flush(); err != nil {
		return
	}
	_ = b.controller.SetReadDeadline(time.Now().Add(drainTimeout)) //nolint:forbidigo // the connection compares its deadline with the real clock
	_, _ = io.CopyN(io.Discard, b.ReadCloser, drainSizeLimit)      // the connection is closed behind it
}
