package loadbalancer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
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
		return &target{config: wanted, checked: checked{health: initialHealth()}}
	}
	found := (*old)[at]
	*old = slices.Delete(*old, at, at+1)
	if found.config == wanted {
		return found
	}
	found.stop() // a target that others read is never changed
	return &target{config: wanted, checked: found.checked}
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

// connect connects to a healthy target, the next one in turn first.
func (g *group) connect(ctx context.Context) (net.Conn, error) {
	serving := *g.serving.Load()
	if len(serving) == 0 {
		return nil, g.noTarget()
	}
	var errs []error
	for len(serving) > 0 {
		same := 1
		for same < len(serving) && serving[same].config.Priority == serving[0].config.Priority {
			same++
		}
		turn := g.next.Add(1) - 1
		for i := range same {
			t := serving[(turn+uint64(i))%uint64(same)]
			connection, err := g.connectTo(ctx, t)
			if err == nil {
				return connection, nil
			}
			errs = append(errs, err)
			if ctx.Err() != nil {
				return nil, errors.Join(errs...)
			}
		}
		serving = serving[same:]
	}
	return nil, &Error{
		Reason: ReasonConnectionsAll, Message: "no target of " + g.name() + " accepts a connection",
		Targets: g.health(), Err: errors.Join(errs...),
	}
}

func (g *group) connectTo(ctx context.Context, t *target) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	connection, err := g.checker.dial(ctx, "tcp", t.config.Address())
	if err != nil {
		return nil, fmt.Errorf("connecting to target %s: %w", t.config.Address(), err)
	}
	return connection, nil
}

func (g *group) name() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return "target group " + g.config.Name
}

func (g *group) noTarget() error {
	targets := g.health()
	if len(targets) == 0 {
		return failure(ReasonNoTarget, "%s has no target", g.name())
	}
	e := failure(ReasonNoHealthy, "%s has no healthy target", g.name())
	e.Targets = targets
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
