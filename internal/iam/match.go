package iam

import (
	"strings"
	"unicode/utf8"
)

// maxVariables is how many policy variables of one pattern are resolved without allocating.
const maxVariables = 4

// tokenKind is a piece of a pattern.
type tokenKind uint8

const (
	literalToken  tokenKind = iota
	anyToken                // "*": any characters
	oneToken                // "?": one character
	variableToken           // ${key} or ${key, 'default'}
)

type token struct {
	kind       tokenKind
	text       string // of a literal; the key of a variable
	derived    derivedKey
	fallback   string
	hasDefault bool
}

// glob is a compiled pattern: text with wildcards and policy variables.
type glob struct {
	text      string
	tokens    []token
	variables int
	fold      bool // compare without regard to ASCII case
}

// globOptions says what is special in a pattern's text.
type globOptions struct {
	wildcards, variables, fold bool
}

// compileGlob reads a pattern. "${*}", "${?}" and "${$}" stand for the plain character.
func compileGlob(text string, options globOptions) glob {
	g := glob{text: text, fold: options.fold}
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			g.tokens = append(g.tokens, token{text: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		if options.variables && strings.HasPrefix(text[i:], "${") {
			if end := strings.IndexByte(text[i:], '}'); end > 0 {
				inside := text[i+2 : i+end]
				i += end
				if inside == "*" || inside == "?" || inside == "$" {
					literal.WriteString(inside)
					continue
				}
				flush()
				g.tokens = append(g.tokens, variable(inside))
				g.variables++
				continue
			}
		}
		switch c := text[i]; {
		case options.wildcards && c == '*':
			flush()
			if last := len(g.tokens) - 1; last < 0 || g.tokens[last].kind != anyToken {
				g.tokens = append(g.tokens, token{kind: anyToken})
			}
		case options.wildcards && c == '?':
			flush()
			g.tokens = append(g.tokens, token{kind: oneToken})
		default:
			literal.WriteByte(c)
		}
	}
	flush()
	return g
}

// variable reads the inside of ${…}: a key, and perhaps a default in single quotes.
func variable(inside string) token {
	key, rest, _ := strings.Cut(inside, ",")
	v := token{kind: variableToken, text: strings.TrimSpace(key)}
	rest = strings.TrimSpace(rest)
	if len(rest) >= 2 && rest[0] == '\'' && rest[len(rest)-1] == '\'' {
		v.fallback, v.hasDefault = rest[1:len(rest)-1], true
	}
	v.derived = derivedKeyOf(v.text)
	return v
}

// match is the outcome of comparing: a variable that has no value makes its whole statement inapplicable.
type match uint8

const (
	noMatch match = iota
	matches
	unresolved
)

func matchIf(b bool) match {
	if b {
		return matches
	}
	return noMatch
}

// match compares a string with the pattern.
func (g *glob) match(s string, req *Request) match {
	if g.variables == 0 {
		// Most parts of ARNs are one word or "*".
		if len(g.tokens) == 1 && g.tokens[0].kind == anyToken {
			return matches
		}
		if len(g.tokens) == 1 && g.tokens[0].kind == literalToken && len(g.tokens[0].text) != len(s) {
			return noMatch
		}
		return matchIf(g.matchTokens(s, nil))
	}
	var space [maxVariables]string
	values := space[:0]
	for i := range g.tokens {
		if g.tokens[i].kind != variableToken {
			continue
		}
		value, found := req.variable(&g.tokens[i])
		if !found {
			return unresolved
		}
		values = append(values, value)
	}
	return matchIf(g.matchTokens(s, values))
}

// matchTokens compares from left to right; on a difference the last "*" takes one more character. That is
// enough: what the earlier ones took can only be given back to the last.
func (g *glob) matchTokens(s string, values []string) bool {
	tokens := g.tokens
	at, token, used := 0, 0, 0
	star, starAt, starUsed := -1, 0, 0
	for {
		if token == len(tokens) {
			if at == len(s) {
				return true
			}
		} else {
			t := &tokens[token]
			if t.kind == anyToken {
				star, starAt, starUsed = token, at, used
				token++
				continue
			}
			text := t.text
			if t.kind == variableToken {
				text = values[used]
			}
			if width, ok := g.matchOne(t.kind, text, s[at:]); ok {
				if t.kind == variableToken {
					used++
				}
				at, token = at+width, token+1
				continue
			}
		}
		if star < 0 || starAt == len(s) {
			return false
		}
		_, width := utf8.DecodeRuneInString(s[starAt:])
		starAt += width
		at, token, used = starAt, star+1, starUsed
	}
}

// matchOne compares one token with the start of s, and says how much of it that took.
func (g *glob) matchOne(kind tokenKind, text, s string) (int, bool) {
	if kind == oneToken {
		_, width := utf8.DecodeRuneInString(s)
		return width, width > 0
	}
	if len(s) < len(text) {
		return 0, false
	}
	if g.fold {
		return len(text), equalFoldASCII(s[:len(text)], text)
	}
	return len(text), s[:len(text)] == text
}

func equalFoldASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if a[i] != b[i] && lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// arnParts is how many parts an ARN has; the last one may hold more colons.
const arnParts = 6

// arnGlob is a pattern that is compared part by part, so that a "*" stays between its colons. In the last part,
// and as the last character of a shorter pattern, it takes everything, colons and slashes included: that is what
// API Gateway's "arn:…:api-id/stage/*" rests on.
type arnGlob struct {
	text  string
	plain bool // not an ARN: one glob
	parts []glob
}

func compileARN(text string, options globOptions) arnGlob {
	if !strings.HasPrefix(text, "arn:") {
		return arnGlob{text: text, plain: true, parts: []glob{compileGlob(text, options)}}
	}
	a := arnGlob{text: text}
	for _, part := range strings.SplitN(text, ":", arnParts) {
		a.parts = append(a.parts, compileGlob(part, options))
	}
	return a
}

func (a *arnGlob) match(s string, req *Request) match {
	for i := range a.parts {
		if i == len(a.parts)-1 {
			if !a.plain && len(a.parts) < arnParts && !strings.HasSuffix(a.parts[i].text, "*") &&
				strings.IndexByte(s, ':') >= 0 {
				return noMatch
			}
			return a.parts[i].match(s, req)
		}
		part, rest, found := strings.Cut(s, ":")
		if !found {
			return noMatch
		}
		if m := a.parts[i].match(part, req); m != matches {
			return m
		}
		s = rest
	}
	return noMatch
}
