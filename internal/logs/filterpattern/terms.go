package filterpattern

import (
	"regexp"
	"strings"
	"unicode"
)

// term is one term of an unstructured pattern.
type term struct {
	text    string
	pattern *regexp.Regexp // for %…%
}

func (t *term) in(message string) bool {
	if t.pattern != nil {
		return t.pattern.MatchString(message)
	}
	return strings.Contains(message, t.text)
}

// terms is an unstructured pattern. Terms are compared with case.
type terms struct{ required, optional, excluded []term }

// compileTerms reads terms, "phrases", ?optional, -excluded and %regular expressions%.
func compileTerms(text string) (*Pattern, error) {
	var all terms
	s := scanner{text: text}
	for s.skipSpace(); !s.done(); s.skipSpace() {
		list := &all.required
		switch s.peek() {
		case '?':
			list = &all.optional
			s.pos++
		case '-':
			list = &all.excluded
			s.pos++
		}
		one, err := s.term()
		if err != nil {
			return nil, err
		}
		*list = append(*list, one)
	}
	return &Pattern{all.match}, nil
}

// match: optional terms count only when there is nothing else; with other terms AWS
// ignores them.
func (t *terms) match(message string) bool {
	for i := range t.excluded {
		if t.excluded[i].in(message) {
			return false
		}
	}
	for i := range t.required {
		if !t.required[i].in(message) {
			return false
		}
	}
	if len(t.required)+len(t.excluded) > 0 || len(t.optional) == 0 {
		return true
	}
	for i := range t.optional {
		if t.optional[i].in(message) {
			return true
		}
	}
	return false
}

// term reads a word, a phrase in quotes, or a regular expression. Words with other
// characters than letters, digits and underscores must stand in quotes.
func (s *scanner) term() (term, error) {
	if s.done() {
		return term{}, invalid("a term is missing at the end")
	}
	switch s.peek() {
	case '"':
		text, err := s.quoted()
		return term{text: text}, err
	case '%':
		pattern, err := s.regularExpression()
		return term{pattern: pattern}, err
	}
	start := s.pos
	for !s.done() && !isSpace(s.peek()) && s.peek() != '"' {
		s.pos++
	}
	word := s.text[start:s.pos]
	if word == "" || strings.ContainsFunc(word, needsQuotes) {
		return term{}, invalidTerm(word)
	}
	return term{text: word}, nil
}

func needsQuotes(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// scanner reads a pattern from left to right.
type scanner struct {
	text string
	pos  int

	regularExpressions int
}

func (s *scanner) done() bool { return s.pos >= len(s.text) }
func (s *scanner) peek() byte { return s.text[s.pos] }
func (s *scanner) rest() string {
	return s.text[s.pos:]
}

func (s *scanner) skipSpace() {
	for !s.done() && isSpace(s.peek()) {
		s.pos++
	}
}

// take consumes a token when it comes next.
func (s *scanner) take(token string) bool {
	s.skipSpace()
	if !strings.HasPrefix(s.rest(), token) {
		return false
	}
	s.pos += len(token)
	return true
}

// takeWord consumes a keyword, whatever its case, that no letter follows.
func (s *scanner) takeWord(word string) bool {
	s.skipSpace()
	rest := s.rest()
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return false
	}
	if len(rest) > len(word) && isWord(rest[len(word)]) {
		return false
	}
	s.pos += len(word)
	return true
}

// quoted reads "…", in which \" is a quote and \\ a backslash.
func (s *scanner) quoted() (string, error) {
	var b strings.Builder
	for s.pos++; !s.done(); s.pos++ {
		switch c := s.peek(); {
		case c == '"':
			s.pos++
			return b.String(), nil
		case c == '\\' && s.pos+1 < len(s.text) && (s.text[s.pos+1] == '"' || s.text[s.pos+1] == '\\'):
			s.pos++
			b.WriteByte(s.peek())
		default:
			b.WriteByte(c)
		}
	}
	return "", invalid("a quote is not closed")
}

// What AWS takes of regular expressions (its page on filter patterns): how many in one
// pattern, and which characters. That a space is among them is unconfirmed.
const (
	maxRegularExpressions = 2
	regularCharacters     = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_#=@/;,-^$?[]{}|\\*+. "
)

// regularExpression reads %…%.
func (s *scanner) regularExpression() (*regexp.Regexp, error) {
	s.pos++
	end := strings.IndexByte(s.rest(), '%')
	if end < 0 {
		return nil, invalid("a regular expression is not closed")
	}
	text := s.rest()[:end]
	s.pos += end + 1
	if s.regularExpressions++; s.regularExpressions > maxRegularExpressions {
		return nil, invalid("more than %d regular expressions", maxRegularExpressions)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune(regularCharacters, r) }) {
		return nil, invalidTerm(text)
	}
	pattern, err := regexp.Compile(text)
	if err != nil {
		return nil, invalid("%v", err)
	}
	return pattern, nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
