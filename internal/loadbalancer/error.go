package loadbalancer

import (
	"errors"
	"fmt"
	"strings"
	"time"
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
	// TargetGroupArn is the group whose targets they are; empty where none was reached, or
	// where a configuration file declared it.
	TargetGroupArn string
	// At is when it happened; zero where that is not known.
	At  time.Time
	Err error
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
			b.WriteString(" (" + target.LastFailure + e.ageOf(target) + ")")
		}
		separator = ", "
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// ageOf says how long ago a target was checked.
func (e *Error) ageOf(target TargetHealth) string {
	if e.At.IsZero() || target.CheckedAt.IsZero() {
		return ""
	}
	return ", " + e.At.Sub(target.CheckedAt).Round(time.Second).String() + " ago"
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

// Describe says of a link that it is available, unless it is the link that err is about,
// and then what err says.
func Describe(link LinkId, err error) string {
	var failed *Error
	if !errors.As(err, &failed) || failed.Reason == ReasonLink {
		return err.Error()
	}
	return `link "` + link.Id + `": AVAILABLE; ` + failed.Error()
}
