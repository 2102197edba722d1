package usage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// memory keeps counts in a map.
type memory struct {
	mu      sync.Mutex
	kept    map[Id]map[Day]int64
	failing bool
	adds    int
}

func (m *memory) Counted(id Id, first, last Day) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	var total int64
	for day, requests := range m.kept[id] {
		if day >= first && day <= last {
			total += requests
		}
	}
	return total
}

func (m *memory) Add(_ context.Context, counts []Count) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.adds++
	if m.failing {
		return errors.New("away")
	}
	if m.kept == nil {
		m.kept = map[Id]map[Day]int64{}
	}
	for _, count := range counts {
		if m.kept[count.Id] == nil {
			m.kept[count.Id] = map[Day]int64{}
		}
		m.kept[count.Id][count.Day] += count.Requests
	}
	return nil
}

var (
	key1  = &Id{"000000000000", "us-east-1", "plan1", "key1"}
	start = time.Date(2026, 11, 23, 23, 59, 50, 0, time.UTC) // a Monday
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func fixture() (*Counters, *memory, *clock) {
	kept, at := &memory{}, &clock{start}
	return New(kept, at.now, nil), kept, at
}

func take(t *testing.T, c *Counters, quota *Quota, want ...bool) {
	t.Helper()
	for i, allowed := range want {
		if got := c.Take(key1, quota, nil); got.Allowed != allowed {
			t.Errorf("request %d: %+v, want allowed %t", i+1, got, allowed)
		}
	}
}

// Periods begin at midnight UTC on the day that the offset names (API reference,
// QuotaSettings; Terraform's provider knows the ranges).
func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		period            Period
		offset            int
		day, first, after string
	}{
		{PeriodDay, 0, "2026-11-23", "2026-11-23", "2026-11-24"},
		{PeriodWeek, 0, "2026-11-23", "2026-11-22", "2026-11-29"}, // Sunday
		{PeriodWeek, 1, "2026-11-23", "2026-11-23", "2026-11-30"}, // Monday
		{PeriodWeek, 2, "2026-11-23", "2026-11-17", "2026-11-24"},
		{PeriodMonth, 0, "2026-11-23", "2026-11-01", "2026-12-01"},
		{PeriodMonth, 22, "2026-11-23", "2026-11-23", "2026-12-23"},
		{PeriodMonth, 23, "2026-11-23", "2026-10-24", "2026-11-24"},
		{PeriodMonth, 27, "2027-01-01", "2026-12-28", "2027-01-28"},
		{PeriodMonth, 27, "2027-03-01", "2027-02-28", "2027-03-28"},
	} {
		day, err := ParseDay(c.day)
		if err != nil {
			t.Fatal(err)
		}
		quota := Quota{Period: c.period, Offset: c.offset}
		if first, after := quota.Start(day).String(), quota.Next(day).String(); first != c.first || after != c.after {
			t.Errorf("%s offset %d on %s: %s to %s, want %s to %s", c.period, c.offset, c.day, first, after, c.first, c.after)
		}
	}
}

// Every day is in exactly one period, which begins where the one before ends.
func TestPeriodsJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		quota := Quota{Period: rapid.SampledFrom([]Period{PeriodDay, PeriodWeek, PeriodMonth}).Draw(t, "period")}
		switch quota.Period {
		case PeriodWeek:
			quota.Offset = rapid.IntRange(0, 6).Draw(t, "offset")
		case PeriodMonth:
			quota.Offset = rapid.IntRange(0, 27).Draw(t, "offset")
		case PeriodDay:
		}
		day := Day(rapid.IntRange(-1000, 40000).Draw(t, "day"))
		first, next := quota.Start(day), quota.Next(day)
		if first > day || next <= day || quota.Start(first) != first || quota.Start(next) != next || quota.Start(next-1) != first {
			t.Fatalf("day %s is in %s to %s", day, first, next)
		}
		if read, err := ParseDay(day.String()); err != nil || read != day {
			t.Fatalf("%s is read as %s, %v", day, read, err)
		}
	})
}

func TestQuotaEndsWithItsPeriod(t *testing.T) {
	c, _, at := fixture()
	quota := &Quota{Limit: 2, Period: PeriodDay}
	take(t, c, quota, true, true, false)
	if got := c.Take(key1, quota, nil); got.Used != 2 || got.Limit != 2 || got.Reset.String() != "2026-11-24" {
		t.Errorf("got %+v", got)
	}
	at.at = at.at.Add(10 * time.Second)
	take(t, c, quota, true, true, false)
	week := &Quota{Limit: 5, Period: PeriodWeek}
	take(t, c, week, true, false)
}

func TestExtensionHoldsInItsPeriod(t *testing.T) {
	c, _, at := fixture()
	quota := &Quota{Limit: 1, Period: PeriodDay}
	extension := &Extension{PeriodStart: DayOf(start), Requests: 1}
	for _, want := range []bool{true, true, false} {
		if got := c.Take(key1, quota, extension); got.Allowed != want {
			t.Errorf("got %+v, want %t", got, want)
		}
	}
	at.at = at.at.Add(time.Minute)
	for _, want := range []bool{true, false} {
		if got := c.Take(key1, quota, extension); got.Allowed != want {
			t.Errorf("the next day: got %+v, want %t", got, want)
		}
	}
}

