package loadbalancer

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The thresholds and the interval decide when a target changes, by the clock.
func TestWatch_thresholds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var up atomic.Bool
		var dials atomic.Int32
		r := New(Options{Now: time.Now, Dial: func(context.Context, string, string) (net.Conn, error) {
			dials.Add(1)
			if !up.Load() {
				return nil, errors.New("connection refused")
			}
			connection, _ := net.Pipe()
			return connection, nil
		}})
		defer r.Close()
		check := HealthCheck{Protocol: ProtocolTcp, Port: TrafficPort, Interval: 30 * time.Second, Timeout: 10 * time.Second, HealthyThreshold: 3, UnhealthyThreshold: 2}
		r.Set(configuration(check, Target{Id: "10.0.0.1", Port: 80}))
		state := func(after time.Duration) string {
			time.Sleep(after)
			synctest.Wait()
			health, _ := r.Health(groupArn)
			return health[0].State
		}
		steps := []struct {
			up    bool
			after time.Duration
			want  string
		}{
			{false, time.Second, StateInitial},        // 1st check failed
			{false, 30 * time.Second, StateUnhealthy}, // 2nd failed
			{true, 30 * time.Second, StateUnhealthy},  // 1 of 3 passed
			{true, 30 * time.Second, StateUnhealthy},  // 2 of 3
			{true, 30 * time.Second, StateHealthy},    // 3 of 3
			{false, 30 * time.Second, StateHealthy},   // 1 of 2 failed
			{true, 30 * time.Second, StateHealthy},    // and passed again
			{false, 60 * time.Second, StateUnhealthy}, // 2 of 2
		}
		for i, step := range steps {
			up.Store(step.up)
			if got := state(step.after); got != step.want {
				t.Errorf("step %d: %s, want %s", i, got, step.want)
			}
			if i == 1 {
				dials.Store(0)
			}
		}
		if got := dials.Load(); got != 7 {
			t.Errorf("%d checks after the first answer, want 7", got)
		}
	})
}

// A target that starts after it was registered serves within a second.
func TestWatch_startsLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := New(Options{Now: time.Now, Dial: func(context.Context, string, string) (net.Conn, error) {
			if time.Since(began) < 5*time.Second {
				return nil, errors.New("connection refused")
			}
			connection, _ := net.Pipe()
			return connection, nil
		}})
		defer r.Close()
		check := HealthCheck{Protocol: ProtocolTcp, Port: TrafficPort, Interval: 30 * time.Second, Timeout: 10 * time.Second, HealthyThreshold: 5, UnhealthyThreshold: 2}
		r.Set(configuration(check, Target{Id: "10.0.0.1", Port: 80}))
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if health, _ := r.Health(groupArn); health[0].State != StateHealthy {
			t.Errorf("got %+v", health[0].Health)
		}
	})
}

// A target that does not answer in time fails with AWS's reason.
func TestWatch_timeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(Options{Now: time.Now, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		defer r.Close()
		check := HealthCheck{Protocol: ProtocolTcp, Port: TrafficPort, Interval: 30 * time.Second, Timeout: 10 * time.Second, HealthyThreshold: 3, UnhealthyThreshold: 2}
		r.Set(configuration(check, Target{Id: "10.0.0.1", Port: 80}))
		time.Sleep(41 * time.Second)
		synctest.Wait()
		health, _ := r.Health(groupArn)
		if got := health[0].Health; got.State != StateUnhealthy || got.Reason != ReasonTimeout || got.Description != "Request timed out" {
			t.Errorf("got %+v", got)
		}
	})
}

// The first success makes a new target healthy.
func TestCount_initial(t *testing.T) {
	c := checked{health: initialHealth()}
	check := &HealthCheck{HealthyThreshold: 5, UnhealthyThreshold: 2}
	c.count(checkResult{reason: ReasonTimeout}, check, time.Time{})
	c.count(checkResult{passed: true}, check, time.Time{})
	if c.health.State != StateHealthy || c.health.Reason != "" {
		t.Errorf("got %+v", c.health)
	}
}

func TestParseMatcher(t *testing.T) {
	for text, codes := range map[string][2][]int{
		"200":         {{200}, {199, 201}},
		"200,202":     {{200, 202}, {201}},
		"200-299,404": {{200, 250, 299, 404}, {300, 403}},
	} {
		matcher, err := ParseMatcher(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range codes[0] {
			if !matcher.matches(code) {
				t.Errorf("%s does not take %d", text, code)
			}
		}
		for _, code := range codes[1] {
			if matcher.matches(code) {
				t.Errorf("%s takes %d", text, code)
			}
		}
	}
	for _, text := range []string{"", "a", "200-", "200,,201"} {
		if _, err := ParseMatcher(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
