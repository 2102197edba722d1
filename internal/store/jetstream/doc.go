// Package jetstream keeps records and objects in NATS JetStream: in a server embedded in this process, with files in a data directory and no port
// open, or in an external NATS cluster (2.12 or later). Only how the connection is opened differs.
//
// It is not a general client of NATS; what else needs messages (leases, node-to-node requests) takes [Store.Conn] and streams of its own.
//
// Begin at [Open]. DESIGN.md beside this file tells why it is as it is. Reading order: embedded.go (the server), follower.go (stream to image),
// commit.go (batch to stream), object.go, check.go.
package jetstream
