package mapping_test

import (
	"encoding/json"
	"os"
	"testing"

	"gatehouse/internal/mapping"
	"gatehouse/internal/value"
)

// benchmark is one of the four templates of testdata/bench.
type benchmark struct {
	template *mapping.Template
	want     string
	body     []byte
	input    mapping.Input
}

func loadBenchmark(tb testing.TB, name string) *benchmark {
	tb.Helper()
	read := func(suffix string) string {
		text, err := os.ReadFile("testdata/bench/" + name + suffix)
		if err != nil {
			tb.Fatal(err)
		}
		return string(text)
	}
	template, err := mapping.Compile(name, read(".vtl"))
	if err != nil {
		tb.Fatal(err)
	}
	var in struct {
		Body    string
		Params  struct{ Path, Querystring, Header json.RawMessage }
		Context json.RawMessage
		Vars    json.RawMessage `json:"stageVariables"`
	}
	if err := json.Unmarshal([]byte(read(".json")), &in); err != nil {
		tb.Fatal(err)
	}
	b := &benchmark{template: template, want: read(".expected"), body: []byte(in.Body)}
	b.input = mapping.Input{
		Path: ordered(tb, in.Params.Path), Querystring: ordered(tb, in.Params.Querystring), Header: ordered(tb, in.Params.Header),
		StageVariables: ordered(tb, in.Vars),
	}
	names, variables := flatten("", parse(tb, in.Context).Map(), nil, fixed{})
	b.input.Context = mapping.NewContextNames(names).NewContext(variables)
	return b
}

// fixed are context variables with fixed values.
type fixed map[string]value.Value

func (f fixed) ContextVariable(name string) (value.Value, bool) { v, ok := f[name]; return v, ok }

func parse(tb testing.TB, text json.RawMessage) value.Value {
	tb.Helper()
	if len(text) == 0 {
		text = []byte("{}")
	}
	v, err := value.ReadStrict(nil, string(text))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func ordered(tb testing.TB, text json.RawMessage) mapping.Values {
	tb.Helper()
	var list mapping.Values
	for _, e := range parse(tb, text).Map().Entries() {
		list = append(list, mapping.Value{Name: e.Key.Str(), Value: e.Val.Str()})
	}
	return list
}

func flatten(prefix string, m *value.Map, names []string, variables fixed) ([]string, fixed) {
	for _, e := range m.Entries() {
		name := prefix + e.Key.Str()
		if e.Val.Map() != nil {
			names, variables = flatten(name+".", e.Val.Map(), names, variables)
			continue
		}
		names = append(names, name)
		variables[name] = e.Val
	}
	return names, variables
}

// render renders once, as a request does: the payload is parsed anew.
func (b *benchmark) render(tb testing.TB, dst []byte, context *mapping.Context) []byte {
	tb.Helper()
	payload := mapping.NewPayload(b.body)
	in := b.input
	in.Payload = &payload
	in.Context = context
	out, err := b.template.Render(&in, dst)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

var benchmarks = []string{"small", "mapping", "passthrough", "escaping"}

func TestBenchmarks_output(t *testing.T) {
	for _, name := range benchmarks {
		b := loadBenchmark(t, name)
		if got := string(b.render(t, nil, b.input.Context)); got != b.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, b.want)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	for _, name := range benchmarks {
		b.Run(name, func(b *testing.B) {
			m := loadBenchmark(b, name)
			names, variables := flatten("", contextOf(b, name), nil, fixed{})
			contexts := mapping.NewContextNames(names)
			var out []byte
			b.ReportAllocs()
			for b.Loop() {
				context := contexts.NewContext(variables)
				out = m.render(b, out[:0], context)
				context.Release()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "renders/s")
		})
	}
}

func contextOf(tb testing.TB, name string) *value.Map {
	tb.Helper()
	text, err := os.ReadFile("testdata/bench/" + name + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	context, _ := parse(tb, text).Map().GetString("context")
	return context.Map()
}
