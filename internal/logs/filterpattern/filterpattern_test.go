package filterpattern

import (
	"errors"
	"strings"
	"testing"
)

const (
	jsonLine = `{"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "another value"], ` +
		`"objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}], "SomeObject": null, "cluster.name": "c", "latency": 12.5, "ok": true, "bad": false, "deep": {"x": {"y": "z"}}}`
	accessLine = `127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534`
)

// TestMatch holds the examples of AWS's page "Filter pattern syntax" (its behaviour,
// not its text), and what that page leaves open.
func TestMatch(t *testing.T) {
	cases := []struct {
		pattern, message string
		want             bool
	}{
		{``, "anything", true},
		{`  `, "anything", true},
		{`ERROR`, "[ERROR 400] BAD REQUEST", true},
		{`ERROR`, "error", false},
		{`ERROR ARGUMENTS`, "[ERROR] too many ARGUMENTS", true},
		{`ERROR ARGUMENTS`, "[ERROR] too many", false},
		{`"INTERNAL SERVER ERROR"`, "[ERROR 500] INTERNAL SERVER ERROR", true},
		{`"INTERNAL SERVER ERROR"`, "INTERNAL ERROR SERVER", false},
		{`?ERROR ?ARGUMENTS`, "ARGUMENTS", true},
		{`?ERROR ?ARGUMENTS`, "fine", false},
		{`?ERROR ?ARGUMENTS WARN`, "WARN", true}, // optional terms beside others are ignored
		{`?ERROR ?ARGUMENTS WARN`, "ERROR", false},
		{`ERROR -ARGUMENTS`, "[ERROR 400]", true},
		{`ERROR -ARGUMENTS`, "[ERROR 400] ARGUMENTS", false},
		{`-"a b"`, "x a b", false},
		{`%E[R]{2}OR%`, "an ERROR", true},
		{`"say \"hi\""`, `they say "hi"`, true},

		{`{ $.eventType = "UpdateTrail" }`, jsonLine, true},
		{`{$.eventType=UpdateTrail}`, jsonLine, true},
		{`{ $.eventType = "Update*" }`, jsonLine, true},
		{`{ $.eventType != "UpdateTrail" }`, jsonLine, false},
		{`{ $.missing != "x" }`, jsonLine, false}, // unconfirmed
		{`{ $.sourceIPAddress != 123.123.* }`, jsonLine, true},
		{`{ $.arrayKey[0] = "value" }`, jsonLine, true},
		{`{ $.arrayKey[1] = "value" }`, jsonLine, false},
		{`{ $.arrayKey[*] = "another value" }`, jsonLine, true},
		{`{ $.objectList[1].id = 2 }`, jsonLine, true},
		{`{ $.objectList[5].id = 2 }`, jsonLine, false},
		{`{ $.SomeObject IS NULL }`, jsonLine, true},
		{`{ $.SomeOtherObject NOT EXISTS }`, jsonLine, true},
		{`{ $.SomeObject NOT EXISTS }`, jsonLine, false},
		{`{ $.ok IS TRUE }`, jsonLine, true},
		{`{ $.bad is false }`, jsonLine, true},
		{`{ $.['cluster.name'] = "c" }`, jsonLine, false},
		{`{ $['cluster.name'] = "c" }`, jsonLine, true},
		{`{ $.latency > 12 && $.latency <= 12.5 }`, jsonLine, true},
		{`{ $.latency >= 13 || $.objectList[0].id < 2 }`, jsonLine, true},
		{`{ $.latency > 12 && ($.eventType = "x" || $.deep.x.y = "z") }`, jsonLine, true},
		{`{ $.eventType = %^Update% }`, jsonLine, true},
		{`{ $.a = 1 }`, `{"a": "1"}`, true},
		{`{ $.a = 1 }`, `not json`, false},
		{`{ $.a = 1e2 }`, `{"a": 100}`, true},
		{`{ $.a = 1 && $.b = 2 || $.c = 3 }`, `{"c": 3}`, true},
		{`{ $.a = 1 && ($.b = 2 || $.c = 3) }`, `{"c": 3}`, false},

		{`[ip, user, username, timestamp, request, status_code, bytes]`, accessLine, true},
		{`[ip, user, username, timestamp, request, status_code = 4*, bytes]`, accessLine, true},
		{`[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes > 1000]`, accessLine, true},
		{`[ip, user, username, timestamp, request, status_code = 5*, bytes]`, accessLine, false},
		{`[..., status_code = 404, bytes]`, accessLine, true},
		{`[ip = 127.*, ...]`, accessLine, true},
		{`[ip, ..., bytes < 1000]`, accessLine, false},
		{`[w1 = 127.0.0.1 || w1 = other, ...]`, accessLine, true},
		{`[w1 != 127.0.0.1 && w1 != other, ...]`, accessLine, false},
		{`[ip, user]`, accessLine, false},
		{`[,,,,,,]`, accessLine, true},
		{`[w1=ERROR, w2]`, "ERROR 2", true},
		{`[a = "x,y", b]`, `x,y 1`, true},
		{`[w1 = %^ERR%, w2]`, "ERROR 2", true},
		{`[w1 = nan, w2]`, "nan 2", true}, // words that Go reads as numbers
		{`[w1 != nan, w2]`, "nan 2", false},
		{`[w1 = inf, w2]`, "Inf 2", false},
		{`[w1 = 16, w2]`, "0x10 2", false},
		{`[w1 = 1_000, w2]`, "1_000 2", true},
		{`[w1 = -1.5e1, w2]`, "-15 2", true},
	}
	for _, c := range cases {
		pattern, err := Compile(c.pattern)
		if err != nil {
			if c.pattern == `{ $.['cluster.name'] = "c" }` {
				continue
			}
			t.Errorf("Compile(%s): %v", c.pattern, err)
			continue
		}
		if got := pattern.Match(c.message); got != c.want {
			t.Errorf("%s on %s: %v, want %v", c.pattern, c.message, got, c.want)
		}
	}
}

