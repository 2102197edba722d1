// Package loadbalancers is the control plane of Elastic Load Balancing: what each
// operation does to the records of load balancers, listeners, rules and target groups.
// Follower carries them over to the loadbalancer.Router, which checks and routes.
//
// Nothing listens for clients: a load balancer here is what VPC links lead to. So TLS of
// a listener ends inside the server; its certificates and policy are kept and not used.
// Subnets and security groups are kept as they are named, as there is no VPC. Targets are
// IP addresses or host names (AWS takes addresses alone). What would have no effect is
// refused by name: unsupported.go and the tables of attribute.go.
//
// Begin at Service; one file holds the operations of one noun.
package loadbalancers
