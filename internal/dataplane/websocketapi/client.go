package websocketapi

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/connections"
	"gatehouse/internal/iam"
	"gatehouse/internal/plan"
	"gatehouse/internal/tracing"
)

// client is one connection: what is known of it, its reader, and what waits to be sent.
// It is all that an idle connection holds besides its goroutine.
type client struct {
	pipeline   *Pipeline
	connection *connections.Connection
	stage      *plan.WebSocketStage // as it was when the client connected
	domainName string
	identity   *identity     // nil for a client that nobody authorized
	handshake  *tracing.Link // the span of its $connect; nil where that was not traced

	socket net.Conn
	early  []byte // what came with the handshake and is not read yet
	buffer [bufferSize]byte
	unread []byte // the part of buffer that is not read yet
	frames frames
	slots  chan struct{} // one for each message that is served; made by the first

	lastActive atomic.Int64 // nanoseconds since the client connected

	mu         sync.Mutex           // guards what follows, and the read deadline
	unsent     []byte               // frames that wait for the writer
	writing    bool                 // a goroutine is the writer
	refusing   bool                 // no frame is taken any more
	closeAfter bool                 // the writer closes the socket at the end
	closing    *connections.Closing // how the connection ends; nil while it does not
	remedy     *remedy              // why the gateway closes, for people; nil where it does not
	closeBy    time.Time            // when waiting for the client's end of the closing is over
}

// identity is who connected, as an authorizer or a signature said.
type identity struct {
	principal *iam.Principal
	accessKey string
	grant     *authorizer.Grant
	// apiKey is the value that was shown, apiKeyId the key's that it is.
	apiKey, apiKeyId string
}

var errTime = errors.New("the time is over")

// Send queues a message; it implements connections.Socket.
func (c *client) Send(message []byte) error {
	c.touch()
	return c.enqueue(messageOpCode(message), message)
}

// Disconnect ends the connection in the name of the backend.
func (c *client) Disconnect() {
	c.begin(connections.ByBackend, closeDeleted, "Connection Closed Normally")
}

// LastActive is when a message last came or went. It is as far from ConnectedAt as it was
// then: who sets the machine's clock makes nobody idle.
func (c *client) LastActive() time.Time {
	return c.connection.ConnectedAt.Add(time.Duration(c.lastActive.Load()))
}

// Ending is how the connection ends, once that is decided.
func (c *client) Ending() *connections.Closing {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		return nil
	}
	closing := *c.closing
	return &closing
}

func (c *client) touch() { c.lastActive.Store(int64(c.pipeline.Now().Sub(c.connection.ConnectedAt))) }

// Read reads what came early, then the socket. It waits as long as the limits let an
// idle client wait, whoever asks.
func (c *client) Read(p []byte) (int, error) {
	if len(c.early) > 0 {
		n := copy(p, c.early)
		if c.early = c.early[n:]; len(c.early) == 0 {
			c.early = nil
		}
		return n, nil
	}
	if len(c.unread) > 0 {
		n := copy(p, c.unread)
		c.unread = c.unread[n:]
		return n, nil
	}
	if len(p) >= bufferSize {
		return c.wait(p)
	}
	n, err := c.wait(c.buffer[:])
	c.unread = c.buffer[:n]
	n = copy(p, c.unread)
	c.unread = c.unread[n:]
	return n, err
}

func (c *client) wait(p []byte) (int, error) {
	for {
		if err := c.setDeadline(); err != nil {
			return 0, err
		}
		n, err := c.socket.Read(p)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
	}
}

// setDeadline sets the moment at which something is over, or says what is over already.
func (c *client) setDeadline() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.pipeline.Now()
	deadline := c.closeBy
	if c.closing == nil {
		limits := &c.pipeline.Limits
		idle, old := c.LastActive().Add(limits.Idle), c.connection.ConnectedAt.Add(limits.Duration)
		switch {
		case !now.Before(old):
			return c.tooOld(now)
		case !now.Before(idle):
			return c.tooIdle(now)
		}
		deadline = old
		if idle.Before(old) {
			deadline = idle
		}
	} else if !now.Before(deadline) {
		return errTime
	}
	return c.socket.SetReadDeadline(deadline)
}

// serve reads until the connection has ended, and then tells $disconnect.
func (c *client) serve() {
	defer c.pipeline.clients.Done()
	err := c.readAll()
	var broken *violation
	if errors.As(err, &broken) {
		c.violated(broken)
		c.discard()
	}
	closing := c.end()
	c.pipeline.Registry.End(c.connection, closing)
	c.pipeline.disconnected(c, closing)
}

// readAll takes frames until the closing handshake is complete or something breaks.
func (c *client) readAll() error {
	for {
		frame, err := c.frames.next()
		if err != nil {
			return err
		}
		c.touch()
		switch frame.opCode {
		case ws.OpPing:
			_ = c.enqueue(ws.OpPong, frame.payload) // a client that is closing needs no pong
		case ws.OpClose:
			return c.closedByClient(frame.payload)
		case ws.OpText:
			c.take(frame.payload)
		}
	}
}

// take has a message served, once there is room.
func (c *client) take(message []byte) {
	if c.isClosing() {
		return
	}
	if c.slots == nil {
		c.slots = make(chan struct{}, maxConcurrentMessages)
	}
	c.slots <- struct{}{}
	c.pipeline.clients.Add(1)
	go func() {
		defer c.pipeline.clients.Done()
		defer func() { <-c.slots }()
		c.pipeline.message(c, message)
	}()
}

