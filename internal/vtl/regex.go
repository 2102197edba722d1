package vtl

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"

	"gatehouse/internal/value"
)

// maxMatchTime bounds a match of a pattern RE2 cannot run: such patterns can take exponential time, in Java too.
const maxMatchTime = 200 * time.Millisecond

// maxPattern bounds a pattern, in bytes.
const maxPattern = 10_000

// pattern is a compiled java.util.regex.Pattern. RE2 runs it where it gives what Java gives; regexp2 otherwise.
type pattern struct {
	literal   string // the text the pattern stands for, if isLiteral
	isLiteral bool
	groups    int
	names     map[string]int
	dollar    bool
	boundary  bool
	re2       *regexp.Regexp  // nil if RE2 cannot
	nullable  bool            // may match the empty text, after which Go and Java go on differently
	whole     *regexp.Regexp  // re2 for the whole text
	source    string          // for regexp2
	other     *regexp2.Regexp // compiled from source where it is sure to be needed
}

// compilePattern compiles a pattern; the error is what PatternSyntaxException says.
func compilePattern(source string) (*pattern, error) {
	if len(source) > maxPattern {
		return nil, fmt.Errorf("%w: a pattern of %d bytes", ErrLimit, len(source))
	}
	if literal, ok := literalPattern(source); ok {
		return &pattern{literal: literal, isLiteral: true}, nil
	}
	t := &translator{rest: source, names: map[string]int{}}
	if err := t.alternatives(); err != nil {
		return nil, fmt.Errorf("%w in the pattern %s", err, quote(source))
	}
	if t.rest != "" {
		return nil, errPattern("Unmatched closing ')' in the pattern " + quote(source))
	}
	p := &pattern{groups: t.groups, names: t.names, dollar: t.dollar, boundary: t.boundary, source: string(t.full)}
	if t.needsFull {
		return p.withFull()
	}
	re2 := string(t.re2)
	var err error
	if p.re2, err = regexp.Compile(re2); err != nil {
		return p.withFull()
	}
	p.whole, err = regexp.Compile(`\A(?:` + re2 + `)\z`)
	if parsed, parseErr := syntax.Parse(re2, syntax.Perl); parseErr == nil {
		p.nullable = minLength(parsed) == 0
	}
	if err == nil && p.nullable {
		return p.withFull()
	}
	return p, err
}

// withFull compiles the pattern for regexp2 once for all uses.
func (p *pattern) withFull() (*pattern, error) {
	var err error
	p.other, err = p.full()
	return p, err
}

// literalPattern recognises a pattern that is a text, with or without backslashes before punctuation.
func literalPattern(source string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(source); i++ {
		c := source[i]
		if strings.IndexByte(`.^$|?*+()[]{}`, c) >= 0 {
			return "", false
		}
		if c == '\\' {
			i++
			if i == len(source) || isLetter(source[i]) || isDigit(source[i]) || source[i] >= utf8.RuneSelf {
				return "", false
			}
			c = source[i]
		}
		b.WriteByte(c)
	}
	return b.String(), b.Len() > 0
}

// minLength gives the fewest characters a match can have.
func minLength(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return minLength(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * minLength(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range re.Sub {
			n += minLength(sub)
		}
		return n
	case syntax.OpAlternate:
		n := minLength(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			n = min(n, minLength(sub))
		}
		return n
	}
	return 0
}

// full compiles the pattern for regexp2.
func (p *pattern) full() (*regexp2.Regexp, error) {
	if p.other != nil {
		return p.other, nil
	}
	re, err := regexp2.Compile(p.source, regexp2.None)
	if err != nil {
		return nil, fmt.Errorf("compiling a pattern: %w", err)
	}
	re.MatchTimeout = maxMatchTime
	return re, nil
}

// fits reports whether RE2 gives Java's answer for the text.
func (p *pattern) fits(text string) bool {
	return p.re2 != nil && (!p.boundary || isASCII(text)) && (!p.dollar || !strings.ContainsAny(text, "\n\r\u0085\u2028\u2029"))
}

// matches is String.matches: the whole text.
func (p *pattern) matches(text string) (bool, error) {
	switch {
	case p.isLiteral:
		return text == p.literal, nil
	case p.fits(text):
		return p.whole.MatchString(text), nil
	}
	re, err := regexp2.Compile(`\A(?:`+p.source+`)\z`, regexp2.None)
	if err != nil {
		return false, fmt.Errorf("compiling a pattern: %w", err)
	}
	re.MatchTimeout = maxMatchTime
	ok, err := re.MatchString(text)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrLimit, err)
	}
	return ok, nil
}

