package openapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/fixture"
)

// Each fixture: how we know; a definition; perhaps its basepath; and what is read of it.
func TestReadRest(t *testing.T) {
	fixture.Each(t, "testdata/rest/*.txtar", testReadRest)
}

func testReadRest(t *testing.T, archive *fixture.Archive) {
	definition, err := ReadRest([]byte(archive.Text("definition")), restOptions(strings.TrimSpace(archive.Text("basepath"))))
	got := ""
	if err != nil {
		got = "error: " + err.Error() + "\n"
	} else {
		got = describeRest(t, definition)
	}
	archive.Check(t, update, fixture.Section{Name: "read", Text: got})
}

func restOptions(basepath string) RestOptions {
	return RestOptions{
		Options:  Options{Basepath: basepath, Account: "111122223333", Region: "eu-west-1"},
		ModelUrl: "https://apigateway.amazonaws.com/restapis/a1b2c3/models/",
	}
}

// describeRest writes what a definition says, a line for each part, without what is empty.
func describeRest(t *testing.T, d *RestDefinition) string {
	t.Helper()
	var b strings.Builder
	line := func(what string, value any) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var members any
		if err := json.Unmarshal(text, &members); err != nil {
			t.Fatal(err)
		}
		text, _ = json.Marshal(withoutEmpty(members))
		b.WriteString(what + " " + string(text) + "\n")
	}
	line("api", d.RestApi)
	if d.DisableExecuteApiEndpoint != nil {
		line("disableExecuteApiEndpoint", *d.DisableExecuteApiEndpoint)
	}
	each(d.Models, func(v any) { line("model", v) })
	each(d.RequestValidators, func(v any) { line("validator", v) })
	each(d.Authorizers, func(v any) { line("authorizer", v) })
	each(d.GatewayResponses, func(v any) { line("gateway response", v) })
	line("paths", d.Paths)
	each(d.Methods, func(v any) { line("method", v) })
	each(d.DocumentationParts, func(v any) { line("documentation", v) })
	for _, text := range d.Warnings {
		b.WriteString("warning: " + text + "\n")
	}
	return b.String()
}

func each[T any](list []T, visit func(any)) {
	for _, item := range list {
		visit(item)
	}
}

// withoutEmpty leaves out members that are empty. That a parameter is not required stays.
func withoutEmpty(value any) any {
	members, ok := value.(map[string]any)
	if !ok {
		return value
	}
	for name, member := range members {
		member = withoutEmpty(member)
		if object, ok := member.(map[string]any); ok && len(object) == 0 {
			member = nil
		}
		if member == nil || member == "" || member == 0.0 || member == "0001-01-01T00:00:00Z" || member == false && !strings.HasPrefix(name, "method.") {
			delete(members, name)
			continue
		}
		members[name] = member
	}
	return members
}

// A document has 6 MB at most, and a client may fill them with members of one object.
func TestReadRest_manyPaths(t *testing.T) {
	const paths, limit = 60_000, 30 * time.Second
	var b strings.Builder
	b.WriteString(`{"swagger":"2.0","info":{"title":"t"},"paths":{`)
	for i := range paths {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"/%d":{"get":{"description":"d"}}`, i)
	}
	b.WriteString("}}")
	begun := time.Now()
	definition, err := ReadRest([]byte(b.String()), restOptions(""))
	if err != nil || len(definition.Methods) != paths || len(definition.DocumentationParts) != paths {
		t.Fatalf("%v", err)
	}
	if took := time.Since(begun); took > limit {
		t.Errorf("it takes %v", took)
	}
}

func TestListed(t *testing.T) {
	if got := Listed(make([]string, 103)); !strings.HasSuffix(got, "\n\tand 3 more") {
		t.Errorf("%q", got)
	}
	if got := Listed([]string{"a", "b"}); got != "a\n\tb" {
		t.Errorf("%q", got)
	}
}
