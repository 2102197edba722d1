// Package usage counts the requests that clients make with their API keys, by usage
// plan, key and day, and decides whether a quota has room.
//
// Requests are counted in memory and never wait for what keeps the counts: every
// flushInterval what was counted is added to it in one batch. A process that is killed
// loses what it counted since, a process that stops loses nothing. Several nodes share a
// quota as well as that allows: each looks every shareInterval at what the others added,
// so that together they may let through what they count in that time too much.
//
// It knows no store (package usage/records keeps the counts) and no rates (package
// throttle). Begin at Counters.
package usage

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"
)

const (
	// flushInterval is how long a count may be in memory alone.
	flushInterval = time.Second
	// shareInterval is how long a node goes by what it knew of the others' counts.
	shareInterval = 5 * time.Second
	// maxFlush bounds the counts that are added in one batch.
	maxFlush = 5000
	// maxCounters bounds how many keys of plans are remembered. Those that nothing is
	// left to add of are forgotten first.
	maxCounters = 200_000
	shards      = 64
)

// Id is a key in a plan of an account in a region.
type Id struct{ AccountId, Region, UsagePlanId, KeyId string }

// Count is what was counted of a key in a plan on a day.
type Count struct {
	Id       Id
	Day      Day
	Requests int64
}

// Keeper keeps counts.
type Keeper interface {
	// Counted returns how many requests are kept of the days from first to last. It reads
	// memory and never waits.
	Counted(id Id, first, last Day) int64
	// Add adds counts, all or none of them. Counted includes them when it returns.
	Add(ctx context.Context, counts []Count) error
}

// Extension is what was added to a quota in one period.
type Extension struct {
	PeriodStart Day
	Requests    int64
}

// Decision says whether a quota has room.
type Decision struct {
	Allowed bool
	Used    int64 // in the period, this request included when it is allowed
	Limit   int64 // what holds in the period, extension included
	// Reset is the first day of the next period.
	Reset Day
}

// Counters count. The zero value is not usable: see New.
type Counters struct {
	keeper Keeper
	now    func() time.Time
	log    *slog.Logger
	seed   maphash.Seed
	shards [shards]shard

	flushing sync.Mutex // held while counts are being added, so that no two flushes overlap
}

type shard struct {
	mu       sync.Mutex // guards counters and what is in them
	counters map[Id]*counter
}

// counter is one key in one plan.
type counter struct {
	// day and start are what used was read for, at the moment readAt: used is what is kept
	// of the days from start to day. stale says that it has to be read again.
	day, start Day
	used       int64
	readAt     time.Time
	stale      bool
	// pending is what is not kept yet, by day; there is seldom more than one.
	pending []dayCount
	flushed []dayCount // the part of pending that is being added
}

type dayCount struct {
	day      Day
	requests int64
}

// New makes Counters. log may be nil.
func New(keeper Keeper, now func() time.Time, log *slog.Logger) *Counters {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &Counters{keeper: keeper, now: now, log: log, seed: maphash.MakeSeed()}
	for i := range c.shards {
		c.shards[i].counters = map[Id]*counter{}
	}
	return c
}

// Take counts a request of a key, if its quota has room; nil is no quota. extension may
// be nil.
func (c *Counters) Take(id *Id, quota *Quota, extension *Extension) Decision {
	now := c.now()
	day := DayOf(now)
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	counter := s.find(id)
	if counter == nil {
		return Decision{Allowed: true} // too many are counted already: better let through than refuse
	}
	if quota == nil {
		counter.add(day)
		return Decision{Allowed: true}
	}
	decision := Decision{Limit: quota.Limit}
	start := quota.Start(day)
	if extension != nil && extension.PeriodStart == start {
		decision.Limit += extension.Requests
	}
	if counter.mustRead(now, start, day) {
		counter.used, counter.start, counter.day, counter.readAt = c.keeper.Counted(*id, start, day), start, day, now
		counter.stale = len(counter.flushed) > 0 // who knows whether that is in it already
	}
	decision.Used = counter.used + counter.unkept(start)
	if decision.Used >= decision.Limit {
		decision.Reset = quota.Next(day)
		return decision
	}
	counter.add(day)
	decision.Allowed = true
	decision.Used++
	return decision
}

func (c *Counters) shard(id *Id) *shard {
	return &c.shards[maphash.String(c.seed, id.KeyId)%shards]
}

// find returns the counter of id, a new one if need be; nil when there is no room.
func (s *shard) find(id *Id) *counter {
	found := s.counters[*id]
	if found == nil {
		if len(s.counters) >= maxCounters/shards && !s.makeRoom() {
			return nil
		}
		found = &counter{}
		s.counters[*id] = found
	}
	return found
}

// makeRoom forgets what nothing is left to add of.
func (s *shard) makeRoom() bool {
	const enough = maxCounters / shards / 10
	removed := 0
	for id, counter := range s.counters {
		if len(counter.pending)+len(counter.flushed) == 0 {
			delete(s.counters, id)
			removed++
		}
		if removed == enough {
			break
		}
	}
	return removed > 0
}

// mustRead says whether used does not hold any more. While counts are being added, only
// another day or period makes it so.
func (c *counter) mustRead(now time.Time, start, day Day) bool {
	if c.day != day || c.start != start || c.readAt.IsZero() {
		return true
	}
	return len(c.flushed) == 0 && (c.stale || now.Sub(c.readAt) >= shareInterval)
}

func (c *counter) add(day Day) {
	if last := len(c.pending) - 1; last >= 0 && c.pending[last].day == day {
		c.pending[last].requests++
		return
	}
	c.pending = append(c.pending, dayCount{day, 1})
}

// unkept is what was counted since a day and is not kept yet.
func (c *counter) unkept(start Day) int64 {
	var total int64
	for _, counts := range [...][]dayCount{c.pending, c.flushed} {
		for _, count := range counts {
			if count.day >= start {
				total += count.requests
			}
		}
	}
	return total
}

// Reset forgets everything that was counted, kept or not.
func (c *Counters) Reset() {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.counters = map[Id]*counter{}
		s.mu.Unlock()
	}
}
