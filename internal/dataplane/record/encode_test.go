package record

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func example() *Notes {
	n := NewNotes(&Method{AccountId: "123456789012", Region: "us-east-1", ApiId: "a1", StageName: "prod", DeploymentId: "d1", ProtocolType: ProtocolHttp}, Exchange{RequestId: "id-1", ExtendedRequestId: "ext=", HttpMethod: "GET", Path: "/pets/1", Received: time.Unix(1700000000, 5), DomainName: "api.example.com", BasePath: "/v1"})
	n.Method.ResourcePath, n.Method.LoggingLevel, n.StatusCode, n.Called, n.Redacted = "/pets/{id}", LevelInfo, 200, true, true
	n.Duration, n.IntegrationLatency, n.ResponseLength = 7*time.Millisecond, 5*time.Millisecond, 12
	n.BeginStep(NameStep("find_method"), time.Millisecond)
	n.NoteFields(RequestHeaders, []Field{{Name: "Host", Value: "h"}, {Name: "Authorization", Value: "secret"}})
	n.NoteBody(RequestBody, []byte("body"))
	n.EndStep(2 * time.Millisecond)
	n.Method.DataTraceEnabled = true
	n.BeginStep(NameStep("call_integration"), 2*time.Millisecond)
	n.NoteBody(EndpointBody, []byte("body"))
	n.NoteBody(EndpointReplyBody, nil)
	n.EndStep(7 * time.Millisecond)
	return n
}

func TestEncode(t *testing.T) {
	n := example()
	want := n.Record()
	data := n.Encode()
	back, err := Decode(data, n.Method)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, back, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if got := want.Steps; len(got) != 2 || got[0].Duration != time.Millisecond || got[0].Facts[0].Fields[1].Value != "(6 characters)" ||
		got[0].Facts[1].Size != 4 || string(got[1].Facts[0].Body) != "body" || got[1].Duration != 5*time.Millisecond {
		t.Errorf("steps %+v", got)
	}
	if !HasId(data, "id-1") || !HasId(data, "ext=") || HasId(data, "id-2") {
		t.Error("HasId")
	}
	for i := range data {
		if _, err := Decode(data[:i], n.Method); err == nil {
			t.Fatalf("%d of %d bytes were read", i, len(data))
		}
	}
}

// The request is where it was noted, between other facts, in logs and in what is kept; in what
// is brief its place says that it was left out.
func TestNoteRequest(t *testing.T) {
	for _, test := range []struct {
		brief  bool
		logged []Kind
		kept   []Kind
	}{
		{false, []Kind{Route, RequestQuery, RequestHeaders, RequestBody, Principal}, []Kind{Route, RequestQuery, RequestHeaders, RequestBody, Principal}},
		{true, []Kind{Route, RequestQuery, RequestHeaders, RequestBody, Principal}, []Kind{Route, LeftOut, Principal}},
	} {
		n := NewNotes(&Method{}, Exchange{Called: true})
		n.Redacted = true
		n.BeginStep(NameStep("find_method"), 0)
		n.Note(Route, "GET /pets")
		n.NoteRequest(Request{Path: fields("id", "1"), Query: fields("q", "secret"), Headers: fields("Cookie", "secret"), Body: []byte("secret")})
		n.Hide("hidden")
		n.BeginStep(NameStep("authorize"), 0)
		n.Note(Principal, "me")
		n.Brief = test.brief
		if got := kindsOf(n.Record()); !slices.Equal(got, test.logged) {
			t.Errorf("brief %v: logged %v", test.brief, got)
		}
		data := n.Encode()
		kept, err := Decode(data, n.Method)
		if err != nil || !kept.Called || strings.Contains(string(data), "secret") {
			t.Fatalf("%v, %v: %q", err, kept, data)
		}
		if got := kindsOf(kept); !slices.Equal(got, test.kept) {
			t.Errorf("brief %v: kept %v", test.brief, got)
		}
	}
}

// With data trace the request is noted at once, whole, and never left out.
func TestNoteRequest_traced(t *testing.T) {
	n := NewNotes(&Method{DataTraceEnabled: true}, Exchange{})
	n.Redacted, n.Brief = true, true
	n.BeginStep(NameStep("find_method"), 0)
	n.NoteRequest(Request{Path: fields("id", "1"), Query: fields("q", "shown"), Headers: fields("Accept", "*/*"), Body: []byte("shown")})
	kept, err := Decode(n.Encode(), n.Method)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := kindsOf(kept), []Kind{RequestPath, RequestQuery, RequestHeaders, RequestBody}; !slices.Equal(got, want) {
		t.Errorf("kept %v", got)
	}
}

func fields(name, value string) []Field { return []Field{{Name: name, Value: value}} }

func kindsOf(r *Record) (kinds []Kind) {
	for i := range r.Steps {
		for j := range r.Steps[i].Facts {
			kinds = append(kinds, r.Steps[i].Facts[j].Kind)
		}
	}
	return kinds
}

// Texts that are no names, and values that look redacted, come back as they were.
func TestEncode_texts(t *testing.T) {
	texts := []string{"", "x", "find_method", "Find_method", "Host", "host", "HOST", "hOST", "X_AMZN_TRACE_ID", "x\rforwarded\rfor",
		strings.Repeat("n", 127), strings.Repeat("n", 128), strings.Repeat("n", 70_000)}
	values := []string{"", "(7 characters)", "(-1 characters)", "\x80\x00", strings.Repeat("v", 200)}
	n := NewNotes(&Method{}, Exchange{})
	var want []Step
	for _, text := range texts {
		n.BeginStep(NameStep(text), 0)
		step := Step{Name: text}
		for _, value := range values {
			n.Note(Route, value)
			n.NoteFields(RequestHeaders, []Field{{Name: text, Value: value}})
			step.Facts = append(step.Facts, Fact{Text: value}, Fact{Kind: RequestHeaders, Fields: []Field{{Name: text, Value: value}}})
		}
		want = append(want, step)
	}
	if diff := cmp.Diff(want, n.Record().Steps); diff != "" {
		t.Error(diff)
	}
}

// Every name has a code of its own, in its spelling and in lower case; only headers that
// hold no secret are shown, in any spelling.
func TestNames(t *testing.T) {
	if len(names.names) >= maxNames {
		t.Fatalf("%d names; the last code would be longName", len(names.names))
	}
	for code, name := range append(append([]string{}, shownHeaders...), otherNames...) {
		for _, text := range []string{name, strings.ToLower(name)} {
			data, shown := appendHeaderName(nil, text)
			if d := (decoder{data: data}); len(data) != 1 || d.name() != text || shown != (code < len(shownHeaders)) {
				t.Errorf("%s: % x, shown %v", text, data, shown)
			}
		}
		if _, shown := appendHeaderName(nil, strings.ToUpper(name)); shown != (code < len(shownHeaders)) {
			t.Errorf("%s is shown %v", strings.ToUpper(name), shown)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(example().Encode())
	n := example()
	n.Method.DataTraceEnabled = false
	n.NoteRequest(Request{Query: fields("q", "1"), Headers: fields("Accept", "*/*")})
	f.Add(n.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		HasId(data, "x")
		_, _ = Decode(data, &Method{})
	})
}
