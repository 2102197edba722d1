package inbound

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/integration"
)

// Source: guide, api-gateway-known-issues.md for the semicolon.
func TestParseQuery(t *testing.T) {
	for raw, want := range map[string][]integration.Field{
		"":                nil,
		"a=1&a=2&b":       {{Name: "a", Value: "1"}, {Name: "a", Value: "2"}, {Name: "b"}},
		"a=1;b=2":         {{Name: "a", Value: "1"}, {Name: "b", Value: "2"}},
		"q=a%20b+c&%61=x": {{Name: "q", Value: "a b c"}, {Name: "a", Value: "x"}},
		"bad=%zz&&=v":     {{Name: "bad", Value: "%zz"}, {Value: "v"}},
		"eq=a=b":          {{Name: "eq", Value: "a=b"}},
	} {
		got := ParseQuery(raw)
		if len(got) == 0 && len(want) == 0 {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", raw, diff)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	f.Add("a=1&b=%2;c")
	f.Fuzz(func(t *testing.T, raw string) {
		if n := len(ParseQuery(raw)); n > len(raw) || n > maxQueryParameters {
			t.Fatalf("%d parameters of %d bytes", n, len(raw))
		}
	})
}
