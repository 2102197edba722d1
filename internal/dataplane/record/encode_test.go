package record

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func example() *Record {
	r := New()
	r.Reset(Subject{
		AccountId: "123456789012", Region: "us-east-1", ApiId: "a1", StageName: "prod", DeploymentId: "d1", RequestId: "id-1",
		ExtendedRequestId: "ext=", HttpMethod: "GET", Path: "/pets/1", Received: time.Unix(1700000000, 5), ProtocolType: ProtocolHttp, DomainName: "api.example.com", BasePath: "/v1",
	})
	r.ResourcePath, r.LoggingLevel, r.StatusCode, r.Called, r.Redacted = "/pets/{id}", LevelInfo, 200, true, true
	r.Duration, r.IntegrationLatency, r.ResponseLength = 7*time.Millisecond, 5*time.Millisecond, 12
	r.BeginStep("find_method", time.Millisecond)
	r.NoteFields(RequestHeaders, []Field{{Name: "Host", Value: "h"}, {Name: "Authorization", Value: "secret"}})
	r.NoteBody(RequestBody, []byte("body"))
	r.EndStep(2 * time.Millisecond)
	r.DataTraceEnabled = true
	r.BeginStep("call_integration", 2*time.Millisecond)
	r.NoteBody(EndpointBody, []byte("body"))
	r.NoteBody(EndpointReplyBody, nil)
	r.EndStep(7 * time.Millisecond)
	return r
}

func TestEncode(t *testing.T) {
	r := example()
	data := r.AppendTo(nil)
	back, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back, cmpopts.IgnoreUnexported(Record{}), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if !HasId(data, "id-1") || !HasId(data, "ext=") || HasId(data, "id-2") {
		t.Error("HasId")
	}
	for i := range data {
		if _, err := Decode(data[:i]); err == nil {
			t.Fatalf("%d of %d bytes were read", i, len(data))
		}
	}
}

// Texts that are no names, and values that look redacted, come back as they were.
func TestEncode_texts(t *testing.T) {
	texts := []string{"", "x", "find_method", "Find_method", "Host", "HOST", strings.Repeat("n", 127), strings.Repeat("n", 128), strings.Repeat("n", 70_000)}
	values := []string{"", "(7 characters)", "(255 characters)", "(256 characters)", "(007 characters)", "(-1 characters)", "(7 charactera)", "(/ characters)", strings.Repeat("v", 200)}
	r := New()
	for _, text := range texts {
		r.BeginStep(text, 0)
		for _, value := range values {
			r.add(Fact{Kind: Kind(text), Text: value, Fields: []Field{{Name: text, Value: value}}})
		}
	}
	back, err := Decode(r.AppendTo(nil))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Steps, back.Steps); diff != "" {
		t.Error(diff)
	}
	for _, name := range names.names {
		if _, ok := names.code(name); !ok {
			t.Errorf("%s has no code", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(example().AppendTo(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		HasId(data, "x")
		r, err := Decode(data)
		if err != nil {
			return
		}
		if _, err := Decode(r.AppendTo(nil)); err != nil {
			t.Fatal(err)
		}
	})
}
