package wire_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/fixture"
	"gatehouse/internal/wire"
	"gatehouse/internal/wire/scalar"
)

var update = flag.Bool("update", false, "rewrite the input and response of every fixture")

// Every fixture sends one request to a server of all services. Sections: request; output (what
// the operation answers, as JSON by member name) or error (its type, a space, its message); input
// (what the operation received) and response, which -update rewrites.
func TestFixtures(t *testing.T) {
	fixture.Each(t, "testdata/*.txtar", runFixture)
}

func runFixture(t *testing.T, archive *fixture.Archive) {
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(requestText(archive.Text("request")))))
	if err != nil {
		t.Fatal(err)
	}
	var stub everything
	stub.output, stub.failure = archive.Text("output"), strings.TrimSpace(archive.Text("error"))
	recorder := httptest.NewRecorder()
	stub.server(t).ServeHTTP(recorder, r)
	archive.Check(t, update, fixture.Section{Name: "input", Text: stub.input}, fixture.Section{Name: "response", Text: responseText(recorder)})
}

// requestText makes HTTP of a fixture's request: line ends and the length of the body.
func requestText(text string) string {
	head, body, _ := strings.Cut(text, "\n\n")
	body = strings.TrimSuffix(body, "\n")
	head = strings.TrimSpace(head)
	if !strings.Contains(head, "\nHost: ") {
		head += "\nHost: 127.0.0.1:4566"
	}
	head += fmt.Sprintf("\nContent-Length: %d", len(body))
	return strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
}

func responseText(recorder *httptest.ResponseRecorder) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d\n", recorder.Code)
	var names []string
	for name := range recorder.Header() {
		if name != "Content-Length" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(&out, "%s: %s\n", name, strings.Join(recorder.Header()[name], ", "))
	}
	if body := recorder.Body.String(); body != "" {
		out.WriteString("\n" + strings.TrimSuffix(body, "\n") + "\n")
	}
	return out.String()
}

// everything is a stub behind all services at once.
type everything struct {
	input           string
	output, failure string
}

func (e *everything) server(t *testing.T) *wire.Server {
	t.Helper()
	var services []wire.Service
	for _, c := range clients() {
		var s stub
		service := s.replace(c.schema)
		for i := range service.Operations {
			e.capture(t, service, &service.Operations[i])
		}
		services = append(services, wire.Service{Schema: service, Implementation: c.implementation})
	}
	server, err := wire.New(wire.Options{
		Services:      services,
		Authenticator: wire.DeveloperAuthenticator{DefaultAccount: "000000000000", DefaultRegion: "us-east-1"},
		NewRequestID:  func() string { return "11111111-2222-3333-4444-555555555555" },
		Logger:        slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// capture makes an operation note its input and answer what the fixture says.
func (e *everything) capture(t *testing.T, service *schema.Service, operation *schema.Operation) {
	if !operation.Typed() {
		return
	}
	inner := operation.Handler.Call
	operation.Handler.Call = func(ctx context.Context, implementation, input any) (any, error) {
		if _, err := inner(ctx, implementation, input); err != nil {
			return nil, err
		}
		e.input = operation.Name + " " + dump(t, reflect.ValueOf(input).Elem(), operation.Input)
		if e.failure != "" {
			return nil, e.exception(t, service)
		}
		output := reflect.New(operation.Handler.OutputType)
		if e.output != "" {
			fill(t, output.Elem(), operation.Output, parseTree(t, operation.Output, e.output))
		}
		return output.Interface(), nil
	}
}

func (e *everything) exception(t *testing.T, service *schema.Service) error {
	t.Helper()
	name, text, _ := strings.Cut(e.failure, " ")
	if name == "plain" {
		return fmt.Errorf("reading the store: %s", text)
	}
	if name == "panic" {
		panic(text)
	}
	shape := service.Shape(name)
	if shape == nil || shape.Exception == nil {
		t.Fatalf("%s has no error %s", service.Name, name)
	}
	exception := reflect.New(shape.Type)
	if strings.HasPrefix(text, "{") {
		fill(t, exception.Elem(), shape, parseTree(t, shape, text))
	} else {
		exception.Elem().FieldByName("Message").SetString(text)
	}
	return exception.Interface().(awsapi.Error)
}

// parseTree reads JSON by member names into the tree that fill takes.
func parseTree(t *testing.T, shape *schema.Shape, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("fixture's JSON: %v", err)
	}
	return typed(t, shape, value)
}

func typed(t *testing.T, shape *schema.Shape, value any) any {
	t.Helper()
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			v[name] = typed(t, below(t, shape, name), v[name])
		}
	case []any:
		for i := range v {
			v[i] = typed(t, shape.Element.Target(), v[i])
		}
	case json.Number:
		if shape.Kind == schema.Double {
			number, _ := v.Float64()
			return number
		}
		number, _ := v.Int64()
		return number
	case string:
		if shape.Kind == schema.Timestamp {
			at, err := time.Parse(time.RFC3339Nano, v)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		if shape.Kind == schema.Blob {
			return []byte(v)
		}
	}
	return value
}

func below(t *testing.T, shape *schema.Shape, name string) *schema.Shape {
	t.Helper()
	if shape.Kind == schema.Map {
		return shape.Value.Target()
	}
	for i := range shape.Members {
		if shape.Members[i].Name == name {
			return shape.Members[i].Target()
		}
	}
	t.Fatalf("%s has no member %s", shape.Name, name)
	return nil
}

// dump writes the present members of an input, one a line.
func dump(t *testing.T, v reflect.Value, shape *schema.Shape) string {
	t.Helper()
	var out strings.Builder
	out.WriteString("{\n")
	for i := range shape.Members {
		m := &shape.Members[i]
		value, present := scalar.Value(m.Field(v), m.Target())
		if !present {
			continue
		}
		if m.Target().Kind == schema.Blob {
			fmt.Fprintf(&out, "  %s: %q\n", m.Name, value.Bytes())
			continue
		}
		text, err := json.Marshal(value.Interface())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "  %s: %s\n", m.Name, text)
	}
	out.WriteString("}\n")
	return out.String()
}
