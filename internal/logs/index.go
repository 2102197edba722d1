package logs

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// index is what is known of the journal's entries without reading them. It is folded
// from their headers.
type index struct {
	mu       sync.Mutex // guards the fields below
	groups   map[StreamId]map[string]*streamIndex
	applied  uint64
	advanced chan struct{} // closed and replaced when applied grows
}

// streamIndex is one log stream.
type streamIndex struct {
	created int64  // milliseconds since 1970
	marker  uint64 // sequence of the entry that created it; 0 without one
	chunks  []chunk
	// lastEvent and lastIngestion outlive the chunks they came from.
	firstEvent, lastEvent, lastIngestion int64
}

// chunk is an entry with events.
type chunk struct {
	sequence               uint64
	first, last, ingestion int64
	count, size            int32
}

func newIndex() *index {
	return &index{groups: map[StreamId]map[string]*streamIndex{}, advanced: make(chan struct{})}
}

// apply folds one header in.
func (x *index) apply(sequence uint64, header Header) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.fold(sequence, header)
	if sequence > x.applied {
		x.applied = sequence
		close(x.advanced)
		x.advanced = make(chan struct{})
	}
}

func (x *index) fold(sequence uint64, header Header) {
	group := header.Id.group()
	switch header.Kind {
	case KindGroupDeleted:
		delete(x.groups, group)
	case KindStreamDeleted:
		delete(x.groups[group], header.Id.Stream)
	case KindStreamCreated:
		stream := x.stream(header)
		stream.marker = sequence
	case KindEvents:
		stream := x.stream(header)
		if len(stream.chunks) == 0 && stream.lastEvent == 0 {
			stream.firstEvent = header.First
		}
		stream.firstEvent = min(stream.firstEvent, header.First)
		stream.lastEvent = max(stream.lastEvent, header.Last)
		stream.lastIngestion = max(stream.lastIngestion, header.Ingestion)
		stream.chunks = append(stream.chunks, chunk{
			sequence: sequence, first: header.First, last: header.Last, ingestion: header.Ingestion,
			count: int32(header.Count), size: int32(header.Size), // bounded by maxEntryEvents and the payload limit
		})
	}
}

// stream finds or makes the stream of a header.
func (x *index) stream(header Header) *streamIndex {
	group := header.Id.group()
	if x.groups[group] == nil {
		x.groups[group] = map[string]*streamIndex{}
	}
	stream := x.groups[group][header.Id.Stream]
	if stream == nil {
		stream = &streamIndex{created: header.Ingestion}
		if header.Kind == KindStreamCreated && header.First != 0 {
			stream.created = header.First
		}
		x.groups[group][header.Id.Stream] = stream
	}
	return stream
}

// waitFor returns when the entry of a sequence has been applied.
func (x *index) waitFor(ctx context.Context, sequence uint64) error {
	for {
		x.mu.Lock()
		applied, advanced := x.applied, x.advanced
		x.mu.Unlock()
		if applied >= sequence {
			return nil
		}
		select {
		case <-advanced:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// discard forgets the entries below first, which the journal has discarded.
func (x *index) discard(first uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for group, streams := range x.groups {
		maps.DeleteFunc(streams, func(_ string, stream *streamIndex) bool {
			stream.dropBelow(first)
			return len(stream.chunks) == 0 && stream.marker < first
		})
		if len(streams) == 0 {
			delete(x.groups, group)
		}
	}
}

func (s *streamIndex) dropBelow(first uint64) {
	dropped := 0
	for dropped < len(s.chunks) && s.chunks[dropped].sequence < first {
		dropped++
	}
	if dropped == 0 {
		return
	}
	s.chunks = append([]chunk(nil), s.chunks[dropped:]...)
	s.refreshFirst()
}

func (s *streamIndex) refreshFirst() {
	for i, chunk := range s.chunks {
		if i == 0 || chunk.first < s.firstEvent {
			s.firstEvent = chunk.first
		}
	}
}

// forget forgets everything.
func (x *index) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.groups = map[StreamId]map[string]*streamIndex{}
}

// window is what a query looks at: entries stored since born, with events in [start, end).
type window struct {
	born       int64 // the group's creation: what is older belongs to one that was deleted
	start, end int64 // milliseconds since 1970
}

func (w window) overlaps(c chunk) bool {
	return c.ingestion >= w.born && c.last >= w.start && c.first < w.end
}

// chunks returns the entries of the streams that overlap the window, in order of
// sequences. streams nil means all of the group.
func (x *index) chunks(group StreamId, streams func(name string) bool, w window) []chunk {
	x.mu.Lock()
	defer x.mu.Unlock()
	var found []chunk
	for name, stream := range x.groups[group] {
		if streams != nil && !streams(name) {
			continue
		}
		for _, chunk := range stream.chunks {
			if w.overlaps(chunk) {
				found = append(found, chunk)
			}
		}
	}
	slices.SortFunc(found, func(a, b chunk) int { return compareNumbers(a.sequence, b.sequence) })
	return found
}

// Stream describes a log stream.
type Stream struct {
	Name string
	// Milliseconds since 1970; zero where nothing happened yet.
	Created, FirstEvent, LastEvent, LastIngestion int64
	StoredBytes                                   int64
}

// streams describes the streams of a group that were stored since born, in order of names.
func (x *index) streams(group StreamId, born int64) []Stream {
	x.mu.Lock()
	defer x.mu.Unlock()
	found := make([]Stream, 0, len(x.groups[group]))
	for name, stream := range x.groups[group] {
		if max(stream.created, stream.lastIngestion) < born {
			continue
		}
		described := Stream{
			Name: name, Created: max(stream.created, born), FirstEvent: stream.firstEvent, LastEvent: stream.lastEvent,
			LastIngestion: stream.lastIngestion,
		}
		for _, chunk := range stream.chunks {
			described.StoredBytes += int64(chunk.size) + int64(chunk.count)*eventOverhead
		}
		found = append(found, described)
	}
	slices.SortFunc(found, func(a, b Stream) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return found
}

// eventOverhead is what CloudWatch Logs counts for each event beside its message, bytes.
const eventOverhead = 26

// has says whether a stream exists.
func (x *index) has(id StreamId, born int64) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	stream := x.groups[id.group()][id.Stream]
	return stream != nil && max(stream.created, stream.lastIngestion) >= born
}

// expiry is what to delete of a stream whose events have expired.
type expiry struct {
	before uint64 // the sequence up to which entries go
	// created is when somebody made the stream, where the entry that says so would go too:
	// a stream that was made stays when it is empty. 0 otherwise.
	created int64
}

// expired names the streams that hold entries whose events are all before cutoff.
func (x *index) expired(group StreamId, cutoff int64) map[string]expiry {
	x.mu.Lock()
	defer x.mu.Unlock()
	purge := map[string]expiry{}
	for name, stream := range x.groups[group] {
		var found expiry
		for _, chunk := range stream.chunks {
			if chunk.last >= cutoff {
				break
			}
			found.before = chunk.sequence + 1
		}
		if found.before == 0 {
			continue
		}
		if 0 < stream.marker && stream.marker < found.before {
			found.created = stream.created
		}
		purge[name] = found
	}
	return purge
}

// drop forgets what was purged of a stream.
func (x *index) drop(id StreamId, before uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	stream := x.groups[id.group()][id.Stream]
	if stream == nil {
		return
	}
	stream.dropBelow(before)
	if len(stream.chunks) == 0 && stream.marker < before {
		delete(x.groups[id.group()], id.Stream)
	}
}
