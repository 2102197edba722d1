// Package websocketapi serves WebSocket APIs: the handshake behind $connect, messages
// and the routes they select, and $disconnect. What happens to one of these three is one
// literal, steps in pipeline.go; each step is the file of its name.
//
// A connection is a goroutine that reads (client.go) and nothing else while it is idle:
// no buffer is held for it, no second goroutine, no timer of its own. Each message is
// served in a goroutine of its own, as AWS promises no order among the answers; how many
// at once is bounded, and so is what waits to be sent to a client.
//
// It does not know where connections of other nodes are, nor @connections (package
// connections), does not compile (package compile) and does not speak to backends
// (package integration). DESIGN.md tells why the reading is as it is.
//
// Begin at Pipeline.Serve in serve.go; client.go and frames.go are the wire.
package websocketapi
