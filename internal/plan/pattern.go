package plan

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

// PatternTimeout bounds one match of a selection pattern that needs backtracking.
const PatternTimeout = 100 * time.Millisecond

// Pattern is a selection pattern: a Java regular expression over a whole text, in
// which "." does not match a line break (observed on AWS).
type Pattern struct {
	text    string
	literal bool            // the text has no special character
	linear  *regexp.Regexp  // RE2, where it means the same
	full    *regexp2.Regexp // otherwise, with a time limit
}

// NewPattern compiles a selection pattern.
func NewPattern(text string) (*Pattern, error) {
	if regexp.QuoteMeta(text) == text {
		return &Pattern{text: text, literal: true}, nil
	}
	whole := `\A(?:` + text + `)\z`
	if linear, err := regexp.Compile(whole); err == nil && !differsInJava(text) {
		return &Pattern{text: text, linear: linear}, nil
	}
	full, err := regexp2.Compile(whole, regexp2.None)
	if err != nil {
		return nil, fmt.Errorf("reading selection pattern %q: %w", text, err)
	}
	full.MatchTimeout = PatternTimeout
	return &Pattern{text: text, full: full}, nil
}

// differsInJava names the constructs that RE2 accepts and Java reads otherwise: the
// flag U, \C and \z-like anchors under flags, and nested character classes.
func differsInJava(text string) bool {
	return strings.Contains(text, "(?U") || strings.Contains(text, `\C`) || strings.Contains(text, "&&") || strings.Contains(text, "[[")
}

// Match reports whether the pattern matches the whole of text. The error is that of a
// match that took longer than PatternTimeout.
func (p *Pattern) Match(text string) (bool, error) {
	switch {
	case p.literal:
		return p.text == text, nil
	case p.linear != nil:
		return p.linear.MatchString(text), nil
	default:
		matched, err := p.full.MatchString(text)
		if err != nil {
			return false, fmt.Errorf("matching selection pattern %q: %w", p.text, err)
		}
		return matched, nil
	}
}

// Text is the pattern as it was written.
func (p *Pattern) Text() string { return p.text }
