// Package cluster lets the nodes that share a NATS cluster know of each other: a node
// holds a lease while it lives, answers what other nodes ask it by its number, or all of
// them at once, and has the secrets that all nodes share.
//
// It carries bytes and knows nothing of what they say: package connections sends what
// backends want of a WebSocket connection that another node holds. It elects nobody and
// moves nothing: a node that ends takes its connections along.
//
// Where a server keeps its data itself, it is a cluster of one node, by the same code.
//
// Begin at Cluster: SharedSecret, Join, Ask and AskEach.
package cluster
