package lambda

import (
	"context"
	"slices"
	"time"
)

// poolKey is a version of a function.
type poolKey struct{ arn, version string }

// pool holds the environments of one revision of one version of a function.
// The runner's lock guards it.
type pool struct {
	revision string
	code     Code
	idle     []*environment // the longest idle first
	settling int
	// waiters get an environment that settles, or nil when it ended instead.
	waiters []chan *environment
}

// retire empties a pool and answers what was idle in it.
func (p *pool) retire() []*environment {
	idle := p.idle
	p.idle = nil
	p.wake()
	return idle
}

// wake lets all waiters go on without an environment.
func (p *pool) wake() {
	for _, waiter := range p.waiters {
		waiter <- nil
	}
	p.waiters = nil
}

func (f *Function) poolKey() poolKey { return poolKey{arn: f.Arn, version: f.Version} }

// acquire counts an invocation and answers an environment reserved for it, or
// none when the caller is to start one, for which there is then room (and a
// count in r.waiting, which the caller ends).
func (r *Runner) acquire(ctx context.Context, function *Function) (reservation, error) {
	r.mu.Lock()
	if err := r.admit(function); err != nil {
		r.mu.Unlock()
		return reservation{}, err
	}
	p, former := r.currentPool(function)
	var outdated []*environment
	if former != nil {
		outdated = former.retire()
	}
	e, waiter := p.reserve()
	r.mu.Unlock()
	r.replaced(former, p, outdated)
	if waiter != nil {
		e = r.awaitSettled(ctx, p, waiter)
	}
	if e != nil {
		return reservation{p, e}, nil
	}
	return reservation{p, nil}, r.makeRoom(function)
}

// admit counts an invocation within the limits of concurrency.
func (r *Runner) admit(function *Function) error {
	if r.closed {
		return ErrClosed
	}
	if reserved := function.ReservedConcurrency; reserved != nil && r.running[function.Arn] >= *reserved {
		return &ErrTooManyRequests{Reason: ReasonReservedConcurrency}
	}
	if r.runningTotal >= r.options.Concurrency {
		return &ErrTooManyRequests{Reason: ReasonConcurrency}
	}
	r.running[function.Arn]++
	r.runningTotal++
	return nil
}

// finished uncounts an invocation.
func (r *Runner) finished(function *Function) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.uncount(function)
}

func (r *Runner) uncount(function *Function) {
	r.runningTotal--
	if r.running[function.Arn]--; r.running[function.Arn] <= 0 {
		delete(r.running, function.Arn)
	}
}

// currentPool is the pool of this revision, and the one it replaces, if it does.
func (r *Runner) currentPool(function *Function) (current, former *pool) {
	key := function.poolKey()
	p := r.pools[key]
	if p != nil && p.revision == function.RevisionID {
		return p, nil
	}
	r.pools[key] = &pool{revision: function.RevisionID, code: function.Code}
	return r.pools[key], p
}

// replaced ends the idle environments of a former revision, and lets its code
// go when the new one has other code.
func (r *Runner) replaced(former, current *pool, outdated []*environment) {
	for _, e := range outdated {
		e.stop("the function has changed")
	}
	if former == nil || former.code.SHA256 == current.code.SHA256 {
		return
	}
	if err := r.code.forget(former.code); err != nil {
		r.logger.Warn("the code of a former revision stays", "error", err)
	}
}

// reserve takes the environment that was idle for the shortest time, or a
// place in the line for one that is settling, or neither.
func (p *pool) reserve() (*environment, chan *environment) {
	if last := len(p.idle) - 1; last >= 0 {
		e := p.idle[last]
		p.idle = p.idle[:last]
		return e, nil
	}
	if p.settling > len(p.waiters) {
		waiter := make(chan *environment, 1)
		p.waiters = append(p.waiters, waiter)
		return nil, waiter
	}
	return nil, nil
}

