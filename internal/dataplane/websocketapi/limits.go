package websocketapi

import (
	"time"

	"github.com/gobwas/ws"

	"gatehouse/internal/apigw/apigwv2"
)

// Limits are what a connection may do. AWS's are DefaultLimits; a configuration may
// raise them.
type Limits struct {
	MessagePayload int           // bytes; "Message payload size"
	FramePayload   int           // bytes; "WebSocket frame size"
	Idle           time.Duration // "Idle connection timeout"
	Duration       time.Duration // "Connection duration for WebSocket API"
}

// DefaultLimits are AWS's quotas (guide: limits.md).
func DefaultLimits() Limits {
	return Limits{
		MessagePayload: apigwv2.MessagePayloadLimit, FramePayload: apigwv2.FramePayloadLimit,
		Idle: apigwv2.IdleConnectionTimeout, Duration: apigwv2.ConnectionDuration,
	}
}

// The close codes that API Gateway sends. 1003 and 1009 are the guide's
// (websocket-api-develop-binary-media-types.md, limits.md); the others are RFC 6455's
// for the case, and unconfirmed.
const (
	closeDeleted       = ws.StatusNormalClosure           // DeleteConnection
	closeIdle          = ws.StatusGoingAway               // idle for too long
	closeOld           = ws.StatusGoingAway               // the connection's life is over
	closeServerEnds    = ws.StatusGoingAway               // the server shuts down
	closeProtocol      = ws.StatusProtocolError           // bytes that are no WebSocket
	closeBinary        = ws.StatusUnsupportedData         // a binary frame
	closeNotUtf8       = ws.StatusInvalidFramePayloadData // text that is not UTF-8
	closeTooBig        = ws.StatusMessageTooBig           // a message or frame over its limit
	closeTooSlow       = ws.StatusPolicyViolation         // a client that does not read
	closeAbnormal      = ws.StatusAbnormalClosure         // never sent: the connection broke
	closeWithoutStatus = ws.StatusNoStatusRcvd            // never sent: the client gave no code
)

// Bounds that are ours.
const (
	// maxConcurrentMessages is how many messages of one connection are served at once;
	// while as many are, nothing more is read from the client.
	maxConcurrentMessages = 16
	// maxUnsent is how many bytes wait for a client, beyond what the system's own buffers
	// hold; a client that is slower is disconnected.
	maxUnsent = 1 << 20
	// writeTimeout is how long one write to a client may take.
	writeTimeout = 10 * time.Second
	// closeTimeout is how long the gateway waits for the client's end of a closing
	// handshake, maxDiscarded how much it reads meanwhile.
	closeTimeout = 2 * time.Second
	maxDiscarded = 1 << 20
	// bufferSize is what a connection holds to read into while it is idle, bytes. A small
	// message arrives in it whole.
	bufferSize = 128
	// firstAllocation bounds what is allocated on a frame header's word alone, bytes.
	firstAllocation = 4096
)
