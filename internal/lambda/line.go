package lambda

import (
	"context"
	"slices"
	"time"
)

// An invocation that finds no idle environment stands in its pool's line. Whichever
// environment is free first serves the first of the line: one that has answered, or
// one that has just started. So the number of processes does not follow the number of
// requests at once, as on AWS, where each brings its own machine: a process takes CPU
// time to start that the running ones need, and requests are often over sooner.
//
// An environment is started for an invocation when none is ready; when those that are
// would, as fast as they were so far, take longer than a start takes; and when it has
// waited for as long as a start takes. Few start at once (Options.Starts).

// queueUp puts an invocation at the end of the line. r.mu is held.
func (r *Runner) queueUp(p *pool, inv *invocation) {
	inv.pool, inv.waitingSince = p, r.options.Now()
	p.line = append(p.line, inv)
	r.lines[p] = struct{}{}
	if r.review == nil {
		r.review = time.AfterFunc(reviewInterval, r.reviewLines)
	} else if len(r.lines) == 1 && len(p.line) == 1 {
		r.review.Reset(reviewInterval)
	}
}

// callUp takes the first of the line, nil when nobody waits. r.mu is held.
func (r *Runner) callUp(p *pool) *invocation {
	if len(p.line) == 0 {
		return nil
	}
	inv := p.line[0]
	r.step(p, 0)
	return inv
}

// step takes the invocation at a place of the line out of it. r.mu is held.
func (r *Runner) step(p *pool, place int) {
	p.line = slices.Delete(p.line, place, place+1)
	if len(p.line) == 0 {
		p.line = nil
		delete(r.lines, p)
	}
}

// leave hears that the caller of an invocation has gone. One that waits for nothing but
// its turn leaves the line; for any other its environment runs on, as on AWS.
func (r *Runner) leave(inv *invocation, cause error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	unanswered := &ErrUnanswered{Cause: cause, Environments: len(r.environments)}
	place := -1
	if p := inv.pool; p != nil {
		place = slices.Index(p.line, inv)
		if place >= p.starting {
			r.step(p, place)
			r.uncount(inv.function)
			unanswered.Phase = PhaseWaiting
			return unanswered
		}
	}
	unanswered.Phase = PhaseRunning
	if place >= 0 {
		unanswered.Phase = PhaseStarting
	}
	return unanswered
}

// reviewLines starts what has become due because time passed, and sends away who has
// waited for too long. It runs in a goroutine while anybody waits.
func (r *Runner) reviewLines() {
	r.mu.Lock()
	gone := r.takeOverdue(r.options.Now().Add(-r.options.WaitTime))
	due := r.dueStarts()
	refusal := &ErrTooManyRequests{Reason: ReasonConcurrency, Limit: r.options.Environments, Environments: len(r.environments), Waited: r.options.WaitTime}
	if len(r.lines) > 0 && !r.closed {
		r.review.Reset(reviewInterval)
	}
	r.mu.Unlock()
	for _, inv := range gone {
		inv.done <- ended{err: refusal}
	}
	r.begin(due)
}

// takeOverdue takes those out of their lines that came before and for whom no
// environment is starting.
func (r *Runner) takeOverdue(before time.Time) []*invocation {
	var gone []*invocation
	for p := range r.lines {
		for p.starting < len(p.line) && p.line[p.starting].waitingSince.Before(before) {
			inv := p.line[p.starting]
			r.step(p, p.starting)
			r.uncount(inv.function)
			gone = append(gone, inv)
		}
	}
	return gone
}

// sendAway empties all lines. r.mu is held.
func (r *Runner) sendAway() []*invocation {
	var gone []*invocation
	for p := range r.lines {
		for _, inv := range p.line {
			r.uncount(inv.function)
		}
		gone = append(gone, p.line...)
		p.line = nil
	}
	clear(r.lines)
	return gone
}

// start is an environment on its way to a pool.
type start struct {
	pool     *pool
	function *Function // what the invocation it is for was given
	began    time.Time
	victim   *environment // whose place it takes; nil when there is room
	listed   bool         // its environment is one of Runner.environments
}

// dueStarts reserves a place for each environment that is to be started now; begin
// starts them once r.mu, which is held, is not.
func (r *Runner) dueStarts() []*start {
	var due []*start
	for !r.closed && len(r.lines) > 0 {
		now := r.options.Now()
		p := r.mostUrgent(now)
		if p == nil || r.recentStarts(now) >= r.options.Starts {
			break
		}
		s := &start{pool: p, function: p.line[p.starting].function, began: now}
		if r.places() >= r.options.Environments {
			if s.victim = r.longestIdle(); s.victim == nil {
				break
			}
		}
		p.starting++
		r.starts[s] = struct{}{}
		r.waiting.Add(1)
		due = append(due, s)
	}
	return due
}

