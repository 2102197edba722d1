package logs

import (
	"context"
	"slices"
	"sort"
	"sync"
)

// MemoryJournal is a Journal that forgets, for tests and for servers that keep nothing.
type MemoryJournal struct {
	maxBytes int

	mu        sync.Mutex // guards the fields below
	entries   []memoryEntry
	bytes     int
	last      uint64
	followers []memoryFollower
}

type memoryEntry struct {
	sequence uint64
	entry    Entry
}

type memoryFollower struct {
	ctx   context.Context // a follower lives as long as its context
	apply func(uint64, Header)
}

var _ Journal = (*MemoryJournal)(nil)

// NewMemoryJournal makes an empty journal of at most maxBytes of payload.
func NewMemoryJournal(maxBytes int) *MemoryJournal { return &MemoryJournal{maxBytes: maxBytes} }

// Append implements Journal.
func (j *MemoryJournal) Append(_ context.Context, entries []Entry) (uint64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, entry := range entries {
		j.last++
		j.entries = append(j.entries, memoryEntry{j.last, entry})
		j.bytes += len(entry.Payload)
		for _, follower := range j.followers {
			if follower.ctx.Err() == nil {
				follower.apply(j.last, entry.Header)
			}
		}
	}
	for len(j.entries) > 0 && (j.bytes > j.maxBytes || len(j.entries) > maxEntries) {
		j.bytes -= len(j.entries[0].entry.Payload)
		j.entries = j.entries[1:]
	}
	return j.last, nil
}

// Persist implements Journal: nothing here outlives the process.
func (j *MemoryJournal) Persist(context.Context) error { return nil }

// Follow implements Journal.
func (j *MemoryJournal) Follow(ctx context.Context, apply func(uint64, Header)) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, kept := range j.entries {
		apply(kept.sequence, kept.entry.Header)
	}
	j.followers = append(j.followers, memoryFollower{ctx, apply})
	return nil
}

// Read implements Journal.
func (j *MemoryJournal) Read(_ context.Context, id StreamId, from, to uint64, visit func(uint64, *Entry) bool) error {
	j.mu.Lock()
	start := sort.Search(len(j.entries), func(i int) bool { return j.entries[i].sequence >= from })
	found := slices.Clone(j.entries[start:])
	j.mu.Unlock()
	for i := range found {
		kept := &found[i]
		if kept.sequence > to || belongs(id, kept.entry.Id) && !visit(kept.sequence, &kept.entry) {
			break
		}
	}
	return nil
}

// belongs says whether an entry is of the stream, or of the group, that id names.
func belongs(id, entry StreamId) bool {
	return entry == id || id.Stream == "" && entry.group() == id
}

// Purge implements Journal.
func (j *MemoryJournal) Purge(_ context.Context, id StreamId, before uint64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept := make([]memoryEntry, 0, len(j.entries))
	for _, entry := range j.entries {
		if entry.sequence < before && belongs(id, entry.entry.Id) {
			j.bytes -= len(entry.entry.Payload)
			continue
		}
		kept = append(kept, entry)
	}
	j.entries = kept
	return nil
}

// First implements Journal.
func (j *MemoryJournal) First(context.Context) (uint64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.entries) == 0 {
		return j.last + 1, nil
	}
	return j.entries[0].sequence, nil
}

// Reset implements Journal.
func (j *MemoryJournal) Reset(context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.bytes = nil, 0
	return nil
}
