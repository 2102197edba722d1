package telemetry_test

import (
	"testing"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/telemetry"
)

// called is a call of a method's backend.
func called(path string, took time.Duration) *record.Record {
	return &record.Record{Summary: record.Summary{
		Method:   record.Method{AccountId: "123456789012", ApiId: "a1b2c3", StageName: "prod", ResourcePath: path},
		Exchange: record.Exchange{HttpMethod: "GET", Called: true, IntegrationLatency: took},
	}}
}

func TestMetrics_integrationLatency(t *testing.T) {
	m := telemetry.NewMetrics()
	if latency, count := m.IntegrationLatency(called("/pets", 0), 0.95); latency != 0 || count != 0 {
		t.Errorf("before any call: %s of %d", latency, count)
	}
	observe := func(r *record.Record) { m.Observe(&r.Method, &r.Exchange) }
	for range 90 {
		observe(called("/pets", 3*time.Millisecond)) // between 2.5 and 5 ms
	}
	for range 10 {
		observe(called("/pets", 60*time.Millisecond)) // between 50 and 100 ms
	}
	observe(called("/slow", time.Minute))
	for _, c := range []struct {
		path  string
		share float64
		want  time.Duration
		count uint64
	}{
		{"/pets", 0.45, 3750 * time.Microsecond, 100}, // half of the 90 in their bucket
		{"/pets", 0.90, 5 * time.Millisecond, 100},
		{"/pets", 0.95, 75 * time.Millisecond, 100}, // half of the 10 in theirs
		{"/pets", 1, 100 * time.Millisecond, 100},
		{"/slow", 0.95, 29 * time.Second, 1}, // over the last bound
	} {
		latency, count := m.IntegrationLatency(called(c.path, 0), c.share)
		if latency.Round(time.Microsecond) != c.want || count != c.count {
			t.Errorf("%s, %g: %s of %d, want %s of %d", c.path, c.share, latency, count, c.want, c.count)
		}
	}
}
