package connections

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Target is the connection that a backend wants. ApiId and StageName are empty for a
// backend that only knows the id; AccountId is empty when any account may.
type Target struct {
	ConnectionId string
	ApiId        string
	StageName    string
	AccountId    string
}

// Info is what GetConnection tells.
type Info struct {
	Stage        Stage
	ConnectedAt  time.Time
	LastActiveAt time.Time
	SourceIp     string
	UserAgent    string
}

// Gone says that a connection is not open. AWS answers 410 and no more; Because is for
// people.
type Gone struct {
	ConnectionId string
	Connecting   bool     // $connect has not answered yet
	Elsewhere    *Stage   // the stage that it is open at, where another was asked for
	Closing      *Closing // how it ended, where that is remembered
	Because      string
}

// Error describes it in a sentence.
func (g *Gone) Error() string {
	return "connection " + g.ConnectionId + " is not open: " + g.Because
}

// The other ways in which an operation fails.
var (
	// ErrForbidden says that the connection belongs to another account.
	ErrForbidden = errors.New("the connection belongs to another account")
	// ErrClosed is what a Socket returns that is closing or closed.
	ErrClosed = errors.New("the connection is closed")
	// ErrUnreachable says that the connection's node is alive and did not answer: it is
	// worth another try.
	ErrUnreachable = errors.New("the node of the connection does not answer")
	// ErrTooLarge says that the message does not fit between two nodes.
	ErrTooLarge = errors.New("the message is too large to reach another node")
	// ErrNodeGone is what Peers returns for a node that no longer exists.
	ErrNodeGone = errors.New("the node of the connection has ended")
)

// Peers takes a request to another node, where Directory.Answer answers it. The error
// is ErrNodeGone when the node's lease has expired, ErrTooLarge for a request that does
// not fit; with any other the node lives and did not answer.
type Peers interface {
	Ask(ctx context.Context, node Node, request []byte) ([]byte, error)
}

// Directory takes operations to the node that has the connection.
type Directory struct {
	Ids      *Ids
	Node     Node // this one
	Registry *Registry
	Peers    Peers // nil on a single node
}

// Post sends a message to a client. The error is *Gone, ErrForbidden, ErrIdMalformed,
// ErrUnreachable or ErrTooLarge, wrapped.
func (d *Directory) Post(ctx context.Context, target Target, message []byte) error {
	_, err := d.call(ctx, request{Operation: operationPost, Target: target, Message: message})
	return err
}

// Get tells about a connection. Its errors are Post's.
func (d *Directory) Get(ctx context.Context, target Target) (Info, error) {
	return d.call(ctx, request{Operation: operationGet, Target: target})
}

// Delete ends a connection. Its errors are Post's.
func (d *Directory) Delete(ctx context.Context, target Target) error {
	_, err := d.call(ctx, request{Operation: operationDelete, Target: target})
	return err
}

// call takes a request to the node that has the connection.
func (d *Directory) call(ctx context.Context, r request) (Info, error) {
	node, err := d.Ids.Node(r.Target.ConnectionId)
	switch {
	case errors.Is(err, ErrIdForeign):
		return Info{}, &Gone{ConnectionId: r.Target.ConnectionId, Because: err.Error()}
	case err != nil:
		return Info{}, fmt.Errorf("reading %q: %w", r.Target.ConnectionId, err)
	case node == d.Node:
		return d.Registry.serve(r)
	}
	return d.ask(ctx, node, r)
}

func (d *Directory) ask(ctx context.Context, node Node, r request) (Info, error) {
	if d.Peers == nil {
		return Info{}, &Gone{ConnectionId: r.Target.ConnectionId, Because: ErrNodeGone.Error()}
	}
	encoded, err := r.encode()
	if err != nil {
		return Info{}, err
	}
	answer, err := d.Peers.Ask(ctx, node, encoded)
	switch {
	case errors.Is(err, ErrNodeGone):
		return Info{}, &Gone{ConnectionId: r.Target.ConnectionId, Because: ErrNodeGone.Error()}
	case errors.Is(err, ErrTooLarge):
		return Info{}, fmt.Errorf("asking node %08x: %w", uint32(node), err)
	case err != nil:
		return Info{}, fmt.Errorf("asking node %08x: %w", uint32(node), errors.Join(ErrUnreachable, err))
	}
	return decodeReply(answer)
}

// serve does what is asked of a connection of this node.
func (r *Registry) serve(operation request) (Info, error) {
	connection, socket, err := r.find(operation.Target)
	if err != nil {
		return Info{}, err
	}
	switch operation.Operation {
	case operationPost:
		if err := socket.Send(operation.Message); err != nil {
			return Info{}, &Gone{ConnectionId: connection.Id, Because: err.Error()}
		}
	case operationDelete:
		socket.Disconnect()
	}
	return Info{
		Stage: connection.Stage, ConnectedAt: connection.ConnectedAt, LastActiveAt: socket.LastActive(),
		SourceIp: connection.SourceIp, UserAgent: connection.UserAgent,
	}, nil
}

// describe is the end of a connection in words.
func (c Closing) describe(now time.Time) string {
	text := "it was closed " + now.Sub(c.At).Round(time.Second).String() + " ago by the " + string(c.By) + ", code " + strconv.Itoa(c.Code)
	if c.Reason != "" {
		text += " " + strconv.Quote(c.Reason)
	}
	if c.Detail != "" {
		text += ": " + c.Detail
	}
	return text
}
