package loadbalancer

import (
	"fmt"
	"strings"
)

// Reason says what kept a request from reaching a target.
type Reason string

// The reasons.
const (
	ReasonLink           Reason = "vpc-link"        // the VPC link does not exist or has failed
	ReasonLoadBalancer   Reason = "load-balancer"   // the load balancer does not exist
	ReasonListener       Reason = "listener"        // nothing listens on that port, or there is no such listener
	ReasonProtocol       Reason = "protocol"        // TLS where the listener speaks none, or none where it does
	ReasonNoTarget       Reason = "no-target"       // the target group has no target
	ReasonNoHealthy      Reason = "no-healthy"      // no target is healthy
	ReasonConnectionsAll Reason = "all-unreachable" // every healthy target refused the connection
	ReasonCloudMap       Reason = "cloud-map"       // there is no such Cloud Map service
)

// Error is why a request does not reach a target. Targets says how each target of the
// group was, where a group was reached.
type Error struct {
	Reason  Reason
	Message string
	Targets []TargetHealth
	Err     error
}

// Error describes the failure with each target's health.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	if len(e.Targets) > 0 {
		fmt.Fprintf(&b, "; targets %d/%d healthy", healthyCount(e.Targets), len(e.Targets))
	}
	separator := ": "
	for _, target := range e.Targets {
		if target.State == StateHealthy {
			continue
		}
		b.WriteString(separator + target.Address() + " " + target.State)
		if target.LastFailure != "" {
			b.WriteString(" (" + target.LastFailure + ")")
		}
		separator = ", "
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the connections' errors.
func (e *Error) Unwrap() error { return e.Err }

func healthyCount(targets []TargetHealth) int {
	count := 0
	for _, target := range targets {
		if target.State == StateHealthy {
			count++
		}
	}
	return count
}

func failure(reason Reason, format string, arguments ...any) *Error {
	return &Error{Reason: reason, Message: fmt.Sprintf(format, arguments...)}
}
