package app

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// newcomerTimeout is how long the end of a server waits for requests of connections that
// are open already; browsers open some without sending anything.
const newcomerTimeout = 500 * time.Millisecond

// newcomers are the connections whose first request has not been read. net/http closes
// one without a word when the request comes after Shutdown has begun, although the client
// was let in before.
type newcomers struct {
	mu          sync.Mutex // guards connections
	connections map[net.Conn]struct{}
}

// note is a ConnState of http.Server.
func (n *newcomers) note(connection net.Conn, state http.ConnState) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if state == http.StateNew {
		n.connections[connection] = struct{}{}
	} else {
		delete(n.connections, connection)
	}
}

func (n *newcomers) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.connections)
}

// await waits until all are served, or for newcomerTimeout. It looks twice: the last one
// may be on its way to the handler.
func (n *newcomers) await(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, newcomerTimeout)
	defer cancel()
	const pause = 5 * time.Millisecond // longer than net/http takes from its word to the handler
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for empty := 0; empty < 2; {
		if empty++; n.count() > 0 {
			empty = 0
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
