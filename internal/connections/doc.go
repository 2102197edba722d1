// Package connections knows which WebSocket connections are open, and at which node:
// it mints their ids, keeps the connections of this node, and takes what a backend
// wants of one (@connections: post, get, delete) to the node that has it.
//
// A connection lives in the memory of one node and nowhere else; its id, which is
// opaque and authenticated, says which. There is no record per connection in the
// store: a node that ends takes its connections along.
//
// It does not speak WebSocket (package dataplane/websocketapi does, behind Socket) and
// does not know how AWS words an error (package control/connections does). How a
// request reaches another node is behind Peers.
//
// Begin at Directory, then Registry and Ids.
package connections