// find gives the matches, at most limit of them if that is positive: for each the bounds of the match and of its groups, in bytes, -1 for a
// group that took no part.
func (p *pattern) find(text string, limit int) ([][]int, error) {
	if limit <= 0 {
		limit = -1
	}
	switch {
	case p.isLiteral:
		return findLiteral(text, p.literal, limit), nil
	case p.fits(text) && !p.nullable:
		return p.re2.FindAllStringSubmatchIndex(text, limit), nil
	}
	return p.findFull(text, limit)
}

func findLiteral(text, literal string, limit int) [][]int {
	var found [][]int
	for from := 0; len(found) != limit; {
		i := strings.Index(text[from:], literal)
		if i < 0 {
			break
		}
		found = append(found, []int{from + i, from + i + len(literal)})
		from += i + len(literal)
	}
	return found
}

// findFull goes on after an empty match at the next character, as Java does.
func (p *pattern) findFull(text string, limit int) ([][]int, error) {
	re, err := p.full()
	if err != nil {
		return nil, err
	}
	runes := []rune(text)
	offsets := make([]int, len(runes)+1)
	for i, n := 0, 0; i < len(runes); i++ {
		_, size := utf8.DecodeRuneInString(text[n:])
		n += size
		offsets[i+1] = n
	}
	deadline := time.Now().Add(maxMatchTime) //nolint:forbidigo // a bound on work, which no result shows
	var found [][]int
	for at := 0; at <= len(runes) && len(found) != limit; {
		match, err := re.FindRunesMatchStartingAt(runes, at)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrLimit, err)
		}
		if match == nil {
			break
		}
		found = append(found, bounds(match, offsets))
		at = match.Index + match.Length
		if match.Length == 0 {
			at++
		}
		if time.Now().After(deadline) { //nolint:forbidigo // as above
			return nil, fmt.Errorf("%w: matching took more than %s", ErrLimit, maxMatchTime)
		}
	}
	return found, nil
}

func bounds(match *regexp2.Match, offsets []int) []int {
	var b []int
	for _, group := range match.Groups() {
		if len(group.Captures) == 0 {
			b = append(b, -1, -1)
			continue
		}
		b = append(b, offsets[group.Index], offsets[group.Index+group.Length])
	}
	return b
}

// replace puts the replacement for the matches.
func (p *pattern) replace(text, replacement string, limit int) (string, error) {
	found, err := p.find(text, limit)
	if err != nil || len(found) == 0 {
		return text, err
	}
	var b []byte
	from := 0
	plain := strings.IndexByte(replacement, '\\') < 0 && strings.IndexByte(replacement, '$') < 0
	for _, match := range found {
		b = append(b, text[from:match[0]]...)
		if plain {
			b = append(b, replacement...)
		} else if b, err = p.expand(b, text, replacement, match); err != nil {
			return "", err
		}
		from = match[1]
		if len(b) > MaxOutput {
			return "", fmt.Errorf("%w: a string of %d bytes", ErrLimit, len(b))
		}
	}
	return string(append(b, text[from:]...)), nil
}

