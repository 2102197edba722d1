package value

import (
	"errors"
	"strings"
	"testing"
)

// Each row is a payload and what it prints: as JSON (what $input.json('$') gives) and as Java's toString ($input.path('$')).
type printed struct{ payload, json, text string }

func checkPrinted(t *testing.T, rows []printed) {
	t.Helper()
	for _, row := range rows {
		v, err := Read(nil, row.payload)
		if err != nil {
			t.Errorf("%q: %v", row.payload, err)
			continue
		}
		if got := string(AppendJSON(nil, v)); got != row.json {
			t.Errorf("%q: JSON\n got %q\nwant %q", row.payload, got, row.json)
		}
		if got := v.String(); got != row.text {
			t.Errorf("%q: text\n got %q\nwant %q", row.payload, got, row.text)
		}
	}
}

// Source: Jayway 2.9.0 with json-smart 2.5.0.
func TestRead_permissive(t *testing.T) {
	checkPrinted(t, []printed{
		{"hello world", `"hello world"`, "hello world"},
		{"a=1&b=two%20words&c=", `"a=1&b=two%20words&c="`, "a=1&b=two%20words&c="},
		{"<a><b>1</b></a>", `"<a><b>1</b></a>"`, "<a><b>1</b></a>"},
		{"\n", `""`, ""},
		{"   ", `""`, ""},
		{`a"b`, `"a\"b"`, `a"b`},
		{"{a: b}", `{"a":"b"}`, "{a=b}"},
		{`{"a": 1,}`, `{"a":1}`, "{a=1}"},
		{"[1,2,]", "[1,2]", "[1,2]"},
		{`{"a": 1, "a": 2}`, `{"a":2}`, "{a=2}"},
		{`{"a": 1} x`, `{"a":1}`, "{a=1}"},
		{`{"a": 1}{"a": 2}`, `{"a":1}`, "{a=1}"},
		{`{"a": 1 /* c */}`, `{"a":"1 /* c */"}`, "{a=1 /* c */}"},
		{`{"": 1, " ": 2}`, `{"":1," ":2}`, "{=1,  =2}"},
		{" {\n  \"a\" : [ 1 , 2 ] ,\n  \"b\" : { }\n} ", `{"a":[1,2],"b":{}}`, "{a=[1,2], b={}}"},
		{`{"a": null, "l": [null, null], "m": {"x": null}}`, `{"a":null,"l":[null,null],"m":{"x":null}}`, "{a=null, l=[null,null], m={x=null}}"},
	})
}

// Source: the rules of json-smart 2.5 as they are documented in its parser; unconfirmed by a run.
func TestRead_permissiveOdd(t *testing.T) {
	checkPrinted(t, []printed{
		{"", `""`, ""},
		{"null", "null", "null"},
		{" true ", "true", "true"},
		{"truex", `"truex"`, "truex"},
		{"[,,1,,2,,]", "[1,2]", "[1,2]"},
		{"{,,a:1,,b:2,,}", `{"a":1,"b":2}`, "{a=1, b=2}"},
		{`[1"a"]`, `["1\"a\""]`, `["1\"a\""]`},
		{`["a""b"]`, `["a","b"]`, `["a","b"]`},
		{`['it''s']`, `["it","s"]`, `["it","s"]`},
		{`{'a': 'say "x"'}`, `{"a":"say \"x\""}`, `{a=say "x"}`},
		{`['a\'b']`, `["a'b"]`, `["a'b"]`},
		{`[tr ue, f, n]`, `["tr ue","f","n"]`, `["tr ue","f","n"]`},
		{"[\v null ]", `["null"]`, `["null"]`},
		{"{a:,b:1}", `{"a":"","b":1}`, "{a=, b=1}"},
		{"[ a b\t]", `["a b"]`, `["a b"]`},
	})
}

// Source: Jayway 2.9.0 with json-smart 2.5.0.
func TestRead_strings(t *testing.T) {
	checkPrinted(t, []printed{
		{`"q\"b\\s\/n\n\u00e9\u20ac\ud83d\ude00\u0001"`, `"q\"b\\s/n\né\u20AC😀\u0001"`, "q\"b\\s/n\né€😀\x01"},
		{`{"a": "\q"}`, `{"a":""}`, "{a=}"},
		{"{\"a\": \"x\ny\"}", `{"a":"x\ny"}`, "{a=x\ny}"},
		{"{\"a\": \"x\ty\"}", `{"a":"x\ty"}`, "{a=x\ty}"},
		{`{"a": "http://x/y", "l": ["a/b"]}`, `{"a":"http://x/y","l":["a/b"]}`, `{a=http://x/y, l=["a\/b"]}`},
		{`{"a": "\u007f\u0080\u009f\u2028\u2029"}`, `{"a":"\u007F\u0080\u009F\u2028\u2029"}`, "{a=\x7f\u0080\u009f\u2028\u2029}"},
		{`{"a": "é€😀 日本", "ü": "ö"}`, `{"a":"é\u20AC😀 日本","ü":"ö"}`, "{a=é€😀 日本, ü=ö}"},
	})
}

