package plan

import (
	"strings"
	"testing"
	"time"
)

// Source: facts observed on AWS (whole text, "." and line breaks), java.util.regex for
// what "." matches.
func TestPattern(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"404", "404", true},
		{"404", "4040", false},
		{`4\d{2}`, "422", true},
		{`4\d{2}`, "4220", false},
		{"4", "404", false},
		{".*", "", true},
		{".*", "a\nb", false},
		{".*", "a\rb", false},
		{".*", "a\u2028b", false},
		{`(\n|.)*`, "a\nb", true},
		{`(?s).*`, "a\nb", true},
		{`[.]`, ".", true},
		{`[.]`, "a", false},
		{`a\.b`, "a.b", true},
		{`a\.b`, "axb", false},
		{`.*Error.*`, "An Error here", true},
		{"Invalid*", "Invalid name", false},
		{"Invalid.*", "Invalid name", true},
		{`(?!4)\d+`, "500", true},
		{`(?!4)\d+`, "400", false},
		{`[^\n\r]+`, "abc", true},
	} {
		pattern, err := NewPattern(test.pattern)
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		got, err := pattern.Match(test.text)
		if err != nil || got != test.want {
			t.Errorf("%s on %q: got %v, %v", test.pattern, test.text, got, err)
		}
	}
}

func TestPatternIsNoExpression(t *testing.T) {
	if _, err := NewPattern("*"); err == nil {
		t.Error("* was accepted")
	}
}

// A pattern that backtracks for ever ends with an error, and soon.
func TestPatternTimeout(t *testing.T) {
	pattern, err := NewPattern(`(?=(a+)+b)(a+)+c`)
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	if _, err := pattern.Match(strings.Repeat("a", 40)); err == nil {
		t.Error("the match ended without an error")
	}
	if took := time.Since(started); took > 20*PatternTimeout {
		t.Errorf("the match took %s", took)
	}
}

func FuzzPattern(f *testing.F) {
	f.Add(".*[.]\\.", "a")
	f.Add("(?<x>a)|b", "b")
	f.Fuzz(func(t *testing.T, text, subject string) {
		pattern, err := NewPattern(text)
		if err != nil {
			return
		}
		_, _ = pattern.Match(subject)
	})
}
