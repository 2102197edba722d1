package throttle

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Source: guide, api-gateway-request-throttling.md: a token bucket with a rate and a burst.
func TestLimiterTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := New(time.Now)
		limit := Limit{Rate: 5, Burst: 2}
		for i, want := range []bool{true, true, false} {
			if got := limiter.Take("a", limit); got.Allowed != want {
				t.Errorf("request %d: got %+v", i, got)
			}
		}
		if got := limiter.Take("a", limit); got.Next != 200*time.Millisecond {
			t.Errorf("next token in %s, want 200ms", got.Next)
		}
		if !limiter.Take("b", limit).Allowed {
			t.Error("another name shares the bucket")
		}
		time.Sleep(200 * time.Millisecond)
		if !limiter.Take("a", limit).Allowed || limiter.Take("a", limit).Allowed {
			t.Error("200 ms at 5 a second are one token")
		}
		time.Sleep(time.Hour)
		if got := limiter.Take("a", limit); got.Tokens != 1 {
			t.Errorf("a bucket holds at most its burst: %+v", got)
		}
		limiter.GiveBack("a", limit)
		if got := limiter.Take("a", limit); got.Tokens != 1 {
			t.Errorf("a token given back is there: %+v", got)
		}
	})
}

func TestLimiterZero(t *testing.T) {
	limiter := New(time.Now)
	if got := limiter.Take("a", Limit{}); got.Allowed || got.Next >= 0 {
		t.Errorf("a limit of 0 lets nothing through: %+v", got)
	}
}

func TestLimiterForgets(t *testing.T) {
	limiter := New(time.Now)
	for i := range maxBuckets + 10 {
		limiter.Take(strconv.Itoa(i), Limit{Rate: 1, Burst: 1})
	}
	if len(limiter.buckets) > maxBuckets {
		t.Errorf("%d buckets", len(limiter.buckets))
	}
}

// Over any span, no more than burst + rate × span requests pass.
func TestLimiterBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := Limit{Rate: rapid.Float64Range(0.1, 50).Draw(t, "rate"), Burst: rapid.IntRange(1, 20).Draw(t, "burst")}
		now := time.Unix(0, 0)
		limiter := New(func() time.Time { return now })
		passed := 0
		for range rapid.IntRange(1, 200).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 500).Draw(t, "pause")) * time.Millisecond)
			if limiter.Take("a", limit).Allowed {
				passed++
			}
		}
		if most := float64(limit.Burst) + limit.Rate*now.Sub(time.Unix(0, 0)).Seconds() + 1e-6; float64(passed) > most {
			t.Fatalf("%d passed, at most %f may", passed, most)
		}
	})
}

func BenchmarkTake(b *testing.B) {
	limiter := New(time.Now)
	for b.Loop() {
		limiter.Take("api/stage/GET /pets", Limit{Rate: 10000, Burst: 5000})
	}
}
