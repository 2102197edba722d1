package blame_test

import (
	"strings"
	"testing"

	"gatehouse/internal/mapping"
	"gatehouse/internal/mapping/blame"
	"gatehouse/internal/value"
)

func rendering(template, payload string) blame.Rendering {
	return blame.Rendering{Template: template, Input: func() *mapping.Input {
		body := mapping.NewPayload([]byte(payload))
		return &mapping.Input{Payload: &body, Context: mapping.ContextOf(value.NewMap(0)), Querystring: mapping.Values{{Name: "Limit", Value: "secret"}}}
	}}
}

func rendered(t *testing.T, r blame.Rendering) []byte {
	t.Helper()
	compiled, err := mapping.Compile("t", r.Template)
	if err != nil {
		t.Fatal(err)
	}
	output, err := compiled.Render(r.Input(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

const payload = `{"name": "Dana secret", "note": "say \"secret\"", "it": "it's secret", "end": "secret\\", "pets": [{"kind": "secret"}], "n": 1, "o": {"inner": "secret"}, "nil": null}`

// How we know: what each template renders is package mapping's, held by its vectors; what
// is said of it is this project's own.
var cases = []struct {
	name, template string
	line, column   int
	excerpt        string
	source, reason string
	nearest        string
	mended         string
}{
	{
		"missing key", "{\n  \"name\": $input.path('$.nme'), \"n\": 1}", 2, 11, `"name": , "n": 1}`,
		"$input.path('$.nme')", `it gives nothing: the payload has no key "nme" (there: end, it, n, name, nil, note, o, pets)`, `did you mean "name"?`,
		"{\n  \"name\": $input.json('$.name'), \"n\": 1}",
	},
	{
		"missing key without a like", `{"name": $input.path('$.o.zzz')}`, 1, 10, `{"name": }`,
		"$input.path('$.o.zzz')", `it gives nothing: the payload has no key "zzz" at $.o (there: inner)`, "",
		`{"name": $input.json('$.o.zzz')}`,
	},
	{
		"null", `{"name": $input.path('$.nil')}`, 1, 10, `{"name": }`, "$input.path('$.nil')", "it gives nothing: what is there is null", "",
		`{"name": $input.json('$.nil')}`,
	},
	{
		"through a variable", `#set($root = $input.path('$')){"name": $root.nme}`, 1, 10, `{"name": }`,
		"$root.nme", `it gives nothing, being $.nme of the payload: the payload has no key "nme" (there: end, it, n, name, nil, note, o, pets)`, `did you mean "name"?`,
		`#set($root = $input.path('$')){"name": $input.json('$.name')}`,
	},
	{
		"in a loop", `[#foreach($p in $input.path('$.pets')){"k": $p.knd}#if($foreach.hasNext),#end#end]`, 1, 8, `[{"k": }]`,
		"$p.knd", `it gives nothing, being $.pets[0].knd of the payload: the payload has no key "knd" at $.pets[0] (there: kind)`, `did you mean "kind"?`,
		`[#foreach($p in $input.path('$.pets')){"k": "$util.escapeJavaScript($p.kind).replaceAll("\\'", "'")"}#if($foreach.hasNext),#end#end]`,
	},
	{
		"quotes in quotes", `{"note": "$input.path('$.note')"}`, 1, 16, `{"note": "…"}`,
		"$input.path('$.note')", `it puts text between quotes as it is, and in the text there is a quote "`, "", `{"note": $input.json('$.note')}`,
	},
	{
		"quotes in a longer text", `{"note": "He said: $input.path('$.note')"}`, 1, 25, `{"note": "He said: …"}`,
		"$input.path('$.note')", `it puts text between quotes as it is, and in the text there is a quote "`, "",
		`{"note": "He said: $util.escapeJavaScript($input.path('$.note')).replaceAll("\\'", "'")"}`,
	},
	{
		"backslash at the end", `{"end": "$input.path('$.end')", "n": 1}`, 1, 21, `{"end": "…", "n": 1}`,
		"$input.path('$.end')", "it puts text between quotes as it is, and in the text there is a backslash", "", `{"end": $input.json('$.end'), "n": 1}`,
	},
	{
		"no quotes", `{"name": $input.path('$.name')}`, 1, 10, `{"name": …}`, "$input.path('$.name')", "it puts text in without quotes around it", "",
		`{"name": $input.json('$.name')}`,
	},
	{
		"apostrophe", `{"it": "$util.escapeJavaScript($input.path('$.it'))"}`, 1, 12, `{"it": "…"}`, "$util.escapeJavaScript($input.path('$.it'))",
		`it prints \' for an apostrophe, as JavaScript has it; JSON has no such escape`, "",
		`{"it": "$util.escapeJavaScript($input.path('$.it')).replaceAll("\\'", "'")"}`,
	},
	{
		"the body in quotes", `{"body": "$input.body"}`, 1, 13, `{"body": "…"}`, "$input.body", "it prints a map or a list as Velocity does, {a=b}, and not as JSON", "",
		`{"body": "$util.escapeJavaScript($input.body).replaceAll("\\'", "'")"}`,
	},
	{
		"as Velocity prints it", `{"o": $input.path('$.o')}`, 1, 8, `{"o": …}`, "$input.path('$.o')",
		"it prints a map or a list as Velocity does, {a=b}, and not as JSON", "", `{"o": $input.json('$.o')}`,
	},
	{
		"comma of a loop", `[#foreach($p in $input.path('$.pets'))1,#end]`, 1, 4, "[1,]", "", `there is a comma too many before "]"`, "",
		`[#foreach($p in $input.path('$.pets'))1#if($foreach.hasNext),#end#end]`,
	},
	{
		"parameter", `{"limit": $input.params('limit')}`, 1, 11, `{"limit": }`, "$input.params('limit')",
		`it gives nothing: the request has no parameter "limit" in its path, query string or headers`, `did you mean "Limit"? Names are compared letter by letter`,
		`{"limit": "$util.escapeJavaScript($input.params('Limit')).replaceAll("\\'", "'")"}`,
	},
	{
		"behind a good reference", `{"note": $input.json('$.note'), "age": }`, 1, 35, `{"note": …, "age": }`, "", "the template's own text is not JSON there", "", "",
	},
	{"own text", `{"a": 1`, 1, 8, `{"a": 1`, "", "the text ends too early: a quote or a bracket is not closed", "", ""},
	{"single quotes", `{'a': 1}`, 1, 2, `{'a': 1}`, "", "the template's own text is not JSON there", "", ""},
}

func TestExplain(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := rendering(c.template, payload)
			b, ok := blame.Explain(r, rendered(t, r))
			if !ok {
				t.Fatalf("JSON: %s", rendered(t, r))
			}
			if b.Line != c.line || b.Column != c.column || b.Excerpt != c.excerpt || b.Source != c.source || b.Reason != c.reason || b.Nearest != c.nearest {
				t.Errorf("got %+v", *b)
			}
			mended := ""
			if b.Mend != nil {
				again, ok := blame.ParseMend(b.Mend.String())
				if !ok || *again != *b.Mend {
					t.Errorf("%s is read as %+v", b.Mend, again)
				}
				mended, _ = b.Mend.Apply(c.template)
			}
			if mended != c.mended {
				t.Errorf("mended to %s", mended)
			}
			if strings.Contains(b.Excerpt+b.Reason+b.Nearest, "secret") {
				t.Error("a value is shown")
			}
		})
	}
}

func TestExplain_json(t *testing.T) {
	r := rendering(`{"name": $input.json('$.nme')}`, payload)
	if b, ok := blame.Explain(r, rendered(t, r)); ok {
		t.Errorf("got %+v", *b)
	}
}

// FuzzExplain: nothing that a template or a payload has may end in a panic, and a mend
// always gives JSON.
func FuzzExplain(f *testing.F) {
	for _, c := range cases {
		f.Add(c.template, payload)
	}
	f.Fuzz(func(t *testing.T, template, payload string) {
		r := rendering(template, payload)
		compiled, err := mapping.Compile("t", template)
		if err != nil {
			return
		}
		output, err := compiled.Render(r.Input(), nil)
		if err != nil {
			return
		}
		b, ok := blame.Explain(r, output)
		if !ok || b.Mend == nil {
			return
		}
		mended, ok := b.Mend.Apply(template)
		again := rendering(mended, payload)
		if !ok || blame.SyntaxError(rendered(t, again)) >= 0 {
			t.Errorf("%q mended to %q", template, mended)
		}
	})
}
