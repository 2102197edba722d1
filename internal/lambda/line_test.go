package lambda

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A burst of quick invocations is served by few environments: a process for each would
// take longer to start than all of them take together.
func TestLine_burst(t *testing.T) {
	const burst = 1000
	r, log := newTestRunner(t)
	f := nodeFunction(t, "exports.handler = async (event) => event")
	f.Timeout = time.Minute
	var wait sync.WaitGroup
	began := time.Now()
	for i := range burst {
		wait.Go(func() {
			result, err := r.Invoke(t.Context(), f, Invocation{Payload: fmt.Append(nil, i)})
			if err != nil || string(result.Payload) != fmt.Sprint(i) {
				t.Errorf("invocation %d: %s %v", i, result.Payload, err)
			}
		})
	}
	wait.Wait()
	t.Logf("%d invocations at once took %v in %d environments", burst, time.Since(began), r.Statistics().Environments)
	if count := log.count("INIT_START"); count > 16 {
		t.Errorf("%d environments were started for %d quick invocations", count, burst)
	}
}

// Slow invocations do not wait for each other, also when those before were quick.
func TestLine_slow(t *testing.T) {
	r, log := newTestRunner(t)
	f := pythonFunction(t, pythonProcess)
	f.Timeout = 2 * patience
	const quick, slow = 20, 8
	for range quick {
		invoke(t, r, f, `{}`)
	}
	var wait sync.WaitGroup
	for range slow {
		wait.Go(func() {
			if result, err := r.Invoke(t.Context(), f, Invocation{Payload: []byte(`{"seconds":100}`)}); err != nil || result.ErrorType != errorTypeExit {
				t.Errorf("it ended with %s %v", result.Payload, err)
			}
		})
	}
	waitFor(t, "all to run at once", func() bool { return log.count("START RequestId") == quick+slow })
	r.Close()
	wait.Wait()
}

// Never more than the bound start at once; what starts slowly does not count.
func TestLine_starts(t *testing.T) {
	r, _ := newTestRunner(t, func(o *Options) { o.Starts = 1 })
	f := pythonFunction(t, "import time\ntime.sleep(0.4)\ndef handler(event, context):\n    time.sleep(2)\n")
	for range 3 {
		go r.Invoke(t.Context(), f, Invocation{}) // ends with the runner
	}
	waitFor(t, "the second start", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.starts) > 1 {
			t.Errorf("%d start at once", len(r.starts))
		}
		return len(r.environments) == 2
	})
	r.Close()
}

// A start that fails is told to the first who waits, and to all when starting proves
// hopeless.
func TestLine_initFails(t *testing.T) {
	const burst = 200
	r, log := newTestRunner(t)
	f := pythonFunction(t, "raise ValueError('no luck')\n")
	var wait sync.WaitGroup
	for range burst {
		wait.Go(func() {
			result, err := r.Invoke(t.Context(), f, Invocation{})
			if err != nil || !strings.Contains(string(result.Payload), "no luck") {
				t.Errorf("got %s %v", result.Payload, err)
			}
		})
	}
	wait.Wait()
	if count := log.count("INIT_START"); count > 10 {
		t.Errorf("%d environments were started that could not", count)
	}
	if count := log.count("REPORT RequestId"); count != burst {
		t.Errorf("%d reports for %d invocations", count, burst)
	}
	if s := r.Statistics(); s.Running != 0 || s.Waiting != 0 {
		t.Errorf("still counted: %+v", s)
	}
}

