package jsonpath

import (
	"errors"
	"os"
	"strings"
	"testing"

	"gatehouse/internal/value"
)

// evaluate compiles a path and evaluates it on a document: as JSON (what is missing or null prints as ""), or "!" and the error.
func evaluate(document, path string) string {
	root, err := value.Read(nil, document)
	if err != nil {
		return "!" + err.Error()
	}
	p, err := Compile(path)
	if err != nil {
		return "!" + err.Error()
	}
	v, found, err := p.Eval(nil, root)
	switch {
	case err != nil:
		return "!" + err.Error()
	case !found:
		return "missing"
	default:
		return string(value.AppendJSON(nil, v))
	}
}

func TestPaths(t *testing.T) {
	text, err := os.ReadFile("testdata/paths.txt")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "\n\n")
	_, document, _ := strings.Cut(blocks[0], "\n")
	root, err := value.Read(nil, document)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks[1:] {
		row := strings.SplitN(strings.TrimSuffix(block, "\n"), "\n", 3)
		if len(row) != 3 {
			t.Fatalf("not three lines: %q", block)
		}
		if got := printPath(root, row[0], row[1]); got != row[2] {
			t.Errorf("%s %s\n got %s\nwant %s", row[0], row[1], got, row[2])
		}
	}
}

// printPath prints what a template would.
func printPath(root value.Value, how, path string) string {
	p, err := Compile(path)
	if err != nil {
		return "!error"
	}
	v, found, err := p.Eval(nil, root)
	if err != nil {
		return "!error"
	}
	if !found || v.IsNull() {
		v = value.OfString("")
	}
	if how == "json" {
		return string(value.AppendJSON(nil, v))
	}
	if v.String() == "" {
		return "!nothing"
	}
	return v.String()
}

type row struct{ path, want string }

func checkRows(t *testing.T, document string, rows []row) {
	t.Helper()
	for _, r := range rows {
		got := evaluate(document, r.path)
		if strings.HasPrefix(got, "!") && r.want == "!" {
			continue
		}
		if got != r.want {
			t.Errorf("%s\n got %s\nwant %s", r.path, got, r.want)
		}
	}
}

// Source: the rules of Jayway 2.9.0's path compiler; unconfirmed by a run.
func TestCompile_odd(t *testing.T) {
	checkRows(t, `{"a": {"b": [1, 2, 3]}, "x y": 1, "é": {"ü": 2}}`, []row{
		{"a.b[0]", "1"},
		{"$.a.b[0]x", "1"}, // one character behind a token is ignored
		{"$.a.b[0].", "!"},
		{"$.a..b", "[[1,2,3]]"},
		{"$...b", "!"},
		{" $.a", "!"},
		{"$.a.b[-4]", "missing"},
		{"$.a.b[-2:-1]", "[2]"},
		{"$.a.b[-2:3]", "[2,3,1,2,3]"},
		{"$.a.b[99999999999]", "!"},
		{"$.a.b[1,]", "2"},
		{"$.a.b[0,-1]", "[1,3]"},
		{"$.a.b[0 1]", "!"},
		{`$['x\u0020y']`, "1"},
		{"$.é.ü", "2"},
		{`$["a"]["b"][*]`, "[1,2,3]"},
		{"$['a',]", "!"},
		{"$[?]", "!"},
		{"$", `{"a":{"b":[1,2,3]},"x y":1,"é":{"ü":2}}`},
		{"@.a.b", "[1,2,3]"},
		{"", "!"},
	})
}

