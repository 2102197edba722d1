package usage

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Run flushes every flushInterval until ctx is done, and once more then.
func (c *Counters) Run(ctx context.Context) {
	ticker := time.NewTicker(flushInterval)
	defer ticker.Stop()
	failing := false
	flush := func(ctx context.Context) {
		err := c.Flush(ctx)
		if err != nil && !failing {
			c.log.Warn("usage of API keys is not stored and stays in memory; trying again every second", "error", err)
		}
		failing = err != nil
	}
	for {
		select {
		case <-ticker.C:
			flush(ctx)
		case <-ctx.Done():
			ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
			defer cancel()
			flush(ending)
			return
		}
	}
}

// lastFlush is how long a process that stops tries to add what it counted.
const lastFlush = 3 * time.Second

// Flush adds everything that was counted before it was called to what is kept. What
// could not be added stays in memory, for the next flush.
func (c *Counters) Flush(ctx context.Context) error {
	c.flushing.Lock()
	defer c.flushing.Unlock()
	var failed error
	for batch := range slices.Chunk(c.collect(), maxFlush) {
		if failed == nil {
			failed = c.keeper.Add(ctx, batch)
		}
		c.settle(batch, failed == nil)
	}
	if failed != nil {
		return fmt.Errorf("adding usage to what is kept: %w", failed)
	}
	return nil
}

// collect takes what is pending.
func (c *Counters) collect() []Count {
	var counts []Count
	for i := range c.shards {
		counts = c.shards[i].collect(counts)
	}
	return counts
}

func (s *shard) collect(counts []Count) []Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, counter := range s.counters {
		if len(counter.pending) == 0 {
			continue
		}
		counter.flushed, counter.pending = counter.pending, nil
		for _, count := range counter.flushed {
			counts = append(counts, Count{Id: id, Day: count.day, Requests: count.requests})
		}
	}
	return counts
}

// settle forgets what was added, or puts it back.
func (c *Counters) settle(counts []Count, added bool) {
	for i := range counts {
		s := c.shard(&counts[i].Id)
		s.mu.Lock()
		if counter := s.counters[counts[i].Id]; counter != nil {
			counter.settle(added)
		}
		s.mu.Unlock()
	}
}

func (c *counter) settle(added bool) {
	if !added {
		c.pending = append(c.flushed, c.pending...) // what is older comes first
	} else {
		for _, count := range c.flushed {
			if count.day >= c.start && count.day <= c.day {
				c.used += count.requests
			}
		}
	}
	c.flushed = nil
}
