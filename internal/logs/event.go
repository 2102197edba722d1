package logs

import (
	"fmt"
	"strconv"
	"strings"
)

// StreamId names a log stream, or with an empty Stream a log group.
type StreamId struct{ Account, Region, Group, Stream string }

// group is the id of the stream's group.
func (id StreamId) group() StreamId {
	id.Stream = ""
	return id
}

// GroupArn is the ARN of the log group, without the ":*" that some operations show.
func (id StreamId) GroupArn() string {
	return "arn:aws:logs:" + id.Region + ":" + id.Account + ":log-group:" + id.Group
}

// Event is one log event.
type Event struct {
	// Timestamp is when it happened, in milliseconds since 1970.
	Timestamp int64
	Message   string
}

// Stored is an event with its place.
type Stored struct {
	Event
	Stream string
	// Ingestion is when the event was stored, in milliseconds since 1970.
	Ingestion int64
	Position  Position
}

// Position orders the events of a group: by timestamp, then by when they were stored.
type Position struct {
	Timestamp int64
	Sequence  uint64 // of the journal's entry
	Index     int    // in the entry
}

// compare is negative when p comes before other.
func (p Position) compare(other Position) int {
	switch {
	case p.Timestamp != other.Timestamp:
		return compareNumbers(p.Timestamp, other.Timestamp)
	case p.Sequence != other.Sequence:
		return compareNumbers(p.Sequence, other.Sequence)
	default:
		return compareNumbers(p.Index, other.Index)
	}
}

func compareNumbers[T int | int64 | uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// Digits of the parts of an event id, which has 56 as AWS's have.
const (
	timestampDigits = 15
	sequenceDigits  = 20
	indexDigits     = 21
	positionDigits  = timestampDigits + sequenceDigits + indexDigits
)

// String writes the position as the 56 digits of an event id. Ids order as positions do.
func (p Position) String() string {
	return fmt.Sprintf("%0*d%0*d%0*d", timestampDigits, p.Timestamp, sequenceDigits, p.Sequence, indexDigits, p.Index)
}

// ParsePosition reads what String wrote; ok is false for anything else.
func ParsePosition(text string) (p Position, ok bool) {
	if len(text) != positionDigits || strings.ContainsAny(text, "+-_") {
		return Position{}, false
	}
	timestamp, err1 := strconv.ParseInt(text[:timestampDigits], 10, 64)
	sequence, err2 := strconv.ParseUint(text[timestampDigits:timestampDigits+sequenceDigits], 10, 64)
	index, err3 := strconv.ParseInt(text[timestampDigits+sequenceDigits:], 10, 32)
	if err1 != nil || err2 != nil || err3 != nil {
		return Position{}, false
	}
	return Position{Timestamp: timestamp, Sequence: sequence, Index: int(index)}, true
}
