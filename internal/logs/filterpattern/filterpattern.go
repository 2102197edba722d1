// Package filterpattern parses and matches the filter patterns of CloudWatch Logs: terms,
// JSON selectors and space-delimited fields.
//
// A pattern is parsed once and matched against many messages; it holds no state and
// knows nothing of log groups. What AWS's documentation leaves open is marked
// "unconfirmed" where it is decided.
//
// Begin at Compile; terms.go, json.go and fields.go are the three languages,
// condition.go is the syntax that the last two share.
package filterpattern

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaximumLength is the longest pattern, characters (the API's model).
const MaximumLength = 1024

// Pattern decides which messages to keep.
type Pattern struct{ matches func(message string) bool }

// Match says whether a message satisfies the pattern.
func (p *Pattern) Match(message string) bool { return p.matches(message) }

// ErrInvalid is what Compile wraps; ErrTerm, too, where a term has a character that needs
// quotes, or a regular expression has one that AWS does not take.
var (
	ErrInvalid = errors.New("invalid filter pattern")
	ErrTerm    = errors.New("Invalid character(s) in term") //nolint:staticcheck // AWS's words, which its clients show
)

// Compile parses a pattern. One that is empty or blank matches everything.
func Compile(text string) (*Pattern, error) {
	text = strings.TrimSpace(text)
	if len(text) > MaximumLength {
		return nil, fmt.Errorf("%w: longer than %d characters", ErrInvalid, MaximumLength)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("%w: not UTF-8", ErrInvalid)
	}
	switch {
	case text == "":
		return &Pattern{func(string) bool { return true }}, nil
	case text[0] == '{':
		return compileJSON(text)
	case text[0] == '[':
		return compileFields(text)
	default:
		return compileTerms(text)
	}
}

func invalidTerm(text string) error { return fmt.Errorf("%w: %w '%s'", ErrInvalid, ErrTerm, text) }

func invalid(format string, values ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, values...)...)
}
