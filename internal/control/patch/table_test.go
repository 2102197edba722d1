package patch

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type noun struct {
	Description string
	Enabled     bool
	Limit       int32
	Rate        float64
	Variables   map[string]string
	Parameters  map[string]bool
	Types       []string
	Setting     string
}

func variables(n *noun) *map[string]string { return &n.Variables }
func parameters(n *noun) *map[string]bool  { return &n.Parameters }
func mediaTypes(n *noun) *[]string         { return &n.Types }

func table() Table[noun] {
	return Table[noun]{
		{Path: "/description", Replace: String(func(n *noun) *string { return &n.Description })},
		{Path: "/enabled", Replace: Bool(func(n *noun) *bool { return &n.Enabled })},
		{Path: "/limit", Replace: Int32(func(n *noun) *int32 { return &n.Limit })},
		{Path: "/rate", Replace: Float64(func(n *noun) *float64 { return &n.Rate })},
		{Path: "/variables/{name}", Add: SetEntry(variables, "name"), Replace: SetEntry(variables, "name"), Remove: RemoveEntry(variables, "name")},
		{Path: "/parameters/{name}", Add: SetBoolEntry(parameters, "name"), Remove: RemoveEntry(parameters, "name")},
		{Path: "/types/{type}", Add: AddItem(mediaTypes, "type"), Replace: ReplaceItem(mediaTypes, "type"), Remove: RemoveItem(mediaTypes, "type")},
		{Path: "/copied", From: "/description", Copy: func(n *noun, _ Operation) error { n.Setting = n.Description; return nil }},
		{Path: "/{path...}/{method}/on", Replace: func(n *noun, o Operation) error {
			n.Setting = o.RawName("path") + " " + o.Name("method")
			return nil
		}},
	}
}

// Source: AWS command line's examples (update-integration, update-stage), guide
// rest-api-disable-default-endpoint.md for 'True'; the rest is ours.
func TestApply(t *testing.T) {
	for _, row := range []struct {
		op, path, value, from string
		want                  noun
	}{
		{"replace", "/description", "new", "", noun{Description: "new"}},
		{"replace", "description", "new", "", noun{Description: "new"}},
		{"replace", "/enabled", "True", "", noun{Enabled: true}},
		{"replace", "/limit", "-1", "", noun{Limit: -1}},
		{"replace", "/rate", "-1.000000", "", noun{Rate: -1}},
		{"add", "/variables/a~1b~01", "x", "", noun{Variables: map[string]string{"a/b~1": "x"}}},
		{"remove", "/variables/a", "", "", noun{Variables: map[string]string{}}},
		{"add", "/parameters/method.request.header.X", "true", "", noun{Parameters: map[string]bool{"method.request.header.X": true}}},
		{"add", "/types/image~1png", "", "", noun{Types: []string{"image/png"}}},
		{"copy", "/copied", "", "/description", noun{}},
		{"replace", "/~1pets~1{id}/GET/on", "", "", noun{Setting: "~1pets~1{id} GET"}},
		{"replace", "/pets/{id}/GET/on", "", "", noun{Setting: "pets/{id} GET"}},
		{"replace", "/*/*/on", "", "", noun{Setting: "* *"}},
	} {
		var got noun
		err := table().Apply(&got, []Operation{{Op: row.op, Path: row.path, Value: row.value, From: row.from}})
		if err != nil {
			t.Errorf("%s %s: %v", row.op, row.path, err)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", row.op, row.path, diff)
		}
	}
}

// Source: the text of an invalid path is observed (public reports); others unconfirmed.
func TestApplyRefuses(t *testing.T) {
	for _, row := range []struct{ op, path, value, from, want string }{
		{"replace", "/x", "", "", "Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/description, /enabled, /limit, /rate, /variables/{name}, /types/{type}, /{path}/{method}/on]"},
		{"add", "/description", "", "", "Invalid patch path  '/description' specified for op 'add'. Must be one of: [/variables/{name}, /parameters/{name}, /types/{type}]"},
		{"replace", "/variables/", "", "", "Invalid patch path  '/variables/'"},
		{"replace", "//GET/on", "", "", "Invalid patch path  '//GET/on'"},
		{"replace", "/a//b/GET/on", "", "", "Invalid patch path  '/a//b/GET/on'"},
		{"replace", "/enabled", "yes", "", "Invalid patch value 'yes'"},
		{"replace", "/limit", "1.5", "", "Invalid patch value '1.5'"},
		{"replace", "/rate", "Inf", "", "Invalid patch value 'Inf'"},
		{"replace", "/types/a", "b", "", "Invalid patch value 'b'"},
		{"copy", "/copied", "", "/limit", "Invalid patch from '/limit'"},
		{"test", "/description", "", "", "Invalid patch operation specified."},
		{"", "/description", "", "", "Invalid patch operation specified."},
	} {
		var target noun
		err := table().Apply(&target, []Operation{{Op: row.op, Path: row.path, Value: row.value, From: row.from}})
		var refused *Error
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Message, row.want) {
			t.Errorf("%s %s: %v, want %q", row.op, row.path, err, row.want)
		}
	}
}

// A change must not reach the record the target was copied from.
func TestApplyCopies(t *testing.T) {
	before := noun{Variables: map[string]string{"a": "1"}, Types: []string{"x", "y"}}
	after := before
	err := table().Apply(&after, []Operation{
		{Op: "replace", Path: "/variables/a", Value: "2"}, {Op: "remove", Path: "/types/x"}, {Op: "replace", Path: "/types/y", Value: "z"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(noun{Variables: map[string]string{"a": "1"}, Types: []string{"x", "y"}}, before); diff != "" {
		t.Errorf("the original changed:\n%s", diff)
	}
	if diff := cmp.Diff(noun{Variables: map[string]string{"a": "2"}, Types: []string{"z"}}, after); diff != "" {
		t.Error(diff)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("/{path...}/{method}/on", "/a/b/GET/on")
	f.Add("/variables/{name}", "/variables/a~1b")
	f.Fuzz(func(t *testing.T, pattern, path string) {
		names, ok := match(pattern, path)
		for name, text := range names {
			if ok && text == "" {
				t.Errorf("%q against %q: {%s} is empty", pattern, path, name)
			}
		}
	})
}