// places counts the environments that exist and those that are about to.
func (r *Runner) places() int {
	count := len(r.environments)
	for s := range r.starts {
		if !s.listed {
			count++
		}
	}
	return count
}

// recentStarts counts starts that still use the processor, as a rule: one that takes
// longer waits for something else, and holds up nobody.
func (r *Runner) recentStarts(now time.Time) int {
	count := 0
	for s := range r.starts {
		if now.Sub(s.began) < slowStart {
			count++
		}
	}
	return count
}

// mostUrgent is the pool that should have one more environment and has made somebody
// wait longest; nil when none should.
func (r *Runner) mostUrgent(now time.Time) *pool {
	var first *pool
	for p := range r.lines {
		if p.wantsStart(now, r.options.Starts) && (first == nil || p.line[p.starting].waitingSince.Before(first.line[first.starting].waitingSince)) {
			first = p
		}
	}
	return first
}

// wantsStart says whether it pays to start one more environment.
func (p *pool) wantsStart(now time.Time, starts int) bool {
	waiting := len(p.line) - p.starting
	if waiting <= 0 {
		return false
	}
	if p.ready+p.starting == 0 {
		return true
	}
	// The more environments share the processors, the less another one brings.
	patience := p.startTime * time.Duration(max(2*starts, p.ready)) / time.Duration(2*starts)
	if now.Sub(p.line[p.starting].waitingSince) > patience {
		return true
	}
	if now.Sub(p.answered) < settleTime {
		waiting -= p.settling
	}
	if waiting <= 0 || p.serviceTime == 0 {
		return waiting > 0
	}
	return p.serviceTime*time.Duration(waiting)/time.Duration(p.ready+p.starting) > patience
}

// begin starts environments, each in a goroutine.
func (r *Runner) begin(due []*start) {
	for _, s := range due {
		go func() {
			defer r.waiting.Done()
			r.start(s)
		}()
	}
}

// start is a cold start: a new environment and its init phase. It then serves the
// first of the line, which need not be the one that it was started for.
func (r *Runner) start(s *start) {
	if s.victim != nil {
		s.victim.stop("another environment needed its place")
	}
	e, failure, err := r.startReady(s)
	r.mu.Lock()
	p := s.pool
	p.starting--
	delete(r.starts, s)
	if err != nil || failure != nil {
		blamed := r.blame(p, err)
		due := r.dueStarts()
		outdated := r.codeIsOutdated(p)
		r.mu.Unlock()
		r.begin(due)
		r.startFailed(e, failure, blamed, err)
		if outdated {
			r.forgetCode(p.code)
		}
		return
	}
	took := r.options.Now().Sub(s.began)
	p.failures, p.startTime = 0, average(p.startTime, took)
	p.ready++
	e.wasReady = true
	e.setInitDuration(took)
	inv := r.callUp(p)
	due := r.dueStarts()
	if inv == nil {
		r.becomeIdle(e)
	}
	r.mu.Unlock()
	r.begin(due)
	if inv != nil && !e.begin(inv) { // it asked for work and ended: another one would do the same
		<-e.process.exited
		status := e.process.status
		r.startFailed(e, &initFailure{status: &status}, []*invocation{inv}, nil)
	}
}

// blame takes those out of the line that hear of a failed start: the first, or, where
// nothing but failure is to be expected, all. r.mu is held.
func (r *Runner) blame(p *pool, err error) []*invocation {
	const hopeless = 3
	p.failures++
	count := 1
	if p.ready == 0 && (err != nil || p.failures >= hopeless) {
		count = len(p.line)
	}
	var blamed []*invocation
	for range count {
		if inv := r.callUp(p); inv != nil {
			blamed = append(blamed, inv)
		}
	}
	return blamed
}

// startReady starts an environment and waits for the end of its init phase. A
// phase that takes too long is repeated once, under the function's own timeout.
func (r *Runner) startReady(s *start) (*environment, *initFailure, error) {
	e, err := r.startEnvironment(s)
	if err != nil {
		return nil, nil, err
	}
	failure := awaitInit(e, InitTimeout)
	if failure == nil || !failure.timedOut {
		return e, failure, nil
	}
	e.stop("the init phase took longer than 10 seconds")
	<-e.removed
	r.unlist(s)
	if e, err = r.startEnvironment(s); err != nil {
		return nil, nil, err
	}
	return e, awaitInit(e, s.function.Timeout), nil
}

func awaitInit(e *environment, timeout time.Duration) *initFailure {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return e.awaitReady(ctx)
}