// expand appends a replacement: \x is x, $1 and ${name} are groups.
func (p *pattern) expand(dst []byte, text, replacement string, match []int) ([]byte, error) {
	for i := 0; i < len(replacement); {
		switch c := replacement[i]; c {
		case '\\':
			if i+1 == len(replacement) {
				return nil, errPattern("character to be escaped is missing")
			}
			dst = append(dst, replacement[i+1])
			i += 2
		case '$':
			group, n, err := p.groupReference(replacement[i+1:])
			if err != nil {
				return nil, err
			}
			if group*2+1 < len(match) && match[group*2] >= 0 {
				dst = append(dst, text[match[group*2]:match[group*2+1]]...)
			}
			i += 1 + n
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst, nil
}

// groupReference reads behind "$": a name in braces or a number, of which digits are taken while there is such a group.
func (p *pattern) groupReference(s string) (group, length int, err error) {
	if hasPrefix(s, "{") {
		name, _, ok := strings.Cut(s[1:], "}")
		group, known := p.names[name]
		switch {
		case !ok || identifier(name) == 0:
			return 0, 0, errPattern("named capturing group is missing trailing '}'")
		case !known:
			return 0, 0, fmt.Errorf("No group with name {%s}", name) //nolint:staticcheck,revive // Java's words
		}
		return group, len(name) + 2, nil
	}
	if s == "" || !isDigit(s[0]) {
		return 0, 0, errPattern("Illegal group reference")
	}
	group, length = int(s[0]-'0'), 1
	for length < len(s) && isDigit(s[length]) && group*10+int(s[length]-'0') <= p.groups {
		group = group*10 + int(s[length]-'0')
		length++
	}
	if group > p.groups {
		return 0, 0, fmt.Errorf("No group %d", group) //nolint:staticcheck,revive // Java's words
	}
	return group, length, nil
}

// split is String.split.
func (p *pattern) split(text string, limit int) ([]string, error) {
	matches, err := p.find(text, 0)
	if err != nil {
		return nil, err
	}
	var parts []string
	from := 0
	for _, m := range matches {
		if limit > 0 && len(parts) == limit-1 {
			break
		}
		if m[1] == 0 { // an empty match at the start makes no part
			continue
		}
		parts = append(parts, text[from:m[0]])
		from = m[1]
	}
	if from == 0 && len(parts) == 0 {
		return []string{text}, nil
	}
	parts = append(parts, text[from:])
	for limit == 0 && len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts, nil
}

// pattern compiles the pattern of a call, once where it is constant.
func (ex *Execution) pattern(v value.Value) (*pattern, error) {
	if v.IsNull() {
		return nil, errNullArgument
	}
	ex.step(len(v.Str()), 0)
	if ex.site.pattern != nil {
		return ex.site.pattern, nil
	}
	return compilePattern(v.Str())
}

// preparePattern compiles the pattern of a call where it is constant. One that is wrong fails when it is used.
func (s *CallSite) preparePattern(first expression) {
	switch s.Method {
	case "matches", "replaceAll", "replaceFirst", "split":
	default:
		return
	}
	if c, ok := first.(*constant); ok && c.v.Kind() == value.KindString {
		if p, err := compilePattern(c.v.Str()); err == nil {
			s.pattern = p
		}
	}
}

// stringRegexMethods are java.lang.String's with regular expressions.
var stringRegexMethods = []method{
	{name: "matches", formals: oneString, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		p, err := ex.pattern(a[0])
		if err != nil {
			return value.Value{}, err
		}
		ex.step(len(v.Str()), 0)
		ok, err := p.matches(v.Str())
		return value.OfBool(ok), err
	}},
	{name: "replaceAll", formals: twoStrings, call: replacing(0)},
	{name: "replaceFirst", formals: twoStrings, call: replacing(1)},
	{name: "split", formals: oneString, call: splitting}, {name: "split", formals: stringInt, call: splitting},
}

func replacing(limit int) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		p, err := ex.pattern(a[0])
		if err != nil || a[1].IsNull() {
			return value.Value{}, firstError(err, errNullArgument)
		}
		ex.step(len(v.Str()), 0)
		text, err := p.replace(v.Str(), a[1].Str(), limit)
		ex.allocate(len(text), 0)
		return value.OfString(text), err
	}
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func splitting(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
	p, err := ex.pattern(a[0])
	if err != nil {
		return value.Value{}, err
	}
	limit := 0
	if len(a) > 1 {
		limit = int(a[1].Int())
	}
	ex.step(len(v.Str()), 0)
	parts, err := p.split(v.Str(), limit)
	if err != nil || !ex.allocate(bytesOf(len(parts)), 0) {
		return value.Value{}, err
	}
	items := make([]value.Value, len(parts))
	for i, part := range parts {
		items[i] = value.OfString(part)
	}
	return value.OfObject(&arrayObject{"[Ljava.lang.String;", items}), nil
}
