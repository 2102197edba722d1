package openapi

import (
	"encoding/json"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/fixture"
)

var update = flag.Bool("update", false, "write what the fixtures give")

// Each fixture: how we know; a definition; perhaps its basepath; and what is read of it.
func TestRead(t *testing.T) {
	fixture.Each(t, "testdata/*.txtar", testRead)
}

func testRead(t *testing.T, archive *fixture.Archive) {
	definition, err := Read([]byte(archive.Text("definition")), Options{Basepath: strings.TrimSpace(archive.Text("basepath")), Account: "111122223333", Region: "eu-west-1"})
	got := "error: "
	if err != nil {
		got += err.Error() + "\n"
	} else {
		got = describe(t, definition)
		checkRoundTrip(t, definition)
	}
	archive.Check(t, update, fixture.Section{Name: "read", Text: got})
}

// describe writes what a definition says, without what is empty.
func describe(t *testing.T, d *Definition) string {
	t.Helper()
	var b strings.Builder
	line := func(what string, value any) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]any
		if json.Unmarshal(text, &members) == nil {
			for name, member := range members {
				if member == nil || member == "" || member == false || member == 0.0 || member == "0001-01-01T00:00:00Z" {
					delete(members, name)
				}
			}
			text, _ = json.Marshal(members)
		}
		b.WriteString(what + " " + string(text) + "\n")
	}
	line("api", d.Api)
	for _, integration := range d.Integrations {
		line("integration", integration)
	}
	for _, authorizer := range d.Authorizers {
		line("authorizer", authorizer)
	}
	for _, route := range d.Routes {
		line("route", route)
	}
	for _, text := range d.Info {
		b.WriteString("info: " + text + "\n")
	}
	for _, text := range d.Warnings {
		b.WriteString("warning: " + text + "\n")
	}
	return b.String()
}

// snapshotOf gives a definition ids, as the control plane does.
func snapshotOf(d *Definition) apigwv2.Snapshot {
	snapshot := apigwv2.Snapshot{Api: d.Api}
	for i, integration := range d.Integrations {
		integration.IntegrationId = "i" + string(rune('a'+i%26))
		snapshot.Integrations = append(snapshot.Integrations, integration.Integration)
	}
	for i, authorizer := range d.Authorizers {
		authorizer.AuthorizerId = "a" + string(rune('a'+i%26))
		snapshot.Authorizers = append(snapshot.Authorizers, authorizer)
	}
	for _, route := range d.Routes {
		if route.IntegrationIndex >= 0 {
			route.Target = apigwv2.TargetOf(snapshot.Integrations[route.IntegrationIndex].IntegrationId)
		}
		if route.AuthorizerIndex >= 0 {
			route.AuthorizerId = snapshot.Authorizers[route.AuthorizerIndex].AuthorizerId
		}
		snapshot.Routes = append(snapshot.Routes, route.Route)
	}
	return snapshot
}

// What is written, in either format, reads as the same, and writes as the same again.
func checkRoundTrip(t *testing.T, d *Definition) {
	t.Helper()
	for _, format := range []string{FormatJSON, FormatYAML} {
		e := Export{Snapshot: snapshotOf(d), ServerUrl: "https://a.example", Format: format}
		first, err := Write(e)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(first, Options{})
		if err != nil {
			t.Fatalf("reading what was written: %v\n%s", err, first)
		}
		if len(again.Routes) != len(d.Routes) {
			t.Errorf("%d routes became %d", len(d.Routes), len(again.Routes))
		}
		if diff := cmp.Diff(d.Api, again.Api); diff != "" && d.Api.Version != "" {
			t.Errorf("%s: the API (-want +got):\n%s", format, diff)
		}
		e.Snapshot = snapshotOf(again)
		second, err := Write(e)
		if err != nil {
			t.Fatal(err)
		}
		third, err := Read(second, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(again, third); diff != "" {
			t.Errorf("%s: reading what was written (-first +second):\n%s", format, diff)
		}
	}
}

// Source: http-api-export.md (no extensions on request).
func TestWrite_withoutExtensions(t *testing.T) {
	document, err := Write(Export{
		Snapshot: apigwv2.Snapshot{
			Api: apigwv2.Api{Name: "n", Version: "1", Tags: map[string]string{"a": "b"}, CorsConfiguration: &apigwv2.Cors{AllowOrigins: []string{"*"}}},
			Routes: []apigwv2.Route{
				{RouteKey: "GET /pets/{id}", Target: "integrations/i", AuthorizationType: "AWS_IAM"},
				{RouteKey: "ANY /x", Target: "integrations/i"}, {RouteKey: "$default"},
			},
			Integrations: []apigwv2.Integration{{IntegrationId: "i", IntegrationType: "HTTP_PROXY", IntegrationUri: "http://b"}},
		},
		ServerUrl: "https://a.example", StageName: "prod", Format: FormatYAML, WithoutExtensions: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `openapi: 3.0.1
info:
    title: n
    version: "1"
servers:
    - url: https://a.example/{basePath}
      variables:
        basePath:
            default: prod
paths:
    /pets/{id}:
        get:
            parameters:
                - name: id
                  in: path
                  required: true
                  schema:
                    type: string
            responses:
                default:
                    description: Default response for GET /pets/{id}
            security:
                - sigv4: []
components:
    securitySchemes:
        sigv4:
            type: apiKey
            name: Authorization
            in: header
`
	if diff := cmp.Diff(want, string(document)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(string(document), "x-amazon") {
		t.Error("an extension is left")
	}
}

// No text makes Read fail otherwise than with an *Error, and what it reads can be
// written and read again.
func FuzzRead(f *testing.F) {
	for _, archive := range fixture.All(f, "testdata/*.txtar") {
		f.Add(archive.Text("definition"))
	}
	f.Add("openapi: 3.0.1\ninfo: {title: &a [*a]}\npaths: {}\n")
	f.Fuzz(func(t *testing.T, document string) {
		definition, err := Read([]byte(document), Options{Basepath: BasepathSplit})
		if err != nil {
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, format := range []string{FormatJSON, FormatYAML} {
			written, err := Write(Export{Snapshot: snapshotOf(definition), Format: format})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parse(written); err != nil {
				t.Fatalf("%v of\n%s", err, written)
			}
		}
	})
}
