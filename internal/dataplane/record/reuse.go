package record

import "slices"

// Rooms are the capacities that a new Record begins with; most exchanges fit.
const (
	roomSteps  = 10
	roomFacts  = 8
	roomFields = 16
)

// New makes an empty Record with room for an ordinary exchange.
func New() *Record {
	return &Record{Steps: make([]Step, 0, roomSteps), facts: make([]Fact, 0, roomFacts), fields: make([]Field, 0, roomFields)}
}

// Reset empties a Record for another exchange and keeps its room. Nobody may still read
// it. What is in the room stays until it is written over: few Records are unused at a time.
func (r *Record) Reset(subject Subject) {
	*r = Record{Subject: subject, Steps: r.Steps[:0], facts: r.facts[:0], fields: r.fields[:0]}
}

// Clone makes a Record of its own, for a reader that keeps it.
func (r *Record) Clone() *Record {
	clone := *r
	clone.facts, clone.fields = nil, nil
	clone.Steps = slices.Clone(r.Steps)
	for i := range clone.Steps {
		step := &clone.Steps[i]
		step.Facts = slices.Clone(step.Facts)
		for j := range step.Facts {
			step.Facts[j].Fields = slices.Clone(step.Facts[j].Fields)
		}
	}
	return &clone
}