// Source: the rules of json-smart 2.5: a string with an escape loses its raw control characters. Unconfirmed by a run.
func TestRead_stringsOdd(t *testing.T) {
	checkPrinted(t, []printed{
		{"\"a\nb\\tc\"", `"ab\tc"`, "ab\tc"},
		{"\"a\x7fb\"", `"a\u007Fb"`, "a\x7fb"},
		{"\"a\x7fb\\t\"", `"ab\t"`, "ab\t"},
		{`"\x41\x7a"`, `"Az"`, "Az"},
		{`"\é!"`, `"!"`, "!"},
		{`"\ud83d"`, "\"\xed\xa0\xbd\"", "\xed\xa0\xbd"},
		{`"\ud83dx\ude00"`, "\"\xed\xa0\xbdx\xed\xb8\x80\"", "\xed\xa0\xbdx\xed\xb8\x80"},
	})
}

// Source: Jayway 2.9.0 with json-smart 2.5.0.
func TestRead_numbers(t *testing.T) {
	rows := []struct {
		text, want string
		kind       Kind
	}{
		{"0", "0", KindInteger},
		{"-0", "0", KindInteger},
		{"42", "42", KindInteger},
		{"007", "7", KindInteger},
		{"2147483647", "2147483647", KindInteger},
		{"2147483648", "2147483648", KindLong},
		{"-2147483648", "-2147483648", KindInteger},
		{"9223372036854775807", "9223372036854775807", KindLong},
		{"9223372036854775808", "9223372036854775808", KindBigInteger},
		{"-9223372036854775808", "-9223372036854775808", KindLong},
		{"-9223372036854775809", "-9223372036854775809", KindBigInteger},
		{"12345678901234567890", "12345678901234567890", KindBigInteger},
		{"1.0", "1.0", KindDouble},
		{"-0.0", "-0.0", KindDouble},
		{"4.50", "4.5", KindDouble},
		{"1e2", "100.0", KindDouble},
		{"1e10", "1.0E10", KindDouble},
		{"1E-7", "1.0E-7", KindDouble},
		{"0.00001", "1.0E-5", KindDouble},
		{"12345678.5", "1.23456785E7", KindDouble},
		{"3.14159265358979", "3.14159265358979", KindDouble},
		{"4.9e-324", "4.9E-324", KindDouble},
		{"-1e-400", "-0.0", KindDouble},
		{"5.", "5.0", KindDouble},
		{"1.7976931348623157e308", "1.7976931348623157E+308", KindBigDecimal},
		{"NaN", "NaN", KindFloat},
	}
	for _, row := range rows {
		v, err := Read(nil, `{"n": `+row.text+`}`)
		if err != nil {
			t.Errorf("%s: %v", row.text, err)
			continue
		}
		n, _ := v.Map().GetString("n")
		if n.Kind() != row.kind || n.String() != row.want {
			t.Errorf("%s: got %s %s, want %s %s", row.text, n.Kind(), n, row.kind, row.want)
		}
		if want := `{"n":` + row.want + `}`; string(AppendJSON(nil, v)) != want {
			t.Errorf("%s: got JSON %s, want %s", row.text, AppendJSON(nil, v), want)
		}
	}
}

// Source: Jayway 2.9.0 with json-smart 2.5.0; the last four follow the parser's rules and are unconfirmed.
func TestRead_almostNumbers(t *testing.T) {
	checkPrinted(t, []printed{
		{`{"n": +1}`, `{"n":"+1"}`, "{n=+1}"},
		{`{"n": .5}`, `{"n":".5"}`, "{n=.5}"},
		{`{"n": 1_000}`, `{"n":"1_000"}`, "{n=1_000}"},
		{`{"n": 0x10}`, `{"n":"0x10"}`, "{n=0x10}"},
		{`{"n": -}`, `{"n":0}`, "{n=0}"},
		{`{"n": 1e}`, `{"n":"1e"}`, "{n=1e}"},
		{`[1é]`, `[1,"é"]`, `[1,"é"]`},
		{`{"n": 1e400}`, `{"n":null}`, "{n=Infinity}"},
	})
}

