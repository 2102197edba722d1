package logs

import (
	"sync"
)

// Bounds of what waits to be stored.
const (
	maxBufferedEvents = 65_536
	maxBufferedBytes  = 32 << 20
	// bufferedOverhead is what an event takes beside its message, bytes.
	bufferedOverhead = 128
)

// buffer holds events until the next flush. When it is full the oldest go, and are counted.
type buffer struct {
	mu      sync.Mutex // guards the fields below
	events  []buffered
	first   int // events before it were dropped
	bytes   int
	dropped uint64
}

type buffered struct {
	id    StreamId
	event Event
}

func (b *buffer) add(id StreamId, event Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, buffered{id, event})
	b.bytes += len(event.Message) + bufferedOverhead
	for len(b.events)-b.first > maxBufferedEvents || b.bytes > maxBufferedBytes && len(b.events)-b.first > 1 {
		b.bytes -= len(b.events[b.first].event.Message) + bufferedOverhead
		b.events[b.first] = buffered{}
		b.first++
		b.dropped++
	}
	if b.first > maxBufferedEvents {
		b.events = append([]buffered(nil), b.events[b.first:]...)
		b.first = 0
	}
}

// take empties the buffer.
func (b *buffer) take() []buffered {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.events[b.first:]
	b.events, b.first, b.bytes = nil, 0, 0
	return taken
}

func (b *buffer) lose(count int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dropped += uint64(count) // a length
}

func (b *buffer) droppedEvents() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// gather puts the events of each stream together, streams in order of their first event.
func gather(events []buffered) []gathered {
	var list []gathered
	at := map[StreamId]int{}
	for _, one := range events {
		i, ok := at[one.id]
		if !ok {
			i = len(list)
			at[one.id] = i
			list = append(list, gathered{id: one.id})
		}
		list[i].events = append(list[i].events, one.event)
	}
	return list
}

type gathered struct {
	id     StreamId
	events []Event
}
