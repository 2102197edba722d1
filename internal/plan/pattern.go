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
	whole := `\A(?:` + javaDots(text) + `)\z`
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

// javaDot is what "." matches in Java: all but its line terminators. RE2 and .NET leave
// out the line feed alone.
const javaDot = `[^\n\r\x{85}\x{2028}\x{2029}]`

// javaDots spells out the dots of a pattern. Dots in classes, behind a backslash or
// under (?s), where they mean something else, stay.
func javaDots(text string) string {
	if strings.IndexByte(text, '.') < 0 || strings.Contains(text, "(?") || strings.Contains(text, `\Q`) {
		return text
	}
	var b strings.Builder
	inClass := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			b.WriteByte(c)
			i++
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c == '.' && !inClass:
			b.WriteString(javaDot)
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
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
