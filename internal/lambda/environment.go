package lambda

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// state of an environment. It moves down this list, but for the circle
// idle → busy → settling → idle.
type state int

const (
	// starting: the process runs its init phase; it has not asked for work.
	starting state = iota
	// idle: it waits in /next.
	idle
	// busy: it has an invocation and owes an answer.
	busy
	// settling: it has answered and not asked for more work yet.
	settling
	// stopping: it gets no more work; its process is ending or gone.
	stopping
)

// String names the state for logs.
func (s state) String() string {
	return [...]string{"starting", "idle", "busy", "settling", "stopping"}[s]
}

// environment is one execution environment: a process, its Runtime API
// listener and its log stream. It serves one invocation at a time.
type environment struct {
	runner   *Runner
	function *Function
	id       string // 32 hexadecimal digits, the end of the log stream's name
	logger   *slog.Logger
	log      *logStream
	process  *process
	memory   *memoryGauge
	listener net.Listener
	server   *http.Server
	code     string // directory held in the code store
	scratch  string // directory removed with the environment, or empty
	pool     *pool
	began    time.Time // when its start did

	idleSince time.Time // guarded by the runner's lock
	settles   bool      // counted in pool.settling; guarded by the runner's lock
	wasReady  bool      // counted in pool.ready; guarded by the runner's lock

	// ready is closed when the process first asks for work.
	ready chan struct{}
	// work hands an invocation to the request waiting in /next.
	work chan *invocation
	// gone is closed when the environment is to end.
	gone chan struct{}
	// removed is closed when nothing of the environment is left.
	removed chan struct{}

	mu        sync.Mutex // guards all below; taken after no other lock
	state     state
	current   *invocation
	initError *outcome
	// initDuration is for the first invocation, and zero from then on.
	initDuration time.Duration
	killed       string // why the runner killed the process, for the log
	open         int    // Runtime API connections
	closed       chan struct{}
}

// begin hands an invocation to an environment reserved for it; false when the
// environment has ended meanwhile.
func (e *environment) begin(inv *invocation) bool {
	now := e.runner.options.Now()
	inv.begun, inv.deadline = now, now.Add(e.function.Timeout)
	e.mu.Lock()
	if e.state == stopping {
		e.mu.Unlock()
		return false
	}
	e.state, e.current = busy, inv
	inv.initDuration, e.initDuration = e.initDuration, 0
	inv.timer = time.AfterFunc(e.function.Timeout, func() { e.timeOut(inv) })
	e.mu.Unlock()
	e.memory.watch(e.overMemory)
	e.work <- inv // has room for one
	return true
}

func (e *environment) setInitDuration(took time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.initDuration = took
}

// delivered starts the log of an invocation, just before the process gets it.
func (e *environment) delivered(inv *invocation) {
	if e.log.pipe != nil {
		e.log.drain() // what was printed before belongs before START
	}
	if inv.LogTail {
		inv.tail = &logTail{}
		e.log.collect(inv.tail)
	}
	e.log.write("START RequestId: %s Version: %s", inv.RequestID, e.function.Version)
}

// take ends the current invocation for the one who may answer it: false when
// it is not current any more. The environment moves on to next.
func (e *environment) take(inv *invocation, next state) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if inv == nil || e.current != inv {
		return false
	}
	e.current = nil
	if e.state == busy {
		e.state = next
	}
	return true
}

// running is the current invocation when it has this request id.
func (e *environment) running(requestID string) *invocation {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.current == nil || e.current.RequestID != requestID {
		return nil
	}
	return e.current
}

// answer ends an invocation the runtime answered; the environment lives on.
func (e *environment) answer(inv *invocation, o outcome) bool {
	if !e.take(inv, settling) {
		return false
	}
	e.runner.settling(e, inv)
	e.end(inv, o)
	return true
}

// timeOut ends an invocation at its deadline, and the environment with it.
func (e *environment) timeOut(inv *invocation) {
	if !e.take(inv, stopping) {
		return
	}
	e.runner.finished(e.function)
	e.stop("the invocation timed out")
	e.end(inv, timedOut(inv.RequestID, e.runner.options.Now(), e.function.Timeout))
}

// overMemory ends a process that uses more than the function's memory; the
// exit is reported where every other exit is.
func (e *environment) overMemory() bool {
	if e.memory.used() <= int64(e.function.MemorySize)*1024*1024 {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.state == busy || e.state == starting
	}
	e.mu.Lock()
	e.killed = "the function used more than its memory"
	e.mu.Unlock()
	e.process.kill()
	return false
}