// Source: the rules of Jayway 2.9.0's filters; unconfirmed by a run except for the operators of testdata/paths.txt.
func TestFilters(t *testing.T) {
	const document = `{"max": 2, "l": [
		{"n": 1, "s": "one", "t": ["a"], "z": null},
		{"n": 2.0, "s": "Two", "t": ["a", "b"], "b": true},
		{"n": 30000000000, "s": "3", "t": []}]}`
	tests := []struct{ filter, want string }{
		{"@.n == 1", "[1]"},
		{"@.n == 1.0", "[1]"},
		{"@.n == 2", "[2.0]"},
		{"@.n != 2", "[1,30000000000]"},
		{"@.n >= 2", "[2.0,30000000000]"},
		{"@.n >= $.max", "[2.0,30000000000]"},
		{"@.n < 1e3 && @.n > 1", "[2.0]"},
		{"@.n<1e3&&@.n>1", "[2.0]"},
		{"@.s == 3", "[30000000000]"},
		{"3 == @.s", "[30000000000]"},
		{"@.s === 3", "[]"},
		{"@.s > 'Two'", "[1]"},
		{"@.s =~ /t.o/i", "[2.0]"},
		{"@.s =~ /t.o/", "[]"},
		{"@.s =~ /.*o.*/", "[1,2.0]"},
		{"@.s =~ /(?=o)one/", "[1]"},
		{"@.t =~ /b/", "[2.0]"},
		{"@.s in ['one', \"3\"]", "[1,30000000000]"},
		{"@.n in [1, 2]", "[1,2.0]"},
		{"@.x nin ['one']", "[1,2.0,30000000000]"},
		{"@.x in ['one']", "[]"},
		{"@.t contains 'b'", "[2.0]"},
		{"@.s contains 'o'", "[1,2.0]"},
		{"@.t size 2", "[2.0]"},
		{"@.s size 3", "[1,2.0]"},
		{"@.t empty true", "[30000000000]"},
		{"@.t empty false", "[1,2.0]"},
		{"@.t subsetof ['a']", "[1,30000000000]"},
		{"@.t anyof ['b', 'c']", "[2.0]"},
		{"@.t noneof ['b', 'c']", "[1,30000000000]"},
		{"@.t all ['a']", "[]"},
		{"@.t == ['a']", "[1]"},
		{"['a'] == @.t", "[]"},
		{"@.z", "[1]"},
		{"!@.z", "[2.0,30000000000]"},
		{"@.z == null", "[1]"},
		{"!(@.n == 1)", "[2.0,30000000000]"},
		{"!(@.n == 1) && !@.b", "[30000000000]"},
		{"@.b == true", "[2.0]"},
		{"@.b || @.n == 1", "[1,2.0]"},
		{"@.t.length() == 1", "[1]"},
		{"@['t'][0] == 'a'", "[1,2.0]"},
		{"@.n == 1 || (@.n == 2 && @.b == true)", "[1,2.0]"},
	}
	for _, test := range tests {
		if got := evaluate(document, "$.l[?("+test.filter+")].n"); got != test.want {
			t.Errorf("%s: got %s, want %s", test.filter, got, test.want)
		}
	}
	for _, filter := range []string{"", "@.n ==", "@.n == ==", "== 1", "@.n == 1 &&", "(@.n", "@.n == 'x", "@.s =~ /a", "@.s =~ /(/", "@.s =~ /[a-z&&[^b]]/", "true", "@.n foo 1", "@.m == 1 @"} {
		if got := evaluate(document, "$.l[?("+filter+")].n"); !strings.HasPrefix(got, "!") {
			t.Errorf("%s: got %s, want an error", filter, got)
		}
	}
}

// Source: Jayway 2.9.0's functions by their rules; length(), size(), sum(), min(), first() and concat() are in testdata/paths.txt, too.
func TestFunctions(t *testing.T) {
	checkRows(t, `{"n": [3, 1, 2.5, "x"], "s": ["a", 1, "b"], "one": [7], "o": {"k": 1, "l": {}}, "e": []}`, []row{
		{"$.n.min()", "1.0"},
		{"$.n.max()", "3.0"},
		{"$.n.sum()", "6.5"},
		{"$.n.avg()", "2.1666666666666665"},
		{"$.one.stddev()", "0.0"},
		{"$.n.length()", "4"},
		{"$.o.length()", "2"},
		{"$.o.k.length()", "null"},
		{"$.length($.n)", "4"},
		{"$..k.length()", "0"},
		{"$..n.sum()", "!"},
		{"$.sum($.n, 10)", "16.5"},
		{"$.n.sum(1, -1)", "6.5"},
		{"$.e.sum()", "!"},
		{"$.s.concat()", `"ab"`},
		{`$.s.concat("x", $.n)`, `"abx312.5x"`},
		{"$.n.first()", "3"},
		{"$.n.last()", `"x"`},
		{"$.one.last()", "!"}, // the first item is not found from the end
		{"$.n.index(1)", "1"},
		{"$.n.index(9)", "!"},
		{"$.o.keys()", `["k","l"]`},
		{"$.one.append(8)", "[7,8]"},
		{"$.n.nope()", "!"},
		{"$.nope.nope()", "missing"},
		{"$.n.sum(", "!"},
		{"$.n.length().x", "missing"},
	})
}

// Source: the rules of Jayway 2.9.0's scan; unconfirmed by a run.
func TestScan_odd(t *testing.T) {
	const document = `{"a": [{"x": 1, "y": [5, 6]}, {"x": 2, "y": [7]}], "b": {"x": 3}}`
	checkRows(t, document, []row{
		{"$..x", "[1,2,3]"},
		{"$..y[0]", "[5,7]"},
		{"$..[0]", `[{"x":1,"y":[5,6]},5,7]`},
		{"$..[0].x", "[1]"},
		{"$..['x','y']", `[{"x":1,"y":[5,6]},{"x":2,"y":[7]}]`},
		{"$..[?(@.x > 1)].x", "[2,3]"},
		{"$..nope", "[]"},
		{"$.a..y.length()", "[2,1]"},
	})
}

