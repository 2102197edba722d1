package value

import "testing"

func TestMap(t *testing.T) {
	m := NewMap(0)
	for i := range 40 {
		m.PutString("k"+OfInt(int64(i)).String(), OfInt(int64(i)))
	}
	m.Put(OfInteger(7), OfString("seven"))
	if _, had := m.PutString("k3", OfString("three")); !had {
		t.Error("k3 was there")
	}
	changes := m.Changes()
	if old, had := m.Remove(OfString("k0")); !had || old.Int() != 0 || m.Changes() == changes {
		t.Errorf("removed %s, %v", old, had)
	}
	if _, had := m.Remove(OfString("k0")); had {
		t.Error("k0 was removed twice")
	}
	if key, val := m.At(2); key.Str() != "k3" || val.Str() != "three" || m.Len() != 40 {
		t.Errorf("entry 2 of %d is %s=%s", m.Len(), key, val)
	}
	if v, ok := m.GetString("k39"); !ok || v.Int() != 39 {
		t.Errorf("k39 is %s", v)
	}
	if v, ok := m.Get(OfInteger(7)); !ok || v.Str() != "seven" {
		t.Errorf("7 is %s", v)
	}
	if _, ok := m.Get(OfLong(7)); ok {
		t.Error("an Integer equals a Long")
	}
	if _, ok := m.GetString("7"); ok {
		t.Error("an Integer equals a String")
	}
	m.Clear()
	if _, ok := m.GetString("k5"); ok || m.Len() != 0 {
		t.Error("not empty after Clear")
	}
}

func TestList(t *testing.T) {
	l := NewList(OfInteger(1), OfInteger(3))
	l.Insert(1, OfInteger(2))
	l.Append(OfInteger(4))
	l.Set(0, OfString("one"))
	if old := l.Remove(2); old.Int() != 3 {
		t.Errorf("removed %s", old)
	}
	if got := OfList(l).String(); got != "[one, 2, 4]" {
		t.Errorf("got %s", got)
	}
	if got := OfArray(l).String(); got != `["one",2,4]` {
		t.Errorf("as an array: got %s", got)
	}
	if l.Clear(); l.Len() != 0 {
		t.Error("not empty after Clear")
	}
}

// Source: java.util.AbstractMap and AbstractCollection; nested arrays print as JSON in a map ("path-printing"), recorded from API Gateway.
func TestAppendString_containers(t *testing.T) {
	m := NewMap(0)
	m.PutString("a", OfList(NewList(OfString("x"), Value{}, OfDouble(1))))
	m.PutString("b", mustRead(`[{"c":"d/e"},"f"]`))
	m.Put(OfInteger(1), OfMap(m))
	if got, want := OfMap(m).String(), `{a=[x, null, 1.0], b=[{"c":"d\/e"},"f"], 1=(this Map)}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	l := NewList()
	l.Append(OfList(l))
	if got := OfList(l).String(); got != "[(this Collection)]" {
		t.Errorf("got %s", got)
	}
}

// Values that hold each other must neither hang nor exhaust memory.
func TestAppend_cycles(t *testing.T) {
	a, b := NewMap(0), NewMap(0)
	for _, key := range []string{"x", "y"} {
		a.PutString(key, OfMap(b))
		b.PutString(key, OfMap(a))
	}
	if n := len(AppendString(nil, OfMap(a))); n < MaxText || n > 2*MaxText {
		t.Errorf("toString has %d bytes", n)
	}
	if n := len(AppendJSON(nil, OfMap(a))); n < MaxText || n > 2*MaxText {
		t.Errorf("JSON has %d bytes", n)
	}
	if !Equal(OfMap(a), OfMap(a)) {
		t.Error("a map does not equal itself")
	}
}

func TestEqual(t *testing.T) {
	equalPairs := [][2]string{
		{`{"a":1,"b":[2]}`, `{"b": [2], "a": 1}`}, {`[1,"x",null]`, `[1,'x',null]`}, {"NaN", "NaN"}, {"1.0", "1.00"},
		{"1.00000000000000000000", "1.00000000000000000000"}, {"99999999999999999999", "99999999999999999999"},
	}
	for _, pair := range equalPairs {
		if !Equal(mustRead(pair[0]), mustRead(pair[1])) {
			t.Errorf("%s does not equal %s", pair[0], pair[1])
		}
	}
	differing := [][2]string{
		{"1", "1.0"}, {"0.0", "-0.0"}, {`"1"`, "1"}, {"[1]", "[1,1]"}, {`{"a":1}`, `{"a":2}`}, {`{"a":1}`, `{"b":1}`}, {"null", `"null"`},
		{"1.00000000000000000000", "1.000000000000000000000"}, {"2147483647", "2147483648"}, {"[]", "{}"},
	}
	for _, pair := range differing {
		if Equal(mustRead(pair[0]), mustRead(pair[1])) {
			t.Errorf("%s equals %s", pair[0], pair[1])
		}
	}
}

// A payload in json-smart's own form is copied; a change anywhere in it must show everywhere.
func TestAppendJSON_afterChange(t *testing.T) {
	const payload = `{"a":{"b":[1,{"c":"d"}]},"e":"f"}`
	v := mustRead(payload)
	if v.Map().raw != payload {
		t.Errorf("the text of the payload is not kept: %q", v.Map().raw)
	}
	a, _ := v.Map().GetString("a")
	b, _ := a.Map().GetString("b")
	b.List().At(1).Map().PutString("c", OfInteger(2))
	if got, want := string(AppendJSON(nil, v)), `{"a":{"b":[1,{"c":2}]},"e":"f"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b.List().Append(OfBool(true))
	if got, want := string(AppendJSON(nil, a)), `{"b":[1,{"c":2},true]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A render allocates nothing once the arena has grown, and strings outlive it.
func TestArena(t *testing.T) {
	a := NewArena()
	var kept string
	var dst []byte
	render := func() {
		v, err := Read(a, smallPayload)
		if err != nil {
			t.Fatal(err)
		}
		note, _ := v.Map().GetString("note")
		kept = note.Str()
		dst = AppendJSON(dst[:0], v)
		dst = AppendString(dst, v)
		a.Reset()
	}
	if n := testing.AllocsPerRun(100, render); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if kept != "please ring twice" {
		t.Errorf("the string became %q", kept)
	}
	v, _ := Read(a, `["a\tb"]`)
	kept = v.List().At(0).Str()
	for range 1000 {
		a.Reset()
		_, _ = Read(a, `["x\ty", "zzzz\tzzz"]`)
	}
	if kept != "a\tb" {
		t.Errorf("the string became %q", kept)
	}
}

// Source: java.lang.String.getBytes(UTF_8): a lonely surrogate is "?".
func TestAppendUTF8(t *testing.T) {
	high, low := "\xed\xa0\xbd", "\xed\xb8\x80"
	rows := []struct{ text, want string }{
		{"plain", "plain"},
		{"a" + high + low + "b", "a😀b"},
		{high + "x", "?x"},
		{low + high, "??"},
		{high + high + low, "?😀"},
		{"퟿", "퟿"}, // begins with the same byte as a surrogate
		{"\xed", "\xed"},
	}
	for _, row := range rows {
		if got := string(AppendUTF8([]byte(high), row.text)); got != high+row.want {
			t.Errorf("%q: got %q, want %q", row.text, got, row.want)
		}
		if got := string(MendUTF8([]byte(row.text))); got != row.want {
			t.Errorf("in place %q: got %q, want %q", row.text, got, row.want)
		}
	}
}
