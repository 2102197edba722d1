package value

import (
	"math"
	"testing"
)

// FuzzRead: no payload panics or hangs the reader; what it reads prints the same copied and written, and reads back as itself.
func FuzzRead(f *testing.F) {
	for _, text := range payloads() {
		f.Add(text)
	}
	for _, text := range []string{
		"{a: 'b', c:[1,-,1e5,.5,+1,NaN,null,tr], }", `["\u00e9\ud83d\ude00\x41\q"]`, `{"a":1,"a":2,"b":{"a":[]}}`, "[1é,2]", "\x1a", "{\"a\x1a\":1}",
		"[\xc2\"]", "[\"\xe2\x80\"]", "[1.00000000000000000001e-5,99999999999999999999]", "{\"k\":\"\u2028\u0085\"}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			return
		}
		v, err := Read(nil, text)
		if err != nil {
			return
		}
		copied := string(AppendJSON(nil, v))
		if again, err := Read(nil, copied); err != nil {
			t.Fatalf("%q is written as %q, which does not read: %v", text, copied, err)
		} else if exact(v, 0) && !Equal(v, again) {
			t.Fatalf("%q is written as %q, which reads as %s", text, copied, again)
		}
		forget(v)
		if written := string(AppendJSON(nil, v)); written != copied {
			t.Fatalf("%q is copied as %q, but written as %q", text, copied, written)
		}
		_ = MendUTF8(AppendString(nil, v))
	})
}

// forget makes the value print without the text of its payload.
func forget(v Value) {
	switch {
	case v.Map() != nil:
		v.Map().touch()
	case v.List() != nil:
		v.List().touch()
	}
}

// exact reports whether a value's JSON reads back as the same kind of value: infinite numbers become null, a BigDecimal may become short
// enough for a Double, a BigInteger may have had leading zeros.
func exact(v Value, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch v.kind {
	case KindBigDecimal, KindBigInteger:
		return false
	case KindDouble:
		text := v.String()
		return !math.IsInf(v.Float64(), 0) && len(text) <= maxDoubleLength
	case KindMap:
		for _, e := range v.Map().entries {
			if !exact(e.Val, depth+1) {
				return false
			}
		}
	case KindArray:
		for _, item := range v.List().items {
			if !exact(item, depth+1) {
				return false
			}
		}
	}
	return true
}