func TestEval_missing(t *testing.T) {
	checkRows(t, `{"a": null, "l": [1], "o": {}}`, []row{
		{"$.a", "null"},
		{"$.a.b", "missing"},
		{"$.a[*]", "[]"},
		{"$.l.x", "missing"},
		{"$.o[0]", "missing"},
		{"$.l[1]", "missing"},
		{"$.l[*].x", "[]"},
		{"$.o['x','y']", "{}"},
		{"$.o[?(@.x)]", "[]"},
		{"$.l[0][?(@.x)]", "!"},
	})
}

// A document may hold itself once a template has changed it, and a filter may search it for each of its items.
func TestEval_bounds(t *testing.T) {
	m := value.NewMap(0)
	m.PutString("self", value.OfMap(m))
	var failure *EvalError
	if _, _, err := mustCompile(t, "$..x").Eval(nil, value.OfMap(m)); !errors.As(err, &failure) {
		t.Errorf("a scan of a cycle: %v", err)
	}
	root, err := value.Read(nil, `{"l":[`+strings.TrimSuffix(strings.Repeat(`{"a":"aaaaaaaaaaaaaaaaaaaab","b":[1,2,3]},`, 5000), ",")+`]}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"$.l[?(@ in $.l[*].a)]", "$.l[?(99 in $.l[*].b[*])]", "$.l[?($.l[*].b == $.l[*].b)]", "$.l[?($.l[*].a contains 'x')]", "$.l[?(@.a =~ /(?=a)a*c/)]",
	} {
		if _, _, err := mustCompile(t, path).Eval(nil, root); !errors.As(err, &failure) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range []string{"$..*", "$.l[?(@.a =~ /(a+)+c/)]", "$..[?($..a.length() == @.b)]", "$.l[?(@.a == $.l[0].a)]"} {
		if _, _, err := mustCompile(t, path).Eval(nil, root); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := Compile("$" + strings.Repeat("[?(@", 1000) + strings.Repeat(")]", 1000)); err == nil {
		t.Error("a path of 1000 filters in filters was compiled")
	}
	if _, err := Compile("$[?(" + strings.Repeat("(", 1000) + "@.a" + strings.Repeat(")", 1000) + ")]"); err == nil {
		t.Error("a filter of 1000 parentheses was compiled")
	}
	if _, err := Compile(strings.Repeat("a", maxPathLength+1)); err == nil {
		t.Error("a path that is too long was compiled")
	}
}

func mustCompile(t testing.TB, path string) *Path {
	t.Helper()
	p, err := Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDefinite(t *testing.T) {
	for path, want := range map[string]bool{
		"$": true, "$.a.b": true, "$['a']": true, "$['a','b']": true, "$['a','b'].c": false, "$[0]": true, "$[0,1]": false, "$[1:]": false,
		"$.*": false, "$..a": false, "$[?(@.a)]": false, "$.a.length()": true, "$..a.length()": true, "$.*.length()": false,
	} {
		if got := mustCompile(t, path).definite; got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
}

func FuzzCompileAndEval(f *testing.F) {
	const document = `{"a": [{"x": 1, "y": "5"}, {"x": 2.5, "y": [7, {"z": null}]}], "b": {"x": 3, "$.a": "[1]"}}`
	for _, path := range []string{
		"$.a[*].x", "$..[?(@.x > 1 && !@.z)].y", "$.a[0,-1]['x','y']", "$.sum($..x, 1)", "$.a[?(@.y in ['5',$])]", "$.a[-2:].length()", "$[?(@.y =~ /5/i)]",
		"$.b.keys()", "$.a[?(@['x']['y'] anyof @.y)]", `$["b"]["\u0024.a"]`, "$.concat(\"a\\\"\", $.b)", "$..a..length()",
	} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		p, err := Compile(path)
		if err != nil {
			return
		}
		root, err := value.Read(nil, document)
		if err != nil {
			t.Fatal(err)
		}
		v, found, err := p.Eval(nil, root)
		if err != nil {
			return
		}
		if found && !p.definite && v.Kind() != value.KindArray {
			t.Fatalf("%s is not definite, but gave %s", path, v.Kind())
		}
		_ = value.AppendJSON(nil, v)
	})
}

func BenchmarkEval(b *testing.B) {
	const document = `{"customer": {"id": 7, "name": "Ann"}, "lines": [{"sku": "A1", "qty": 2}, {"sku": "B2", "qty": 1}], "note": "ring"}`
	root, err := value.Read(nil, document)
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range []string{"$", "$.customer.name", "$.lines[0].sku", "$.lines[*].sku", "$..sku", "$.lines[?(@.qty > 1)].sku"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			p := mustCompile(b, path)
			a := value.NewArena()
			for b.Loop() {
				if _, found, err := p.Eval(a, root); err != nil || !found {
					b.Fatal(found, err)
				}
				a.Reset()
			}
		})
	}
}
