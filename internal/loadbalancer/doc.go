// Package loadbalancer routes connections as Elastic Load Balancing does: VPC link →
// load balancer → listener → rule → target group → a healthy target. It checks targets'
// health over the network, takes them in turn, and tries the next one where one cannot
// be connected to.
//
// It is no proxy and opens no port: the data plane asks it for a Connection (what to
// dial and what to speak there) and sends the request itself. It knows no AWS wire and
// no store; control/loadbalancers carries the records over with Router.Set, and a
// configuration file can declare load balancers of its own (Declared).
//
// It differs from AWS where no target is healthy: Elastic Load Balancing then sends
// traffic to all of them ("fail open"). Here that is an Error unless Options.FailOpen
// says otherwise, so that a broken backend shows at once.
//
// Begin at Router: Connect is for VPC links of version 1, Route for those of version 2,
// which lead to a listener or to the instances of a Cloud Map service (cloud_map.go).
// group.go chooses targets, health.go and check.go say which are healthy.
package loadbalancer
