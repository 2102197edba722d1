package logs

import (
	"container/heap"
	"context"
	"math"
	"slices"
)

// Query asks for events of a group.
type Query struct {
	// Group is the log group; its Stream is ignored.
	Group   StreamId
	Streams Names
	// Start and End bound timestamps, [Start, End), in milliseconds since 1970; an End of
	// zero is no bound.
	Start, End int64
	// After and Before bound positions, exclusively; nil is no bound.
	After, Before *Position
	// Match keeps events; nil keeps all.
	Match func(message string) bool
	// Limit is the most events to return; MaxBytes the most bytes, as CloudWatch Logs counts them.
	Limit, MaxBytes int
	// Latest takes the latest events instead of the earliest.
	Latest bool
}

// Events returns events in order of their positions, and whether the bounds left more.
// Errors: ErrGroupNotFound, ErrStreamNotFound when a single stream was asked for.
func (l *Logs) Events(ctx context.Context, q Query) (events []Stored, more bool, err error) {
	group, err := l.FindGroup(ctx, q.Group)
	if err != nil {
		return nil, false, err
	}
	w := window{born: group.CreationTime, start: max(q.Start, group.cutoff(l.now())), end: q.End}
	if w.end == 0 {
		w.end = math.MaxInt64
	}
	if q.After != nil {
		w.start = max(w.start, q.After.Timestamp)
	}
	if q.Before != nil && q.Before.Timestamp < w.end {
		w.end = q.Before.Timestamp + 1
	}
	p := &page{query: &q, window: w, selects: q.Streams.selects()}
	if err := l.collect(ctx, p); err != nil {
		return nil, false, err
	}
	events, more = p.finish()
	return events, more, nil
}

// collect reads the entries that may hold events of the page.
func (l *Logs) collect(ctx context.Context, p *page) error {
	id := p.query.Group.group()
	candidates := l.index.chunks(id, p.selects, p.window)
	if p.query.Latest && p.query.Match == nil && p.query.Before == nil && p.query.End == 0 {
		candidates = latest(candidates, p.query.Limit)
	}
	if len(candidates) == 0 {
		return nil
	}
	if len(p.query.Streams.Names) == 1 {
		id.Stream = p.query.Streams.Names[0]
	}
	next, earliest := 0, suffixMinimum(candidates)
	var damaged error
	err := l.journal.Read(ctx, id, candidates[0].sequence, candidates[len(candidates)-1].sequence, func(sequence uint64, entry *Entry) bool {
		for next < len(candidates) && candidates[next].sequence < sequence {
			next++
		}
		if next == len(candidates) || p.isFullBefore(earliest[next]) {
			return false
		}
		if candidates[next].sequence == sequence {
			damaged = p.visit(sequence, entry)
		}
		return damaged == nil
	})
	if err != nil {
		return err
	}
	return damaged
}

// latest keeps the chunks that can hold the latest limit events. All events of the
// chunks count: the window's end is open here.
func latest(candidates []chunk, limit int) []chunk {
	byLast := slices.Clone(candidates)
	slices.SortFunc(byLast, func(a, b chunk) int { return compareNumbers(b.last, a.last) })
	total, oldest := 0, int64(math.MaxInt64)
	for _, candidate := range byLast {
		if total > limit {
			break
		}
		total += int(candidate.count)
		oldest = min(oldest, candidate.first)
	}
	return slices.DeleteFunc(slices.Clone(candidates), func(c chunk) bool { return c.last < oldest })
}

// suffixMinimum is, for each chunk, the earliest timestamp in it and those after it.
func suffixMinimum(candidates []chunk) []int64 {
	earliest := make([]int64, len(candidates))
	least := int64(math.MaxInt64)
	for i := len(candidates) - 1; i >= 0; i-- {
		least = min(least, candidates[i].first)
		earliest[i] = least
	}
	return earliest
}

// page collects the first (or last) Limit events in order of positions: a heap whose
// top is the one to give up next.
type page struct {
	query   *Query
	window  window
	selects func(string) bool
	kept    []Stored
	more    bool
}

func (p *page) visit(sequence uint64, entry *Entry) error {
	if p.selects != nil && !p.selects(entry.Id.Stream) {
		return nil
	}
	return entry.each(func(index int, event Event) {
		stored := Stored{
			Event: event, Stream: entry.Id.Stream, Ingestion: entry.Ingestion,
			Position: Position{Timestamp: event.Timestamp, Sequence: sequence, Index: index},
		}
		if p.wants(stored) {
			p.add(stored)
		}
	})
}

func (p *page) wants(event Stored) bool {
	q := p.query
	switch {
	case event.Timestamp < p.window.start || event.Timestamp >= p.window.end:
		return false
	case q.After != nil && event.Position.compare(*q.After) <= 0:
		return false
	case q.Before != nil && event.Position.compare(*q.Before) >= 0:
		return false
	}
	return q.Match == nil || q.Match(event.Message)
}

func (p *page) add(event Stored) {
	heap.Push(p, event)
	if len(p.kept) > p.query.Limit {
		heap.Pop(p)
		p.more = true
	}
}

// isFullBefore says that no event from a timestamp on can still belong to the page.
func (p *page) isFullBefore(timestamp int64) bool {
	return !p.query.Latest && len(p.kept) == p.query.Limit && p.more && timestamp > p.kept[0].Timestamp
}

// finish sorts the page and cuts it to its bytes.
func (p *page) finish() ([]Stored, bool) {
	events := p.kept
	slices.SortFunc(events, func(a, b Stored) int { return a.Position.compare(b.Position) })
	bytes := 0
	for i := range events {
		at := i
		if p.query.Latest {
			at = len(events) - 1 - i
		}
		bytes += len(events[at].Message) + eventOverhead
		if i == 0 || bytes <= p.query.MaxBytes {
			continue
		}
		if p.query.Latest {
			return events[at+1:], true
		}
		return events[:at], true
	}
	return events, p.more
}

// Len implements heap.Interface.
func (p *page) Len() int { return len(p.kept) }

// Less implements heap.Interface: the event to give up comes first.
func (p *page) Less(i, j int) bool {
	order := p.kept[i].Position.compare(p.kept[j].Position)
	if p.query.Latest {
		return order < 0
	}
	return order > 0
}

// Swap implements heap.Interface.
func (p *page) Swap(i, j int) { p.kept[i], p.kept[j] = p.kept[j], p.kept[i] }

// Push implements heap.Interface.
func (p *page) Push(x any) { p.kept = append(p.kept, x.(Stored)) } // heap.Push in add only

// Pop implements heap.Interface.
func (p *page) Pop() any {
	last := p.kept[len(p.kept)-1]
	p.kept = p.kept[:len(p.kept)-1]
	return last
}
