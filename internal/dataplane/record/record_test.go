package record

import (
	"slices"
	"testing"
	"time"
)

// Every step notes facts; while nobody records, that must cost nothing.
func TestNilRecordAllocatesNothing(t *testing.T) {
	var r *Record
	body := []byte("body")
	fields := []Field{{Name: "a", Value: "b"}}
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

// What is kept without data trace tells no secret.
func TestRedacted(t *testing.T) {
	r := New()
	r.Redacted = true
	r.BeginStep("find_method", 0)
	sent := []Field{{Name: "Authorization", Value: "Bearer secret"}, {Name: "x-api-key", Value: "secret"}, {Name: "content-type", Value: "text/plain"}}
	r.NoteFields(RequestHeaders, sent)
	r.NoteFields(RequestQuery, []Field{{Name: "token", Value: "secret"}})
	r.NoteFields(RequestPath, []Field{{Name: "id", Value: "1"}})
	r.NoteFields(EndpointReplyHeaders, nil)
	r.Note(EndpointUri, "http://backend/?secret")
	r.NoteBody(MethodResponseBody, []byte("secret"))
	r.NoteBody(RequestBody, []byte("secret"))
	want := [][]Field{
		{{Name: "Authorization", Value: "(13 characters)"}, {Name: "x-api-key", Value: "(6 characters)"}, {Name: "content-type", Value: "text/plain"}},
		{{Name: "token", Value: "(6 characters)"}}, nil,
	}
	facts := r.Steps[0].Facts
	if len(facts) != len(want) {
		t.Fatalf("%d facts", len(facts))
	}
	for i := range want {
		if !slices.Equal(facts[i].Fields, want[i]) {
			t.Errorf("fact %d: %v", i, facts[i].Fields)
		}
	}
	if facts[2].Body != nil || facts[2].Size != 6 || sent[0].Value != "Bearer secret" {
		t.Errorf("body %q of %d, sent %v", facts[2].Body, facts[2].Size, sent)
	}
	r.DataTraceEnabled = true
	r.NoteFields(RequestHeaders, sent)
	if got := r.Steps[0].Facts[3].Fields[0].Value; got != "*******secret" {
		t.Errorf("with data trace: %s", got)
	}
}

// A Record that is used again leaves a clone of its earlier life alone.
func TestReset(t *testing.T) {
	r := New()
	fill := func(value string) {
		r.Reset(Subject{RequestId: value})
		for range 3 {
			r.BeginStep("step", 0)
			for range 12 {
				r.NoteFields(RequestHeaders, []Field{{Name: "h", Value: value}})
			}
		}
	}
	fill("first")
	clone := r.Clone()
	fill("second")
	for _, step := range clone.Steps {
		for _, fact := range step.Facts {
			if fact.Fields[0].Value != "first" {
				t.Fatalf("the clone shows %s", fact.Fields[0].Value)
			}
		}
	}
	if len(r.Steps) != 3 || len(r.Steps[2].Facts) != 12 || r.Steps[0].Facts[0].Fields[0].Value != "second" {
		t.Errorf("after Reset: %d steps", len(r.Steps))
	}
	if allocations := testing.AllocsPerRun(100, func() { fill("third") }); allocations > 36 {
		t.Errorf("%v allocations", allocations)
	}
}

// Of credentials a data trace keeps the last characters alone.
func TestRedacted_dataTrace(t *testing.T) {
	r := New()
	r.Redacted, r.DataTraceEnabled = true, true
	r.BeginStep("find_method", 0)
	r.NoteFields(RequestHeaders, []Field{{Name: "x-amz-security-token", Value: "0123456789abcdef"}, {Name: "Cookie", Value: "short"}, {Name: "a", Value: "b"}})
	want := []Field{{Name: "x-amz-security-token", Value: "**********abcdef"}, {Name: "Cookie", Value: "*****"}, {Name: "a", Value: "b"}}
	if got := r.Steps[0].Facts[0].Fields; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if again := Masked("Authorization", want[0].Value); again != want[0].Value {
		t.Errorf("masked again: %s", again)
	}
}