// Who leaves while all environments are busy leaves the line; while one starts, the
// function runs all the same.
func TestLine_callerGoesAway(t *testing.T) {
	r, log := newTestRunner(t, func(o *Options) { o.Environments = 1 })
	f := pythonFunction(t, pythonProcess)
	leave := func(once func() bool, payload string) Phase {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		left := make(chan error, 1)
		go func() {
			_, err := r.Invoke(ctx, f, Invocation{Payload: []byte(payload)})
			left <- err
		}()
		waitFor(t, "the moment to leave", once)
		cancel()
		err := <-left
		var unanswered *ErrUnanswered
		if !errors.As(err, &unanswered) || !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		return unanswered.Phase
	}
	starts := func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.starts) == 1
	}
	if phase := leave(starts, `{"seconds":2}`); phase != PhaseStarting {
		t.Errorf("at first it was %s", phase)
	}
	waitFor(t, "the function to run", func() bool { return log.count("START RequestId") == 1 })
	if phase := leave(func() bool { return r.Statistics().Waiting == 1 }, `{}`); phase != PhaseWaiting {
		t.Errorf("with one environment, which was busy, it was %s", phase)
	}
	waitFor(t, "the function to end", func() bool { return r.Statistics().Idle == 1 })
	if phase := leave(func() bool { return log.count("START RequestId") == 2 }, `{"seconds":2}`); phase != PhaseRunning {
		t.Errorf("with one environment, which was idle, it was %s", phase)
	}
	waitFor(t, "the function to end", func() bool { return r.Statistics().Idle == 1 })
	if count := log.count("START RequestId"); count != 2 {
		t.Errorf("the function ran %d times, want 2", count)
	}
	if s := r.Statistics(); s.Running != 0 || s.Waiting != 0 {
		t.Errorf("still counted: %+v", s)
	}
}

// Closing sends away who waits.
func TestLine_closed(t *testing.T) {
	r, log := newTestRunner(t, func(o *Options) { o.Environments = 1 })
	f := pythonFunction(t, pythonProcess)
	results := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := r.Invoke(t.Context(), f, Invocation{Payload: []byte(`{"seconds":4}`)})
			results <- err
		}()
	}
	waitFor(t, "the function to run", func() bool { return log.count("START RequestId") == 1 && r.Statistics().Waiting == 1 })
	r.Close()
	if first, second := <-results, <-results; (first == nil) == (second == nil) || !errors.Is(errors.Join(first, second), ErrClosed) {
		t.Errorf("got %v and %v, want one ended and one sent away", first, second)
	}
}

// A connection that is accepted only after its process has ended ends nothing twice.
func TestAwaitConnections_lateConnection(t *testing.T) { synctest.Test(t, awaitLateConnection) }

func awaitLateConnection(t *testing.T) {
	e := &environment{}
	e.awaitConnections()
	e.connectionState(nil, http.StateNew)
	e.connectionState(nil, http.StateClosed)
	e.connectionState(nil, http.StateNew)
	began := time.Now()
	time.AfterFunc(time.Millisecond, func() { e.connectionState(nil, http.StateClosed) })
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(e.awaitConnections)
	}
	wait.Wait()
	if took := time.Since(began); took != time.Millisecond {
		t.Errorf("waited %v for a connection that closed after 1 ms", took)
	}
}

// Who waits when the code is replaced is served by the code it asked for, which is then
// removed from the disk.
func TestLine_codeReplaced(t *testing.T) {
	r, _ := newTestRunner(t, func(o *Options) { o.Environments = 1 })
	old := pythonFunction(t, pythonProcess+"\nVERSION = 'old'\ndef handler(event, context):\n    time.sleep(0.3)\n    return VERSION\n")
	changed := pythonFunction(t, "def handler(event, context):\n    return 'new'\n")
	changed.RevisionID = "2"
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if got := invoke(t, r, old, `{}`); string(got.Payload) != `"old"` {
				t.Errorf("got %s of the old code", got.Payload)
			}
		})
	}
	waitFor(t, "the calls to wait", func() bool { return r.Statistics().Running == 3 })
	if got := invoke(t, r, changed, `{}`); string(got.Payload) != `"new"` {
		t.Errorf("got %s of the new code", got.Payload)
	}
	wait.Wait()
	waitFor(t, "the old code to be removed", func() bool {
		left, err := os.ReadDir(filepath.Join(r.options.Directory, "code"))
		return err == nil && len(left) == 1 && left[0].Name() == changed.Code.SHA256
	})
}