// awaitSettled waits a moment for an environment that has just answered: one
// caller in a row then keeps one environment busy and starts no second.
func (r *Runner) awaitSettled(ctx context.Context, p *pool, waiter chan *environment) *environment {
	timer := time.NewTimer(settleTime)
	defer timer.Stop()
	select {
	case e := <-waiter:
		return e
	case <-timer.C:
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p.waiters = slices.DeleteFunc(p.waiters, func(other chan *environment) bool { return other == waiter })
	select {
	case e := <-waiter: // it came meanwhile
		return e
	default:
		return nil
	}
}

// makeRoom reserves a place for a new environment, for which the one that was
// idle for longest may have to go.
func (r *Runner) makeRoom(function *Function) error {
	r.mu.Lock()
	if r.closed {
		r.uncount(function)
		r.mu.Unlock()
		return ErrClosed
	}
	var victim *environment
	if len(r.environments)+r.starting >= r.options.Environments {
		if victim = r.longestIdle(); victim == nil {
			r.uncount(function)
			r.mu.Unlock()
			return &ErrTooManyRequests{Reason: ReasonConcurrency}
		}
	}
	r.starting++
	r.waiting.Add(1)
	r.mu.Unlock()
	if victim != nil {
		victim.stop("another environment needed its place")
	}
	return nil
}

// longestIdle takes the environment that waited longest from its pool.
func (r *Runner) longestIdle() *environment {
	var oldest *pool
	for _, p := range r.pools {
		if len(p.idle) > 0 && (oldest == nil || p.idle[0].idleSince.Before(oldest.idle[0].idleSince)) {
			oldest = p
		}
	}
	if oldest == nil {
		return nil
	}
	e := oldest.idle[0]
	oldest.idle = oldest.idle[1:]
	return e
}

// settling hears that an environment has answered: its invocation is over.
func (r *Runner) settling(e *environment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.uncount(e.function)
	e.settles = true
	e.pool.settling++
}

// settled hears that an environment asked for more work.
func (r *Runner) settled(e *environment) {
	r.mu.Lock()
	p := e.pool
	e.settles = false
	p.settling--
	if !r.isCurrent(p, e.function) {
		r.mu.Unlock()
		e.stop("the function has changed")
		return
	}
	defer r.mu.Unlock()
	e.idleSince = r.options.Now()
	if len(p.waiters) > 0 {
		p.waiters[0] <- e
		p.waiters = p.waiters[1:]
		return
	}
	p.idle = append(p.idle, e)
}

// isCurrent is false for the pool of a revision that was replaced.
func (r *Runner) isCurrent(p *pool, function *Function) bool {
	return !r.closed && r.pools[function.poolKey()] == p
}

// added puts a started environment on the books.
func (r *Runner) added(e *environment) (kept bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.starting--
	r.environments[e] = struct{}{}
	return !r.closed
}

// remove takes an environment that ended off the books.
func (r *Runner) remove(e *environment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.environments, e)
	p := e.pool
	p.idle = slices.DeleteFunc(p.idle, func(other *environment) bool { return other == e })
	if e.settles {
		e.settles = false
		p.settling--
		p.wake()
	}
}

// reapIdle ends environments that were idle for too long. It runs in a goroutine.
func (r *Runner) reapIdle() {
	const shortest = 10 * time.Millisecond
	ticker := time.NewTicker(max(r.options.IdleTime/4, shortest))
	defer ticker.Stop()
	for {
		select {
		case <-r.done:
			return
		case <-ticker.C:
		}
		for _, e := range r.takeExpired(r.options.Now().Add(-r.options.IdleTime)) {
			e.stop("it was idle")
		}
	}
}

func (r *Runner) takeExpired(before time.Time) []*environment {
	r.mu.Lock()
	defer r.mu.Unlock()
	var expired []*environment
	for _, p := range r.pools {
		for len(p.idle) > 0 && p.idle[0].idleSince.Before(before) {
			expired = append(expired, p.idle[0])
			p.idle = p.idle[1:]
		}
	}
	return expired
}
