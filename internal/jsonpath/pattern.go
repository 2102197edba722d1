package jsonpath

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

// Bounds of a pattern that needs backtracking: the time for one text, and its cost in steps of an evaluation.
const (
	maxMatchTime     = 10 * time.Millisecond
	backtrackingCost = 2000
)

// pattern is a regular expression of a filter, which must match a whole text. Those of RE2 run in linear time; the rest of Java's (look-around,
// back references) run in a backtracking engine, under a time limit.
type pattern struct {
	linear *regexp.Regexp
	other  *regexp2.Regexp
	cost   int // in steps
}

var errClass = errors.New("a pattern uses a union or intersection of character classes, which is not supported")

// compilePattern compiles /text/flags. Of Java's flags, i, s, m and x count; d, u and U, which change what a line or a letter is, do not.
func compilePattern(text, flags string) (*pattern, error) {
	if hasJavaClass(text) {
		return nil, errClass
	}
	kept := ""
	for _, f := range "ism" {
		if strings.ContainsRune(flags, f) {
			kept += string(f)
		}
	}
	if !strings.Contains(flags, "x") {
		prefix := ""
		if kept != "" {
			prefix = "(?" + kept + ")"
		}
		if linear, err := regexp.Compile(prefix + `\A(?:` + text + `)\z`); err == nil {
			return &pattern{linear: linear, cost: 1}, nil
		}
	}
	options := regexp2.RegexOptions(regexp2.None)
	for flag, option := range map[string]regexp2.RegexOptions{
		"i": regexp2.IgnoreCase, "s": regexp2.Singleline, "m": regexp2.Multiline, "x": regexp2.IgnorePatternWhitespace,
	} {
		if strings.Contains(flags, flag) {
			options |= option
		}
	}
	other, err := regexp2.Compile(`\A(?:`+text+`)\z`, options)
	if err != nil {
		return nil, fmt.Errorf("compiling a pattern: %w", err)
	}
	other.MatchTimeout = maxMatchTime
	return &pattern{other: other, cost: backtrackingCost}, nil
}

// matches reports whether the pattern matches the whole of text.
func (p *pattern) matches(text string) (bool, error) {
	if p.linear != nil {
		return p.linear.MatchString(text), nil
	}
	ok, err := p.other.MatchString(text)
	if err != nil {
		return false, fmt.Errorf("matching a pattern: %w", err)
	}
	return ok, nil
}

// hasJavaClass reports whether a character class has another one in it, or "&&": only Java reads them as sets, so that other engines would
// match something else.
func hasJavaClass(text string) bool {
	inClass := false
	for i := 0; i < len(text); i++ {
		switch rest := text[i:]; {
		case rest[0] == '\\':
			i++
		case !inClass:
			inClass = rest[0] == '['
		case rest[0] == '[', strings.HasPrefix(rest, "&&"):
			return true
		case rest[0] == ']':
			inClass = false
		}
	}
	return false
}
