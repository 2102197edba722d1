package logs

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Kind says what an Entry tells.
type Kind byte

// The kinds of entries.
const (
	KindEvents        Kind = 'e' // events of a stream, in its payload
	KindStreamCreated Kind = 'c'
	KindStreamDeleted Kind = 'd' // everything of the stream before this entry is gone
	KindGroupDeleted  Kind = 'g' // everything of the group before this entry is gone
)

// Header is what the index needs of an entry.
type Header struct {
	Id   StreamId
	Kind Kind
	// Ingestion is when the entry was stored; First and Last are the earliest and latest
	// timestamps of its events. Milliseconds since 1970. Of KindStreamCreated, First is when
	// the stream was made if that was earlier than Ingestion, else 0.
	Ingestion, First, Last int64
	// Count is the number of events, Size the bytes of their messages.
	Count, Size int
}

// Entry is one message of a Journal.
type Entry struct {
	Header
	Payload []byte
}

// Bounds of one entry.
const (
	maxEntryBytes  = 512 << 10
	maxEntryEvents = 10_000
)

// newEntries packs events of one stream, in order, into as few entries as fit.
func newEntries(id StreamId, ingestion int64, events []Event) []Entry {
	var entries []Entry
	var current *Entry
	for _, event := range events {
		if current == nil || current.Count == maxEntryEvents || current.Size+len(event.Message) > maxEntryBytes {
			entries = append(entries, Entry{Header: Header{
				Id: id, Kind: KindEvents, Ingestion: ingestion, First: event.Timestamp, Last: event.Timestamp,
			}})
			current = &entries[len(entries)-1]
		}
		current.add(event)
	}
	return entries
}

func (e *Entry) add(event Event) {
	e.First, e.Last = min(e.First, event.Timestamp), max(e.Last, event.Timestamp)
	e.Count++
	e.Size += len(event.Message)
	e.Payload = binary.AppendVarint(e.Payload, event.Timestamp)
	e.Payload = binary.AppendUvarint(e.Payload, uint64(len(event.Message)))
	e.Payload = append(e.Payload, event.Message...)
}

var errPayload = errors.New("a log entry's payload is damaged")

// each calls visit for every event of a payload, in order.
func (e *Entry) each(visit func(index int, event Event)) error {
	rest := e.Payload
	for i := range e.Count {
		timestamp, n := binary.Varint(rest)
		if n <= 0 {
			return fmt.Errorf("event %d: %w", i, errPayload)
		}
		rest = rest[n:]
		length, n := binary.Uvarint(rest)
		if n <= 0 || length > uint64(len(rest)-n) {
			return fmt.Errorf("event %d: %w", i, errPayload)
		}
		rest = rest[n:]
		visit(i, Event{Timestamp: timestamp, Message: string(rest[:length])})
		rest = rest[length:]
	}
	return nil
}
