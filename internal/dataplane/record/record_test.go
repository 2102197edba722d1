package record

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/fault"
	"gatehouse/internal/tracing"
)

// Every step notes facts; while nobody records, that must cost nothing.
func TestNilNotesAllocateNothing(t *testing.T) {
	var n *Notes
	body := []byte("body")
	fields := []Field{{Name: "a", Value: "b"}}
	step := NameStep("find_method")
	allocations := testing.AllocsPerRun(100, func() {
		n.BeginStep(step, time.Second)
		n.Note(Route, "GET /")
		n.NoteFields(RequestHeaders, fields)
		n.NoteBody(RequestBody, body)
		n.EndStep(2 * time.Second)
	})
	if allocations != 0 || n.Enabled() {
		t.Errorf("%v allocations", allocations)
	}
}

func TestNotes(t *testing.T) {
	n := NewNotes(&Method{}, Exchange{})
	n.Note(Route, "before any step") // belongs to no step, and is dropped
	n.NoteFields(RequestHeaders, []Field{{Name: "Host", Value: "before any step"}})
	n.NoteBody(RequestBody, []byte("before any step"))
	n.EndStep(time.Second)
	n.BeginStep(NameStep("find_method"), time.Second)
	body := make([]byte, MaxBody+1)
	body[0] = 'x'
	n.NoteBody(RequestBody, body)
	body[0] = 'y'
	n.EndStep(3 * time.Second)
	n.BeginStep(NameStep("throttle"), 3*time.Second)
	n.EndStep(3 * time.Second)
	steps := n.Record().Steps
	if len(steps) != 2 || steps[0].Started != time.Second || steps[0].Duration != 2*time.Second || steps[1].Started != 3*time.Second || steps[1].Duration != 0 {
		t.Fatalf("steps %+v", steps)
	}
	if facts := steps[0].Facts; len(facts) != 1 || len(facts[0].Body) != MaxBody || facts[0].Body[0] != 'x' || facts[0].Size != MaxBody+1 {
		t.Errorf("the body was not copied and cut")
	}
}

// What is kept without data trace tells no secret.
func TestRedacted(t *testing.T) {
	n := NewNotes(&Method{}, Exchange{})
	n.Redacted = true
	n.BeginStep(NameStep("find_method"), 0)
	sent := []Field{{Name: "Authorization", Value: "Bearer secret"}, {Name: "x-api-key", Value: "secret"}, {Name: "content-type", Value: "text/plain"}}
	n.NoteFields(RequestHeaders, sent)
	n.NoteFields(RequestQuery, []Field{{Name: "token", Value: "secret"}, {Name: "verbose"}, {Name: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx"}, {Name: "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY", Value: "="}})
	n.NoteFields(RequestPath, []Field{{Name: "id", Value: "1"}})
	n.NoteFields(EndpointReplyHeaders, nil)
	n.Note(EndpointUri, "http://backend/?secret")
	n.NoteBody(MethodResponseBody, []byte("secret"))
	n.NoteBody(RequestBody, []byte("secret"))
	want := [][]Field{
		{{Name: "Authorization", Value: "(13 characters)"}, {Name: "x-api-key", Value: "(6 characters)"}, {Name: "content-type", Value: "text/plain"}},
		{{Name: "token", Value: "(6 characters)"}, {Name: "verbose", Value: "(0 characters)"}, {Name: "(33 characters)", Value: "(0 characters)"}, {Name: "(32 characters)", Value: "(1 characters)"}}, nil,
	}
	facts := n.Record().Steps[0].Facts
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
	n.Method.DataTraceEnabled = true
	n.NoteFields(RequestHeaders, sent)
	if got := n.Record().Steps[0].Facts[3].Fields[0].Value; got != "*******secret" {
		t.Errorf("with data trace: %s", got)
	}
}

// Notes that are used again leave a Record of their earlier life alone, and allocate nothing.
func TestReset(t *testing.T) {
	n := NewNotes(&Method{}, Exchange{})
	fields, method := []Field{{Name: "Host", Value: "same"}, {Name: "h", Value: "same"}}, &Method{}
	step := NameStep("step")
	fill := func(value string) {
		n.Reset()
		n.Method, n.RequestId = method, value
		for range 3 {
			n.BeginStep(step, 0)
			n.Note(Route, value)
			for range 12 {
				n.NoteFields(RequestHeaders, fields)
			}
		}
	}
	fill("first")
	first := n.Record()
	fill("second")
	for _, step := range first.Steps {
		if step.Facts[0].Text != "first" {
			t.Fatalf("the record shows %s", step.Facts[0].Text)
		}
	}
	if second := n.Record(); len(second.Steps) != 3 || len(second.Steps[2].Facts) != 13 || second.Steps[0].Facts[0].Text != "second" {
		t.Errorf("after Reset: %d steps", len(second.Steps))
	}
	if allocations := testing.AllocsPerRun(100, func() { fill("third") }); allocations > 0 {
		t.Errorf("%v allocations", allocations)
	}
}

// Of credentials a data trace keeps the last characters alone.
func TestRedacted_dataTrace(t *testing.T) {
	n := NewNotes(&Method{}, Exchange{})
	n.Redacted, n.Method.DataTraceEnabled = true, true
	n.BeginStep(NameStep("find_method"), 0)
	n.NoteFields(RequestHeaders, []Field{{Name: "x-amz-security-token", Value: "0123456789abcdef"}, {Name: "Cookie", Value: "short"}, {Name: "a", Value: "b"}})
	want := []Field{{Name: "x-amz-security-token", Value: "**********abcdef"}, {Name: "Cookie", Value: "*****"}, {Name: "a", Value: "b"}}
	if got := n.Record().Steps[0].Facts[0].Fields; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if again := Masked("Authorization", want[0].Value); again != want[0].Value {
		t.Errorf("masked again: %s", again)
	}
}

// Nothing of an exchange is left for the next one.
func TestReset_forgets(t *testing.T) {
	n := example()
	n.Hide("secret")
	n.RequestLength, n.Cache, n.Fault, n.Trace = 1, CacheHit, fault.New(fault.Panicked), &tracing.Context{}
	n.Reset()
	n.encoded = nil
	if diff := cmp.Diff(&Notes{}, n, cmp.AllowUnexported(Notes{})); diff != "" {
		t.Error(diff)
	}
}
