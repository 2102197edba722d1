// Package cluster holds the stories of several servers that share a NATS cluster: what a
// person sees of one is seen of all, and what ends in the middle. The servers are processes
// of the real binary; the NATS servers are in the process of the test (natscluster).
//
// It is not for what one server does. Begin at TestNodes.
package cluster
