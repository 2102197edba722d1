package jsonpath

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

// maxMatchTime bounds the matching of a pattern that needs backtracking.
const maxMatchTime = 100 * time.Millisecond

// pattern is a regular expression of a filter, which must match a whole text. Those of RE2 run in linear time; the rest of Java's (look-around,
// back references) run in a backtracking engine, under a time limit.
type pattern struct {
	linear *regexp.Regexp
	other  *regexp2.Regexp
}

// compilePattern compiles /text/flags. Of Java's flags, i, s, m and x count; d, u and U, which change what a line or a letter is, do not.
func compilePattern(text, flags string) (*pattern, error) {
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
			return &pattern{linear: linear}, nil
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
	return &pattern{other: other}, nil
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