// What a flush could not add is counted all the same, and added by the next.
func TestFlush(t *testing.T) {
	c, kept, at := fixture()
	quota := &Quota{Limit: 4, Period: PeriodWeek}
	take(t, c, quota, true, true)
	kept.failing = true
	if err := c.Flush(t.Context()); err == nil {
		t.Error("a failure is not told")
	}
	take(t, c, quota, true)
	at.at = at.at.Add(time.Minute)
	take(t, c, quota, true, false)
	kept.failing = false
	for range 2 { // the second adds nothing
		if err := c.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	take(t, c, quota, false)
	monday, tuesday := kept.Counted(*key1, DayOf(start), DayOf(start)), kept.Counted(*key1, DayOf(at.at), DayOf(at.at))
	if monday != 3 || tuesday != 1 || kept.adds != 2 {
		t.Errorf("%d on Monday, %d on Tuesday, %d batches", monday, tuesday, kept.adds)
	}
}

// Two nodes share a quota: after a while each knows what the other counted.
func TestNodesShareAQuota(t *testing.T) {
	kept, at := &memory{}, &clock{start.Add(-time.Hour)}
	one, two := New(kept, at.now, nil), New(kept, at.now, nil)
	quota := &Quota{Limit: 4, Period: PeriodDay}
	take(t, one, quota, true, true)
	take(t, two, quota, true) // knows nothing of the other two
	for _, node := range []*Counters{one, two} {
		if err := node.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	at.at = at.at.Add(shareInterval)
	take(t, two, quota, true, false)
}

// What was counted is never lost nor counted twice, in whatever order requests and
// flushes come, some of which fail.
func TestCountsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, kept, at := fixture()
		var counted int64
		for _, act := range rapid.SliceOf(rapid.IntRange(0, 4)).Draw(t, "acts") {
			switch act {
			case 0:
				kept.failing = !kept.failing
			case 1:
				_ = c.Flush(context.Background()) // a failure is what is tried
			case 2:
				at.at = at.at.Add(7 * time.Hour)
			default:
				got := c.Take(key1, &Quota{Limit: 10, Period: PeriodMonth, Offset: 3}, nil)
				if got.Allowed {
					counted++
				}
				if got.Allowed != (got.Used <= got.Limit && got.Reset == 0) || got.Used > 10 {
					t.Fatalf("%+v", got)
				}
			}
		}
		kept.failing = false
		if err := c.Flush(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := kept.Counted(*key1, 0, 1<<20); got != counted {
			t.Fatalf("%d are kept of %d", got, counted)
		}
	})
}

func TestConcurrentRequestsMeetTheQuota(t *testing.T) {
	c, kept, _ := fixture()
	quota := &Quota{Limit: 1000, Period: PeriodDay}
	var clients sync.WaitGroup
	var mu sync.Mutex
	allowed := 0
	for range 8 {
		clients.Go(func() {
			for i := range 200 {
				if c.Take(key1, quota, nil).Allowed {
					mu.Lock()
					allowed++
					mu.Unlock()
				}
				if i%50 == 0 {
					_ = c.Flush(context.Background())
				}
			}
		})
	}
	clients.Wait()
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := kept.Counted(*key1, 0, 1<<20); got != int64(allowed) || allowed != 1000 {
		t.Errorf("%d allowed, %d kept", allowed, got)
	}
}

func TestRunFlushesEverySecondAndAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &memory{}
		c := New(kept, time.Now, nil)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); c.Run(ctx) }()
		c.Take(key1, nil, nil)
		time.Sleep(flushInterval + time.Millisecond)
		synctest.Wait()
		if got := kept.Counted(*key1, 0, 1<<20); got != 1 {
			t.Errorf("%d are kept after a second", got)
		}
		c.Take(key1, nil, nil)
		cancel()
		<-done
		if got := kept.Counted(*key1, 0, 1<<20); got != 2 {
			t.Errorf("%d are kept at the end", got)
		}
	})
}

// What nothing is left to add of makes room; when nothing does, requests pass uncounted.
func TestCountersAreBounded(t *testing.T) {
	c, kept, _ := fixture()
	kept.failing = true
	for i := range maxCounters + 1000 {
		id := &Id{"000000000000", "us-east-1", "plan1", fmt.Sprint(i)}
		if !c.Take(id, &Quota{Limit: 1, Period: PeriodDay}, nil).Allowed {
			t.Fatalf("key %d was refused", i)
		}
	}
	total := 0
	for i := range c.shards {
		total += len(c.shards[i].counters)
	}
	if total > maxCounters {
		t.Errorf("%d counters", total)
	}
	kept.failing = false
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	take(t, c, &Quota{Limit: 1, Period: PeriodDay}, true, false)
}

func TestReset(t *testing.T) {
	c, _, _ := fixture()
	quota := &Quota{Limit: 1, Period: PeriodDay}
	take(t, c, quota, true, false)
	c.Reset()
	take(t, c, quota, true)
}

// BenchmarkTake is what a request with a key pays for being counted.
func BenchmarkTake(b *testing.B) {
	c := New(&memory{}, time.Now, nil)
	quota := &Quota{Limit: 1 << 60, Period: PeriodMonth}
	b.ReportAllocs()
	for b.Loop() {
		if !c.Take(key1, quota, nil).Allowed {
			b.Fatal("refused")
		}
	}
}

// BenchmarkTakeParallel is many clients with keys of their own.
func BenchmarkTakeParallel(b *testing.B) {
	c := New(&memory{}, time.Now, nil)
	quota := &Quota{Limit: 1 << 60, Period: PeriodMonth}
	var next sync.Mutex
	number := 0
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		next.Lock()
		number++
		id := &Id{"000000000000", "us-east-1", "plan1", fmt.Sprint("key", number)}
		next.Unlock()
		for pb.Next() {
			c.Take(id, quota, nil)
		}
	})
}
