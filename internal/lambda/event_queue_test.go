package lambda

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

const pythonAttempts = `
count = 0

def handler(event, context):
    global count
    count += 1
    if count <= event:
        raise ValueError(count)
    print("succeeded in attempt", count)
`

func newEventRunner(t *testing.T) (*Runner, *logLines, chan EventFailure) {
	failures := make(chan EventFailure, 10)
	r, log := newTestRunner(t, func(o *Options) {
		o.RetryDelays = []time.Duration{time.Millisecond, 2 * time.Millisecond}
		o.OnEventFailure = func(f EventFailure) { failures <- f }
	})
	return r, log, failures
}

// Two retries by default: the third attempt is the last.
func TestInvokeEvent_retries(t *testing.T) {
	r, log, failures := newEventRunner(t)
	f := pythonFunction(t, pythonAttempts)
	id, err := r.InvokeEvent(f, Invocation{Payload: []byte(`2`)})
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	waitFor(t, "the third attempt", func() bool { return log.count("succeeded in attempt 3") == 1 })
	if count := log.count("START RequestId: " + id); count != 3 {
		t.Errorf("%d attempts with the same request id, want 3:\n%s", count, log.text())
	}

	f.Arn += "-2"
	if _, err := r.InvokeEvent(f, Invocation{Payload: []byte(`9`)}); err != nil {
		t.Fatal(err)
	}
	failure := <-failures
	if failure.Attempts != 3 || failure.Condition != "RetriesExhausted" || failure.Result.FunctionError != "Unhandled" {
		t.Errorf("got %+v", failure)
	}

	none := 0
	f.Arn += "-3"
	if _, err := r.InvokeEvent(f, Invocation{Payload: []byte(`9`), MaximumRetryAttempts: &none}); err != nil {
		t.Fatal(err)
	}
	if failure := <-failures; failure.Attempts != 1 {
		t.Errorf("got %d attempts, want 1", failure.Attempts)
	}
}

// A throttled event is not an attempt; it waits until it is too old.
func TestInvokeEvent_throttled(t *testing.T) {
	r, _, failures := newEventRunner(t)
	f := pythonFunction(t, pythonAttempts)
	none := 0
	f.ReservedConcurrency = &none
	if _, err := r.InvokeEvent(f, Invocation{Payload: []byte(`0`), MaximumEventAge: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	failure := <-failures
	var refused *ErrTooManyRequests
	if failure.Condition != "EventAgeExceeded" || failure.Attempts != 0 || !errors.As(failure.Err, &refused) {
		t.Errorf("got %+v", failure)
	}
}

func TestInvokeEvent_bounds(t *testing.T) {
	r, _, _ := newEventRunner(t)
	f := testFunction("provided.al2023", Code{})
	_, err := r.InvokeEvent(f, Invocation{Payload: make([]byte, MaximumEventSize+1)})
	var tooLarge *ErrRequestTooLarge
	if !errors.As(err, &tooLarge) || tooLarge.Error() != "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)" {
		t.Errorf("got %v", err)
	}
	later := time.Now().Add(time.Hour)
	for range DefaultQueuedEvents {
		if err := r.queue.add(&event{due: later}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.queue.add(&event{due: later}); !errors.Is(err, ErrQueueFull) {
		t.Errorf("got %v, want ErrQueueFull", err)
	}
	r.Reset()
	if n := r.Statistics().QueuedEvents; n != 0 {
		t.Errorf("%d events wait after Reset", n)
	}
	r.Close()
	if _, err := r.InvokeEvent(f, Invocation{}); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

func TestThrottleDelay(t *testing.T) {
	for throttles, want := range map[int]time.Duration{0: time.Second, 3: 8 * time.Second, 9: 5 * time.Minute, 1000: 5 * time.Minute} {
		if got := throttleDelay(throttles); got != want {
			t.Errorf("throttleDelay(%d) = %v, want %v", throttles, got, want)
		}
	}
}

// An event runs the function as it is when its time has come, and is given up when there
// is none any more.
func TestInvokeEvent_current(t *testing.T) {
	r, log, failures := newEventRunner(t)
	f := pythonFunction(t, "def handler(event, context):\n    raise ValueError('old')\n")
	mended := pythonFunction(t, "def handler(event, context):\n    print('the new code ran')\n")
	mended.RevisionID = "2"
	var attempts atomic.Int32
	call := Invocation{Current: func() (Function, error) {
		if attempts.Add(1) == 1 {
			return f, nil
		}
		return mended, nil
	}}
	if _, err := r.InvokeEvent(f, call); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the new code", func() bool { return log.count("the new code ran") == 1 })
	gone := errors.New("no such function")
	if _, err := r.InvokeEvent(f, Invocation{Current: func() (Function, error) { return Function{}, gone }}); err != nil {
		t.Fatal(err)
	}
	if failure := <-failures; !errors.Is(failure.Err, gone) || failure.Attempts != 0 {
		t.Errorf("got %+v", failure)
	}
}
