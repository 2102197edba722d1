package schema

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// patternTimeout bounds the backtracking of the patterns that RE2 cannot run.
const patternTimeout = 50 * time.Millisecond

// pattern is a model's pattern, compiled when it is first needed: most requests need none.
type pattern struct {
	compile func() func(string) bool
}

func newPattern(source string) *pattern {
	return &pattern{compile: sync.OnceValue(func() func(string) bool { return compilePattern(source) })}
}

// compilePattern returns a function that reports whether a whole string matches. The models
// write Java's syntax; the few patterns with look-around run in regexp2.
func compilePattern(source string) func(string) bool {
	if re, err := regexp.Compile(`^(?:` + unicodeEscapes(source) + `)$`); err == nil {
		return re.MatchString
	}
	re := regexp2.MustCompile(`^(?:`+source+`)\z`, regexp2.None)
	re.MatchTimeout = patternTimeout
	return func(value string) bool {
		matched, err := re.MatchString(value)
		return err == nil && matched
	}
}

// unicodeEscapes turns Java's \uXXXX into RE2's \x{XXXX}. A surrogate is no rune of its own in
// Go; the ranges that name one mean "to the end of the plane".
func unicodeEscapes(source string) string {
	var out strings.Builder
	for i := 0; i < len(source); i++ {
		if strings.HasPrefix(source[i:], `\u`) && i+6 <= len(source) {
			out.WriteString(`\x{` + source[i+2:i+6] + `}`)
			i += 5
			continue
		}
		out.WriteByte(source[i])
	}
	return out.String()
}

// Matches reports whether a string satisfies the shape's pattern; a shape without one takes any.
func (s *Shape) Matches(value string) bool {
	return s.pattern == nil || s.pattern.compile()(value)
}