// end writes the last lines of an invocation and gives the caller its result.
func (e *environment) end(inv *invocation, o outcome) {
	if inv.timer != nil {
		inv.timer.Stop()
	}
	now := e.runner.options.Now()
	result := Result{
		RequestID: inv.RequestID, Payload: o.payload, FunctionError: o.functionError, ErrorType: o.errorType,
		ExecutedVersion: e.function.Version, LogGroup: e.log.group, LogStream: e.log.stream,
		InitDuration: inv.initDuration, MaxMemoryUsed: e.memory.measure(now),
		Duration: max(0, now.Sub(inv.begun)),
	}
	if o.status == "timeout" {
		result.Duration = e.function.Timeout // as AWS reports it, whenever the timer fired
	}
	result.BilledDuration = billedDuration(result.Duration, result.InitDuration)
	if limit := int64(e.function.MemorySize) * 1024 * 1024; result.MaxMemoryUsed > limit {
		result.MaxMemoryUsed = limit
	}
	if e.log.pipe != nil {
		e.log.drain()
	}
	for _, line := range o.logLines {
		e.log.write("%s", line)
	}
	e.log.write("END RequestId: %s", inv.RequestID)
	summary := report{
		requestID: inv.RequestID, duration: result.Duration, initDuration: result.InitDuration,
		billed: result.BilledDuration, memorySize: e.function.MemorySize,
		maxMemoryUsed: result.MaxMemoryUsed, status: o.status,
	}
	if o.status == "error" {
		summary.errorType = o.errorType
	}
	e.log.write("%s", summary.line())
	e.log.collect(nil)
	if inv.tail != nil {
		result.LogTail = inv.tail.text
	}
	inv.done <- ended{result: result}
}

// stop ends the environment: no more work, the process killed. What it was
// running is answered by whoever took it, or by the exit. Safe to call twice.
func (e *environment) stop(why string) {
	e.mu.Lock()
	if e.state != stopping || e.killed == "" {
		e.killed = why
	}
	e.state = stopping
	select {
	case <-e.gone:
	default:
		close(e.gone)
	}
	e.mu.Unlock()
	e.process.kill()
}

// watch waits for the process to end, reports that, and cleans up after it.
func (e *environment) watch() {
	<-e.process.exited
	e.awaitConnections()
	e.mu.Lock()
	inv, why := e.current, e.killed
	e.mu.Unlock()
	select {
	case <-e.work: // it ended before it took this one
		e.notTaken(inv)
	default:
	}
	e.logger.Debug("execution environment ended", "function", e.function.Arn, "stream", e.log.stream,
		"exit", e.process.status.describe(), "why", why)
	if e.take(inv, stopping) {
		e.runner.finished(e.function)
		e.end(inv, exited(inv.RequestID, e.process.status))
	}
	e.stop("the process ended")
	e.server.Close() //nolint:errcheck // closes sockets of a process that is gone
	e.log.drain()
	e.log.pipe.Close() //nolint:errcheck // read end
	e.memory.close()
	e.removeScratch()
	if err := e.runner.code.release(e.code); err != nil {
		e.logger.Warn("a function's code stays", "function", e.function.Arn, "error", err)
	}
	e.runner.remove(e)
	close(e.removed)
}

// notTaken ends an invocation that was on its way to a process that has ended.
// Another environment gets it, unless it was this environment's first: then a
// fresh process would do the same again.
func (e *environment) notTaken(inv *invocation) {
	if inv.initDuration > 0 {
		e.delivered(inv)
		return // watch reports the exit
	}
	if e.take(inv, stopping) {
		inv.timer.Stop()
		e.runner.finished(e.function)
		inv.done <- ended{err: errNotDelivered}
	}
}

// awaitConnections gives requests of a process that has ended the time to be
// read: a runtime may answer and exit at once. A child that inherited the
// socket must not hold this up, so it is short.
func (e *environment) awaitConnections() {
	const grace = 100 * time.Millisecond
	e.mu.Lock()
	if e.open == 0 {
		e.mu.Unlock()
		return
	}
	if e.closed == nil { // init phase and watch may wait for the same
		e.closed = make(chan struct{})
	}
	closed := e.closed
	e.mu.Unlock()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
	}
}

// connectionState counts connections for awaitConnections.
func (e *environment) connectionState(_ net.Conn, s http.ConnState) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch s {
	case http.StateNew:
		e.open++
	case http.StateClosed, http.StateHijacked:
		e.open--
		if e.open == 0 && e.closed != nil {
			close(e.closed)
			e.closed = nil
		}
	}
}

// initFailure is how an init phase failed: it took too long, the runtime reported an
// error, or the process ended.
type initFailure struct {
	timedOut bool
	reported *outcome
	status   *exitStatus
}

// outcome is what an invocation comes to that waited for the init phase.
func (f *initFailure) outcome(e *environment, requestID string, at time.Time) outcome {
	switch {
	case f.timedOut:
		return timedOut(requestID, at, e.function.Timeout)
	case f.reported != nil:
		return *f.reported
	default:
		return exited(requestID, *f.status)
	}
}

// awaitReady waits for the end of the init phase: nil when the process asked
// for work.
func (e *environment) awaitReady(ctx context.Context) *initFailure {
	e.memory.watch(e.overMemory)
	select {
	case <-e.ready:
		return nil
	case <-e.process.exited:
		e.awaitConnections()
	case <-ctx.Done():
		return &initFailure{timedOut: true}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.initError != nil {
		return &initFailure{reported: e.initError}
	}
	select {
	case <-e.ready: // it asked for work and ended: the next one will tell
		return nil
	default:
	}
	status := e.process.status
	return &initFailure{status: &status}
}