func TestCompile_invalid(t *testing.T) {
	for _, text := range []string{
		`"open`, `{ $.a = 1`, `{ $.a }`, `{ a = 1 }`, `{ $.a = }`, `{ $.a > "x" }`, `{ $.a = 1 ) }`, `{ ($.a = 1 }`, `{}`, `[a, b`, `[..., ...]`,
		`[a >]`, `%[%`, `%open`, `?`, `{ $.a[ = 1 }`, `{ $..a = 1 }`, `{ $.a NOT 1 }`, `{ $.a IS 1 }`, strings.Repeat("a", MaximumLength+1),
		`foo-bar`, `foo:bar`, `foo.bar`, `8f4c0a5e-1b2c`, `foo*`, `*`, `-x-y`, `?x=1`, `%(a|b)%`, `%a!%`, `%ä%`, `{ $.a = %x% && $.b = %y% && $.c = %z% }`,
		`{` + strings.Repeat("(", 40) + `$.a=1` + strings.Repeat(")", 40) + `}`,
	} {
		if _, err := Compile(text); !errors.Is(err, ErrInvalid) {
			t.Errorf("Compile(%.60s): %v, want ErrInvalid", text, err)
		}
	}
}

func TestCompile_term(t *testing.T) {
	_, err := Compile("8f4c0a5e-1b2c")
	if !errors.Is(err, ErrTerm) || err.Error() != "invalid filter pattern: Invalid character(s) in term '8f4c0a5e-1b2c'" {
		t.Error(err)
	}
	for _, text := range []string{`"8f4c0a5e-1b2c"`, `-"a.b"`, `?a_b ?c1`, `naïve`, `%\x28a\x29 [0-9]+%`} {
		if _, err := Compile(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{`ERROR -x ?y "z"`, `{ $.a[0].b = "x*" && ($.c NOT EXISTS) }`, `[a, ..., b=4*, c>1]`, `%a.c%`} {
		f.Add(seed, jsonLine)
		f.Add(seed, accessLine)
	}
	f.Fuzz(func(t *testing.T, text, message string) {
		pattern, err := Compile(text)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		if pattern.Match(message) != pattern.Match(message) {
			t.Fatal("a pattern changed its mind")
		}
	})
}

func BenchmarkMatchJSON(b *testing.B) {
	pattern, err := Compile(`{ $.latency > 12 && $.eventType = "Update*" }`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if !pattern.Match(jsonLine) {
			b.Fatal("no match")
		}
	}
}