// Source: json-smart's ParseException. "[x", "{\"a\":1,," and "}" are known from runs of json-smart 2.5 as failures; API Gateway shows the text of
// the exception; the positions of the others follow the parser's rules and are unconfirmed.
func TestRead_errors(t *testing.T) {
	deep := strings.Repeat("[", maxDepth+1)
	rows := []struct{ payload, want string }{
		{"{", "Unexpected End Of File position 0: null"},
		{"[", "Unexpected End Of File position 0: EOF"},
		{"}", "Unexpected character (}) at position 0."},
		{"]", "Unexpected character (]) at position 0."},
		{":", "Unexpected character (:) at position 0."},
		{"[x", "Unexpected End Of File position 1: EOF"},
		{"{a", "Unexpected End Of File position 1: null"},
		{`{"a":1,,`, "Unexpected End Of File position 7: null"},
		{`{"a": 1`, "Unexpected End Of File position 6: null"},
		{`{"a": "b`, "Unexpected End Of File position 8: null"},
		{`{"a":`, "Unexpected End Of File position 4: EOF"},
		{`{"a" 1}`, "Unexpected character (1) at position 4."},
		{`{"é" 1}`, "Unexpected character (1) at position 4."},
		{`{"😀" é}`, "Unexpected character (é) at position 5."},
		{`{"a": 1]`, "Unexpected End Of File position 7: null"},
		{`{"a": [1}`, "Unexpected End Of File position 8: EOF"},
		{`{"a": "b" c}`, "Unexpected token c at position 9."},
		{`{{`, "Unexpected character ({) at position 1."},
		{`["\u00g0"]`, "Unexpected unicode escape sequence g at position 6."},
		{"[1e+]", "Unexpected token 1e+ at position 4."},
		{deep, "Malicious payload, having non natural depths, parsing stoped on [ at position 400."},
	}
	for _, row := range rows {
		v, err := Read(nil, row.payload)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.40q: got %s, %v", row.payload, v, err)
			continue
		}
		if err.Error() != row.want {
			t.Errorf("%.40q:\n got %s\nwant %s", row.payload, err, row.want)
		}
	}
}

func TestRead_limits(t *testing.T) {
	if _, err := Read(nil, strings.Repeat("[", maxDepth)+strings.Repeat("]", maxDepth)); err != nil {
		t.Errorf("%d levels: %v", maxDepth, err)
	}
	if _, err := Read(nil, "["+strings.Repeat("9", maxNumberLength+1)+"]"); err == nil {
		t.Error("a number of too many digits was read")
	}
	if _, err := Read(nil, "[1."+strings.Repeat("9", maxNumberLength)+"]"); err == nil {
		t.Error("a decimal number of too many digits was read")
	}
}

// Duplicate keys keep their first place and their last value, whether the object has an index or not.
func TestRead_duplicateKeys(t *testing.T) {
	for _, n := range []int{1, 5, indexFrom - 1, indexFrom, indexFrom + 1, 100} {
		var payload strings.Builder
		payload.WriteByte('{')
		for round := range 2 {
			for i := range n {
				payload.WriteString(`"k` + OfInt(int64(i)).String() + `":` + OfInt(int64(i+round*1000)).String() + ",")
			}
		}
		v, err := Read(nil, payload.String()+"}")
		if err != nil {
			t.Fatal(err)
		}
		m := v.Map()
		if m.Len() != n {
			t.Errorf("%d keys: got %d", n, m.Len())
		}
		for i := range m.Len() {
			key, val := m.At(i)
			if key.Str() != "k"+OfInt(int64(i)).String() || val.Int() != int64(i+1000) {
				t.Errorf("%d keys: entry %d is %s=%s", n, i, key, val)
			}
			if found, ok := m.GetString(key.Str()); !ok || found.Int() != val.Int() {
				t.Errorf("%d keys: %s not found", n, key)
			}
		}
	}
}

// Source: RFC 8259.
func TestReadStrict(t *testing.T) {
	v, err := ReadStrict(nil, " {\"a\": [1, 2.50, \"x\\n\x7f\", null]} ")
	if err != nil || string(AppendJSON(nil, v)) != `{"a":[1,2.5,"x\n\u007F",null]}` {
		t.Errorf("got %s, %v", v, err)
	}
	for _, text := range []string{"", "a", "{a:1}", "[1,]", "'a'", "[1] 2", "NaN", "01", "\"\n\"", "[" + strings.Repeat("[", maxDepth), strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)} {
		if v, err := ReadStrict(nil, text); err == nil {
			t.Errorf("%.20q: read as %s", text, v)
		}
	}
}
