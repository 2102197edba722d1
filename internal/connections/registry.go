package connections

import (
	"sync"
	"time"
)

// Stage names the stage that a connection belongs to.
type Stage struct {
	AccountId, Region, ApiId, StageName string
}

// Socket is the open end of a connection. Its methods may be called at any time, from
// anywhere, and never wait for the client.
type Socket interface {
	// Send queues a message. ErrClosed says that the connection is closing or closed,
	// or that the client was too slow and is disconnected now.
	Send(message []byte) error
	// Disconnect ends the connection in the name of the backend.
	Disconnect()
	// LastActive is when the client or a backend last sent something.
	LastActive() time.Time
	// Ending is how the connection ends, from the moment that this is decided; the client
	// and the network may take their time. It is nil while the connection is open.
	Ending() *Closing
}

// Connection is one client of a WebSocket API.
type Connection struct {
	Id          string
	Stage       Stage
	ConnectedAt time.Time
	SourceIp    string
	UserAgent   string

	socket Socket // guarded by Registry.mu; nil while $connect has not answered
}

// Closing says how a connection ended.
type Closing struct {
	At     time.Time
	By     Closer
	Code   int    // the close code; 1006 when there was none
	Reason string // the client's text, or ours
	// Detail is what a gateway that closed knows beyond Reason: which limit, and what met it.
	Detail string
}

// Closer is who ended a connection.
type Closer string

// The closers.
const (
	ByClient  Closer = "client"
	ByBackend Closer = "backend" // DeleteConnection
	ByGateway Closer = "gateway" // a limit, a violation of the protocol, the end of the server
	ByNetwork Closer = "network" // the connection broke
)

// maxRemembered bounds how many ended connections a Registry tells about.
const maxRemembered = 1024

// Registry keeps the connections of this node.
type Registry struct {
	now  func() time.Time
	node Node
	ids  *Ids

	mu      sync.RWMutex // guards what follows, and Connection.socket
	open    map[string]*Connection
	ended   [maxRemembered]ending // a ring
	endings int
}

type ending struct {
	id      string
	closing Closing
}

// NewRegistry returns an empty Registry of a node.
func NewRegistry(ids *Ids, node Node, now func() time.Time) *Registry {
	return &Registry{now: now, node: node, ids: ids, open: map[string]*Connection{}}
}

// Begin adds a client that wants to connect: it has an id from now on, and is Gone for
// everybody until Open.
func (r *Registry) Begin(stage Stage, sourceIp, userAgent string) *Connection {
	connection := &Connection{Id: r.ids.New(r.node), Stage: stage, ConnectedAt: r.now(), SourceIp: sourceIp, UserAgent: userAgent}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open[connection.Id] = connection
	return connection
}

// Open makes a connection reachable through its socket.
func (r *Registry) Open(connection *Connection, socket Socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	connection.socket = socket
}

// End removes a connection; for some time Gone tells how it ended.
func (r *Registry) End(connection *Connection, closing Closing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, connection.Id)
	connection.socket = nil
	r.ended[r.endings%maxRemembered] = ending{id: connection.Id, closing: closing}
	r.endings++
}

// Len is the number of connections, those included that are being made.
func (r *Registry) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.open)
}

// Sockets returns the sockets that are open now, for ending them all.
func (r *Registry) Sockets() []Socket {
	r.mu.RLock()
	defer r.mu.RUnlock()
	sockets := make([]Socket, 0, len(r.open))
	for _, connection := range r.open {
		if connection.socket != nil {
			sockets = append(sockets, connection.socket)
		}
	}
	return sockets
}

// find returns an open connection that the target may mean, or why there is none.
func (r *Registry) find(target Target) (*Connection, Socket, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	connection, ok := r.open[target.ConnectionId]
	switch {
	case !ok:
		return nil, nil, r.gone(target.ConnectionId)
	case target.AccountId != "" && target.AccountId != connection.Stage.AccountId:
		return nil, nil, ErrForbidden
	case target.ApiId != "" && (target.ApiId != connection.Stage.ApiId || target.StageName != connection.Stage.StageName):
		return nil, nil, &Gone{ConnectionId: target.ConnectionId, Elsewhere: &connection.Stage, Because: "it belongs to stage " + connection.Stage.StageName +
			" of API " + connection.Stage.ApiId + ", not to stage " + target.StageName + " of API " + target.ApiId}
	case connection.socket == nil:
		since := r.now().Sub(connection.ConnectedAt).Round(time.Millisecond)
		return nil, nil, &Gone{ConnectionId: target.ConnectionId, Connecting: true,
			Because: "its $connect route has not answered yet (after " + since.String() + "); post once it has answered 200"}
	}
	if closing := connection.socket.Ending(); closing != nil { // End is still to come
		return nil, nil, &Gone{ConnectionId: target.ConnectionId, Closing: closing, Because: closing.describe(r.now())}
	}
	return connection, connection.socket, nil
}

// gone says what is known of a connection that is not here. r.mu is held.
func (r *Registry) gone(id string) error {
	for i := range r.ended {
		if ended := &r.ended[i]; ended.id == id {
			closing := ended.closing
			return &Gone{ConnectionId: id, Closing: &closing, Because: closing.describe(r.now())}
		}
	}
	return &Gone{ConnectionId: id, Because: "it is not open, and not among the last that ended here"}
}
