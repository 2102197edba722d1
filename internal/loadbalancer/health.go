package loadbalancer

import (
	"context"
	"net"
	"strconv"
	"time"
)

// The states of targets.
const (
	StateInitial   = "initial"
	StateHealthy   = "healthy"
	StateUnhealthy = "unhealthy"
	StateUnused    = "unused"
	StateDraining  = "draining"
)

// The reasons of states.
const (
	ReasonInitialHealthChecking    = "Elb.InitialHealthChecking"
	ReasonResponseCodeMismatch     = "Target.ResponseCodeMismatch"
	ReasonTimeout                  = "Target.Timeout"
	ReasonFailedHealthChecks       = "Target.FailedHealthChecks"
	ReasonNotRegistered            = "Target.NotRegistered"
	ReasonNotInUse                 = "Target.NotInUse"
	ReasonDeregistrationInProgress = "Target.DeregistrationInProgress"
)

// Health is how a target is.
type Health struct {
	State       string
	Reason      string // empty when healthy
	Description string
	// LastFailure is what the last failed check met; CheckedAt is when the last check ended.
	LastFailure string
	CheckedAt   time.Time
}

// TargetHealth is a target and how it is.
type TargetHealth struct {
	Target
	Health
	HealthCheckPort string
}

// Address is the target's host:port.
func (t Target) Address() string { return net.JoinHostPort(t.Id, strconv.Itoa(t.Port)) }

func initialHealth() Health {
	return Health{State: StateInitial, Reason: ReasonInitialHealthChecking, Description: "Initial health checks in progress"}
}

func unusedHealth() Health {
	return Health{State: StateUnused, Reason: ReasonNotInUse, Description: "Target group is not configured to receive traffic from the load balancer"}
}

func drainingHealth() Health {
	return Health{State: StateDraining, Reason: ReasonDeregistrationInProgress, Description: "Target deregistration is in progress"}
}

// NotRegistered is the health of a target that a group does not have.
func NotRegistered() Health {
	return Health{State: StateUnused, Reason: ReasonNotRegistered, Description: "Target is not registered to the target group"}
}

// checked counts the results of a target's checks.
type checked struct {
	health    Health
	successes int // in a row
	failures  int // in a row
}

// count takes the result of one check. One success makes a new target healthy; later
// changes need the thresholds.
func (c *checked) count(result checkResult, check *HealthCheck, now time.Time) {
	c.health.CheckedAt = now
	if result.passed {
		c.successes, c.failures = c.successes+1, 0
		if c.health.State == StateInitial || c.successes >= check.HealthyThreshold {
			c.health = Health{State: StateHealthy, CheckedAt: now}
		}
		return
	}
	c.successes, c.failures = 0, c.failures+1
	c.health.LastFailure = result.failure
	if c.failures >= check.UnhealthyThreshold {
		c.health.State, c.health.Reason, c.health.Description = StateUnhealthy, result.reason, result.description
	}
}

// probeInterval is how often a new target is tried until it answers first, so that one
// that starts after it was registered need not wait a whole interval. Failures count once
// an interval, as on AWS.
const probeInterval = time.Second

// watch checks a target until ctx ends.
func (g *group) watch(ctx context.Context, t *target, check HealthCheck) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var counted time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		started := g.checker.now()
		result := g.checker.check(ctx, t.config, &check)
		if ctx.Err() != nil {
			return
		}
		if result.passed || counted.IsZero() || started.Sub(counted) >= check.Interval {
			g.note(t, result, &check)
			counted = started
		}
		wait := check.Interval
		if g.isInitial(t) {
			wait = min(wait, probeInterval)
		}
		timer.Reset(max(0, wait-g.checker.now().Sub(started)))
	}
}

func (g *group) isInitial(t *target) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return t.checked.health.State == StateInitial
}
