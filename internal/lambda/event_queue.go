package lambda

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"
)

// EventFailure is an asynchronous event that was given up.
type EventFailure struct {
	Function   Function
	Invocation Invocation
	// Attempts that were made, at least one unless the event grew too old.
	Attempts int
	// Condition as AWS names it for destinations: RetriesExhausted or
	// EventAgeExceeded.
	Condition string
	// Result of the last attempt; its error when there was none.
	Result Result
	Err    error
}

// event is an asynchronous invocation that waits for its time.
type event struct {
	function  Function
	call      Invocation
	accepted  time.Time
	due       time.Time
	attempts  int
	throttles int
}

// eventQueue holds asynchronous events, in memory and bounded, and runs each
// when it is due: at once, and after a function error up to twice more.
type eventQueue struct {
	runner *Runner
	wake   chan struct{}
	slots  chan struct{} // bounds events that run
	done   chan struct{}
	ctx    context.Context // ends the waiting of running events at Close
	cancel context.CancelFunc
	wait   sync.WaitGroup

	mu     sync.Mutex // guards all below
	events eventHeap
	bytes  int
}

func newEventQueue(r *Runner) *eventQueue {
	q := &eventQueue{
		runner: r, wake: make(chan struct{}, 1), slots: make(chan struct{}, eventWorkers), done: make(chan struct{}),
	}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	q.wait.Go(q.dispatch)
	return q
}

// InvokeEvent accepts an event for later (InvocationType Event) and answers its
// request id. Function errors are retried as AWS retries them; a throttled
// event is tried again until it is too old. The queue is in memory: a server
// that stops drops it.
func (r *Runner) InvokeEvent(function Function, call Invocation) (requestID string, err error) {
	if len(call.Payload) > MaximumEventSize {
		return "", &ErrRequestTooLarge{InvocationType: "Event", Size: len(call.Payload), Limit: MaximumEventSize}
	}
	if call.RequestID == "" {
		call.RequestID = r.options.NewID()
	}
	call.LogTail = false
	if call.MaximumEventAge <= 0 || call.MaximumEventAge > MaximumEventAge {
		call.MaximumEventAge = MaximumEventAge
	}
	now := r.options.Now()
	return call.RequestID, r.queue.add(&event{function: function, call: call, accepted: now, due: now})
}

func (q *eventQueue) add(e *event) error {
	select {
	case <-q.done:
		return ErrClosed
	default:
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.events) >= DefaultQueuedEvents || q.bytes+len(e.call.Payload) > DefaultQueuedBytes {
		return ErrQueueFull
	}
	q.bytes += len(e.call.Payload)
	heap.Push(&q.events, e)
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// dispatch runs events when they are due. It runs in a goroutine.
func (q *eventQueue) dispatch() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		next, in := q.take(q.runner.options.Now())
		if next == nil {
			timer.Reset(in)
			select {
			case <-q.wake:
			case <-timer.C:
			case <-q.done:
				return
			}
			continue
		}
		select {
		case q.slots <- struct{}{}:
		case <-q.done:
			return
		}
		q.wait.Go(func() {
			defer func() { <-q.slots }()
			q.run(next)
		})
	}
}

// take removes the first event that is due, or says how long until one is.
func (q *eventQueue) take(now time.Time) (*event, time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.events) == 0 {
		return nil, time.Hour
	}
	if wait := q.events[0].due.Sub(now); wait > 0 {
		return nil, wait
	}
	e := heap.Pop(&q.events).(*event) // the heap holds nothing else
	q.bytes -= len(e.call.Payload)
	return e, 0
}

// run makes one attempt and decides what follows.
func (q *eventQueue) run(e *event) {
	if e.call.Current != nil {
		current, err := e.call.Current()
		if err != nil {
			q.giveUp(e, EventFailure{Condition: "RetriesExhausted", Err: err})
			return
		}
		e.function = current
	}
	result, err := q.runner.Invoke(q.ctx, e.function, e.call)
	if q.ctx.Err() != nil || (err == nil && result.FunctionError == "") {
		return
	}
	now := q.runner.options.Now()
	if retryable(err) {
		e.due = now.Add(throttleDelay(e.throttles))
		e.throttles++
		q.again(e, EventFailure{Result: result, Err: err})
		return
	}
	e.attempts++
	retries := MaximumRetryAttempts
	if e.call.MaximumRetryAttempts != nil {
		retries = min(retries, *e.call.MaximumRetryAttempts)
	}
	if e.attempts > retries {
		q.giveUp(e, EventFailure{Condition: "RetriesExhausted", Result: result, Err: err})
		return
	}
	if delays := q.runner.options.RetryDelays; len(delays) > 0 {
		e.due = now.Add(delays[min(e.attempts, len(delays))-1])
	}
	q.again(e, EventFailure{Result: result, Err: err})
}

// again queues an event once more, or gives it up when it would be too old.
func (q *eventQueue) again(e *event, failure EventFailure) {
	if e.due.Sub(e.accepted) > e.call.MaximumEventAge {
		failure.Condition = "EventAgeExceeded"
		q.giveUp(e, failure)
		return
	}
	if err := q.add(e); err != nil {
		failure.Condition, failure.Err = "RetriesExhausted", errors.Join(failure.Err, err)
		q.giveUp(e, failure)
	}
}

func (q *eventQueue) giveUp(e *event, failure EventFailure) {
	failure.Function, failure.Invocation, failure.Attempts = e.function, e.call, e.attempts
	q.runner.logger.Warn("an asynchronous event was given up", "function", e.function.Arn,
		"requestId", e.call.RequestID, "condition", failure.Condition, "error", failure.Err)
	if q.runner.options.OnEventFailure != nil {
		q.runner.options.OnEventFailure(failure)
	}
}

// retryable errors are throttles and failures of the service, which AWS
// retries for as long as the event is young enough.
func retryable(err error) bool {
	var throttled *ErrTooManyRequests
	var remote *ErrRemote
	return errors.As(err, &throttled) || (errors.As(err, &remote) && (remote.StatusCode == 429 || remote.StatusCode >= 500))
}

// throttleDelay grows from 1 second to 5 minutes.
func throttleDelay(throttles int) time.Duration {
	const longest, doublings = 5 * time.Minute, 9
	return min(longest, time.Second<<min(throttles, doublings))
}

func (q *eventQueue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.events)
}

func (q *eventQueue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.events, q.bytes = nil, 0
}

func (q *eventQueue) close() {
	close(q.done)
	q.cancel()
	q.wait.Wait()
}

// eventHeap orders events by when they are due.
type eventHeap []*event

func (h eventHeap) Len() int           { return len(h) }
func (h eventHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }
func (h eventHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is for container/heap.
func (h *eventHeap) Push(x any) { *h = append(*h, x.(*event)) } // only events are pushed

// Pop is for container/heap.
func (h *eventHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
