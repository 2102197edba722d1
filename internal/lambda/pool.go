package lambda

import (
	"slices"
	"time"
)

// poolKey is a version of a function.
type poolKey struct{ arn, version string }

// pool holds the environments of one revision of one version of a function, and
// the line of invocations that wait for one. The runner's lock guards it.
type pool struct {
	key      poolKey
	revision string
	code     Code
	idle     []*environment // the longest idle first
	// line are invocations that wait, the longest waiting first. It is empty
	// while an environment is idle.
	line []*invocation
	// starting environments are on their way to the first of the line; ready
	// ones have been through their init phase.
	starting, ready int
	settling        int
	answered        time.Time // when one last began to settle
	replaced        bool      // another revision took its place, or the function is gone
	failures        int       // starts that failed since the last that did not
	// startTime and serviceTime are running averages; serviceTime is zero until
	// an invocation ended.
	startTime, serviceTime time.Duration
}

func newPool(function *Function) *pool {
	return &pool{key: function.poolKey(), revision: function.RevisionID, code: function.Code, startTime: assumedStartTime}
}

// retire empties a pool of what is idle and answers it. Who stands in its line
// is served all the same, by the same revision.
func (p *pool) retire() []*environment {
	idle := p.idle
	p.idle, p.replaced = nil, true
	return idle
}

func (f *Function) poolKey() poolKey { return poolKey{arn: f.Arn, version: f.Version} }

// place counts an invocation and gives it to an idle environment, or puts it into
// the line for one.
func (r *Runner) place(inv *invocation) error {
	r.mu.Lock()
	if err := r.admit(inv.function); err != nil {
		r.mu.Unlock()
		return err
	}
	p, former := r.currentPool(inv.function)
	var outdated []*environment
	if former != nil {
		outdated = former.retire()
	}
	e := p.takeIdle()
	var due []*start
	if e == nil {
		r.queueUp(p, inv)
		due = r.dueStarts()
	}
	r.mu.Unlock()
	r.replaced(former, p, outdated)
	r.begin(due)
	if e != nil && !e.begin(inv) {
		r.finished(inv.function)
		return errNotDelivered
	}
	return nil
}

// admit counts an invocation within the limits of concurrency.
func (r *Runner) admit(function *Function) error {
	if r.closed {
		return ErrClosed
	}
	if reserved := function.ReservedConcurrency; reserved != nil && r.running[function.Arn] >= *reserved {
		return &ErrTooManyRequests{Reason: ReasonReservedConcurrency, Limit: *reserved}
	}
	if r.runningTotal >= r.options.Concurrency {
		return &ErrTooManyRequests{Reason: ReasonConcurrency, Limit: r.options.Concurrency}
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
	r.pools[key] = newPool(function)
	return r.pools[key], p
}

// replaced ends the idle environments of a former revision, and lets its code
// go when the new one has other code.
func (r *Runner) replaced(former, current *pool, outdated []*environment) {
	for _, e := range outdated {
		e.stop("the function has changed")
	}
	if former != nil && former.code.SHA256 != current.code.SHA256 {
		r.forgetCode(former.code)
	}
}

func (r *Runner) forgetCode(code Code) {
	if err := r.code.forget(code); err != nil {
		r.logger.Warn("the code of a former revision stays", "error", err)
	}
}

// takeIdle takes the environment that was idle for the shortest time.
func (p *pool) takeIdle() *environment {
	last := len(p.idle) - 1
	if last < 0 {
		return nil
	}
	e := p.idle[last]
	p.idle = p.idle[:last]
	return e
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

// settling hears that an environment has answered an invocation, which is over.
func (r *Runner) settling(e *environment, inv *invocation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.uncount(e.function)
	e.settles = true
	p := e.pool
	p.settling++
	p.answered = r.options.Now()
	p.serviceTime = average(p.serviceTime, p.answered.Sub(inv.begun))
}

// average moves a running average a quarter of the way; of none it is the first value.
func average(old, value time.Duration) time.Duration {
	const weight = 4
	value = max(value, 1)
	if old == 0 {
		return value
	}
	return max(1, old+(value-old)/weight)
}

// settled hears that an environment asked for more work: it serves the first of the
// line.
func (r *Runner) settled(e *environment) {
	r.mu.Lock()
	p := e.pool
	e.settles = false
	p.settling--
	inv := r.callUp(p)
	if inv == nil {
		r.becomeIdle(e)
	}
	r.mu.Unlock()
	if inv != nil && !e.begin(inv) {
		r.finished(inv.function)
		inv.done <- ended{err: errNotDelivered}
	}
}

// becomeIdle keeps an environment for the next invocation, or ends it when there will
// be none. r.mu is held.
func (r *Runner) becomeIdle(e *environment) {
	p := e.pool
	if r.closed || r.pools[e.function.poolKey()] != p {
		r.waiting.Go(func() { e.stop("the function has changed") })
		return
	}
	e.idleSince = r.options.Now()
	p.idle = append(p.idle, e)
}

// list puts a started environment on the books.
func (r *Runner) list(s *start, e *environment) (kept bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.environments[e] = struct{}{}
	s.listed = true
	return !r.closed
}

// unlist says that the environment of a start has ended and another one follows.
func (r *Runner) unlist(s *start) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.listed = false
}

// remove takes an environment that ended off the books; its place may be wanted.
func (r *Runner) remove(e *environment) {
	r.mu.Lock()
	delete(r.environments, e)
	p := e.pool
	p.idle = slices.DeleteFunc(p.idle, func(other *environment) bool { return other == e })
	if e.settles {
		e.settles = false
		p.settling--
	}
	if e.wasReady {
		p.ready--
	}
	due := r.dueStarts()
	outdated := r.codeIsOutdated(p)
	r.mu.Unlock()
	r.begin(due)
	if outdated {
		r.forgetCode(p.code)
	}
}

// codeIsOutdated says that nobody will start the code of a pool again. r.mu is held.
func (r *Runner) codeIsOutdated(p *pool) bool {
	current := r.pools[p.key]
	return p.replaced && len(p.line)+p.starting == 0 && (current == nil || current.code.SHA256 != p.code.SHA256)
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