// closedByClient answers a close frame, or completes the handshake that we began.
func (c *client) closedByClient(payload []byte) error {
	code, reason := closeWithoutStatus, noStatusReason
	if len(payload) > 0 {
		code, reason = ws.ParseCloseFrameData(payload)
		if err := ws.CheckCloseFrameData(code, reason); err != nil || len(payload) == 1 {
			return protocolError("Invalid close frame")
		}
	}
	if c.isClosing() {
		return io.EOF
	}
	c.begin(connections.ByClient, code, reason)
	return io.EOF
}

// noStatusReason is disconnectReason for a close frame without a code (public reports).
const noStatusReason = "Client-side close frame status not set"

// violated ends the connection because of what the client did, or did not do.
func (c *client) violated(broken *violation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		c.remedy = &broken.remedy
	}
	c.beginLocked(connections.ByGateway, broken.code, broken.reason)
}

// begin starts the closing handshake; the first to begin says how the connection ended.
func (c *client) begin(by connections.Closer, code ws.StatusCode, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.beginLocked(by, code, reason)
}

func (c *client) beginLocked(by connections.Closer, code ws.StatusCode, reason string) {
	if c.closing != nil {
		return
	}
	now := c.pipeline.Now()
	c.closing = &connections.Closing{At: now, By: by, Code: int(code), Reason: reason, Detail: c.remedy.text()}
	c.closeBy = now.Add(closeTimeout)
	var body []byte
	if code != closeWithoutStatus {
		body = ws.NewCloseFrameBody(code, reason)
	}
	c.push(ws.OpClose, body)
	c.refusing = true
	_ = c.socket.SetReadDeadline(c.closeBy) // a socket that is closed wakes its reader itself
}

func (c *client) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing != nil
}

// discard reads on for a while, so that the client gets to read our close frame: a
// socket that is closed with bytes unread is reset.
func (c *client) discard() {
	c.early, c.unread = nil, nil
	scrap := make([]byte, firstAllocation)
	for read := 0; read < maxDiscarded; {
		n, err := c.wait(scrap)
		if read += n; err != nil {
			return
		}
	}
}

// end closes the socket once everything is written, and says how the connection ended.
func (c *client) end() connections.Closing {
	closing, unwritten := c.decideEnd()
	if unwritten {
		_ = c.socket.Close() // it is gone either way
	}
	return closing
}

// decideEnd says how the connection ended, and whether no writer is left to close it.
func (c *client) decideEnd() (closing connections.Closing, unwritten bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		c.closing = &connections.Closing{At: c.pipeline.Now(), By: connections.ByNetwork, Code: int(closeAbnormal), Reason: abnormalReason}
		c.unsent = nil
	}
	c.refusing, c.closeAfter = true, true
	return *c.closing, !c.writing
}

// abnormalReason is disconnectReason of a connection that broke (unconfirmed).
const abnormalReason = "Connection closed abnormally"

// enqueue has a frame sent. It never waits.
func (c *client) enqueue(opCode ws.OpCode, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.refusing:
		return connections.ErrClosed
	case len(c.unsent)+len(payload) > maxUnsent:
		c.drop(connections.ByGateway, closeTooSlow, tooSlowReason)
		return connections.ErrClosed
	}
	c.push(opCode, payload)
	return nil
}

// push appends frames to what is to be sent, and sees to it that somebody sends. c.mu
// is held.
func (c *client) push(opCode ws.OpCode, payload []byte) {
	c.unsent = appendFrames(c.unsent, opCode, payload, c.pipeline.Limits.FramePayload)
	if !c.writing {
		c.writing = true
		c.pipeline.clients.Add(1)
		go c.write()
	}
}

// drop disconnects a client that cannot be written to. c.mu is held.
func (c *client) drop(by connections.Closer, code ws.StatusCode, reason string) {
	if c.closing == nil {
		if code == closeTooSlow {
			c.remedy = tooSlow(len(c.unsent))
		}
		c.closing = &connections.Closing{At: c.pipeline.Now(), By: by, Code: int(code), Reason: reason, Detail: c.remedy.text()}
	}
	c.refusing, c.unsent = true, nil
	_ = withoutTls(c.socket).Close() // a close frame would not reach it
}

// withoutTls is the socket beneath TLS, whose own Close waits for the client.
func withoutTls(socket net.Conn) net.Conn {
	if encrypted, ok := socket.(*tls.Conn); ok {
		return encrypted.NetConn()
	}
	return socket
}

const tooSlowReason = "The client does not read its messages"

// write sends what waits, all of it in one write, until nothing does.
func (c *client) write() {
	defer c.pipeline.clients.Done()
	for {
		c.mu.Lock()
		out := c.unsent
		c.unsent = nil
		if len(out) == 0 {
			c.writing = false
			closeAfter := c.closeAfter
			c.mu.Unlock()
			if closeAfter {
				_ = c.socket.Close()
			}
			return
		}
		c.mu.Unlock()
		err := c.socket.SetWriteDeadline(c.pipeline.Now().Add(writeTimeout))
		if err == nil {
			_, err = c.socket.Write(out)
		}
		if err != nil {
			c.writeFailed(err)
		}
	}
}

func (c *client) writeFailed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.drop(connections.ByGateway, closeTooSlow, tooSlowReason)
		return
	}
	c.drop(connections.ByNetwork, closeAbnormal, abnormalReason)
}
