package loadbalancer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// connectTimeout bounds the connection to one target, so that a request has time left
// for the next one. It is ours; the client's own timeout bounds all of them.
const connectTimeout = 5 * time.Second

// group is a target group at work. It outlives configurations: targets keep their
// health when something else changes.
type group struct {
	checker  checker
	failOpen bool
	next     atomic.Uint64 // whose turn it is
	// serving are the targets that take connections, by priority; it never changes.
	serving atomic.Pointer[[]*target]

	mu      sync.Mutex // guards what follows, and the targets
	config  TargetGroup
	inUse   bool
	targets []*target
}

// target is one target of a group.
type target struct {
	config  Target
	address string
	checked checked
	cancel  context.CancelFunc // ends its checks; nil while it is not checked
}

// update takes a new configuration: checks begin and end as it says.
func (g *group) update(ctx context.Context, config TargetGroup, inUse bool, run func(func())) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if config.Srv != "" && g.config.Srv == config.Srv {
		config.Targets = g.config.Targets // what was resolved
	}
	g.apply(ctx, config, inUse, run)
}

// setTargets takes new targets alone.
func (g *group) setTargets(ctx context.Context, targets []Target, run func(func())) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	config := g.config
	config.Targets = targets
	g.apply(ctx, config, g.inUse, run)
}

// apply is update for a caller that holds mu.
func (g *group) apply(ctx context.Context, config TargetGroup, inUse bool, run func(func())) {
	sameCheck := g.config.HealthCheck == config.HealthCheck
	g.config, g.inUse = config, inUse
	old := g.targets
	g.targets = nil
	for _, wanted := range config.Targets {
		t := takeTarget(&old, wanted)
		checks := inUse && wanted.DrainsUntil.IsZero()
		if t.cancel != nil && (!checks || !sameCheck) {
			t.stop()
		}
		if !checks {
			t.checked = checked{health: initialHealth()}
		}
		if checks && t.cancel == nil {
			g.start(ctx, t, run)
		}
		g.targets = append(g.targets, t)
	}
	for _, gone := range old {
		gone.stop()
	}
	g.publish()
}

// takeTarget takes the target of the same address out of the list, or makes one.
func takeTarget(old *[]*target, wanted Target) *target {
	at := slices.IndexFunc(*old, func(t *target) bool { return t.config.Id == wanted.Id && t.config.Port == wanted.Port })
	if at < 0 {
		return &target{config: wanted, address: wanted.Address(), checked: checked{health: initialHealth()}}
	}
	found := (*old)[at]
	*old = slices.Delete(*old, at, at+1)
	if found.config == wanted {
		return found
	}
	found.stop() // a target that others read is never changed
	return &target{config: wanted, address: found.address, checked: found.checked}
}

func (t *target) stop() {
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
}

func (g *group) start(ctx context.Context, t *target, run func(func())) {
	ctx, t.cancel = context.WithCancel(ctx)
	check := g.config.HealthCheck
	run(func() { g.watch(ctx, t, check) })
}

// note takes the result of a check.
func (g *group) note(t *target, result checkResult, check *HealthCheck) {
	g.mu.Lock()
	defer g.mu.Unlock()
	before := t.checked.health.State
	t.checked.count(result, check, g.checker.now())
	if t.checked.health.State != before {
		g.publish()
	}
}

// publish says which targets take connections. The caller holds mu.
func (g *group) publish() {
	var serving []*target
	for _, t := range g.targets {
		if t.config.DrainsUntil.IsZero() && t.checked.health.State == StateHealthy {
			serving = append(serving, t)
		}
	}
	if len(serving) == 0 && g.failOpen {
		for _, t := range g.targets {
			if t.config.DrainsUntil.IsZero() {
				serving = append(serving, t)
			}
		}
	}
	slices.SortStableFunc(serving, func(a, b *target) int { return a.config.Priority - b.config.Priority })
	g.serving.Store(&serving)
}

// health says how each target is, in order of registration.
func (g *group) health() []TargetHealth {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.checker.now()
	var list []TargetHealth
	for _, t := range g.targets {
		health := t.checked.health
		switch {
		case !t.config.DrainsUntil.IsZero() && !now.Before(t.config.DrainsUntil):
			continue
		case !g.inUse:
			health = unusedHealth()
		case !t.config.DrainsUntil.IsZero():
			health = drainingHealth()
		}
		list = append(list, TargetHealth{Target: t.config, Health: health, HealthCheckPort: checkPort(t.config, &g.config.HealthCheck)})
	}
	return list
}

// addresses are those of the healthy targets, in the order in which a request tries
// them: the next one in turn first, those of lower priority last.
func (g *group) addresses() ([]string, error) {
	serving := *g.serving.Load()
	if len(serving) == 0 {
		return nil, g.noTarget()
	}
	turn := g.next.Add(1) - 1
	addresses := make([]string, 0, len(serving))
	for len(serving) > 0 {
		same := 1
		for same < len(serving) && serving[same].config.Priority == serving[0].config.Priority {
			same++
		}
		for i := range same {
			addresses = append(addresses, serving[(turn+uint64(i))%uint64(same)].address)
		}
		serving = serving[same:]
	}
	return addresses, nil
}

// dialAny connects to the first address that accepts a connection.
func (g *group) dialAny(ctx context.Context, addresses []string) (net.Conn, error) {
	var errs []error
	for _, address := range addresses {
		connection, err := g.dialOne(ctx, address)
		if err == nil {
			return connection, nil
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			return nil, errors.Join(errs...)
		}
	}
	return nil, g.unreachable(errors.Join(errs...))
}

func (g *group) dialOne(ctx context.Context, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	connection, err := g.checker.dial(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to target %s: %w", address, err)
	}
	return connection, nil
}

// unreachable is the error of a group none of whose healthy targets could be connected to.
func (g *group) unreachable(err error) error {
	return &Error{
		Reason: ReasonConnectionsAll, Message: "no target of " + g.name() + " accepts a connection", Targets: g.health(), TargetGroupArn: g.arn(),
		At: g.checker.now(), Err: err,
	}
}

func (g *group) name() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return "target group " + g.config.Name
}

// arn is the group's; empty for one that AWS's operations do not know.
func (g *group) arn() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !strings.Contains(g.config.Arn, ":targetgroup/") {
		return ""
	}
	return g.config.Arn
}

func (g *group) noTarget() error {
	targets := g.health()
	e := failure(ReasonNoTarget, "%s has no target", g.name())
	if len(targets) > 0 {
		e = failure(ReasonNoHealthy, "%s has no healthy target", g.name())
	}
	e.Targets, e.TargetGroupArn, e.At = targets, g.arn(), g.checker.now()
	return e
}

// close ends all checks.
func (g *group) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, t := range g.targets {
		t.stop()
	}
	g.targets = nil
	g.publish()
}
