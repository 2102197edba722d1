// Package records says where load balancers are kept: one typed store.Collection for
// each noun, under the account and region. The control plane writes them and carries
// them over to the Router; the control plane of API Gateway asks it which load
// balancers there are.
//
// It does not validate and does not route. Begin at the list of collections.
package records

import (
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/store"
)

// The collections; all are keyed by ARN, rules by the ARN of their listener before
// their own.
var (
	LoadBalancers = store.NewCollection[loadbalancer.LoadBalancer]("LoadBalancer")
	Listeners     = store.NewCollection[loadbalancer.Listener]("LoadBalancer.Listener")
	Rules         = store.NewCollection[loadbalancer.Rule]("LoadBalancer.Rule")
	TargetGroups  = store.NewCollection[loadbalancer.TargetGroup]("TargetGroup")
)
