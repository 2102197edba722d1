package record

import (
	"testing"
	"time"
)

// Every step notes facts; while nobody records, that must cost nothing.
func TestNilRecordAllocatesNothing(t *testing.T) {
	var r *Record
	body := []byte("body")
	fields := []Field{{"a", "b"}}
	allocations := testing.AllocsPerRun(100, func() {
		r.BeginStep("find_method", time.Second)
		r.Note(Route, "GET /")
		r.NoteFields(RequestHeaders, fields)
		r.NoteBody(RequestBody, body)
		r.EndStep(2 * time.Second)
	})
	if allocations != 0 || r.Enabled() {
		t.Errorf("%v allocations", allocations)
	}
}

func TestRecord(t *testing.T) {
	r := &Record{}
	r.Note(Route, "before any step") // belongs to no step, and is dropped
	r.BeginStep("find_method", time.Second)
	body := make([]byte, MaxBody+1)
	body[0] = 'x'
	r.NoteBody(RequestBody, body)
	body[0] = 'y'
	r.EndStep(3 * time.Second)
	if len(r.Steps) != 1 || r.Steps[0].Started != time.Second || r.Steps[0].Duration != 2*time.Second {
		t.Fatalf("steps %+v", r.Steps)
	}
	if facts := r.Steps[0].Facts; len(facts) != 1 || len(facts[0].Body) != MaxBody || facts[0].Body[0] != 'x' {
		t.Errorf("the body was not copied and cut")
	}
}
