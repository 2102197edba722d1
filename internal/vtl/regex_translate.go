package vtl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translator reads a regular expression of java.util.regex and writes it for Go's regexp (RE2) and for regexp2 at once. What RE2 cannot
// do (lookaround, back references, atomic groups) marks the pattern as needing regexp2.
type translator struct {
	rest      string
	re2, full []byte
	needsFull bool
	boundary  bool // has a "\b", which knows letters of US-ASCII only in RE2
	dollar    bool // has a "$", which is the end of the text for RE2: right only where the text has no line ends
	groups    int
	names     map[string]int
	flags     regexFlags
	depth     int
}

// regexFlags are those that change how the pattern is translated.
type regexFlags struct{ ignoreCase, multiline, dotAll, comments bool }

// endOfText is Java's "$": the end, or before a line end that is last.
const endOfText = `(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?\z)`

func errPattern(message string) error { return errors.New(message) }

// write appends to both patterns.
func (t *translator) write(re2, full string) {
	t.re2 = append(t.re2, re2...)
	t.full = append(t.full, full...)
}

// onlyFull appends what RE2 has not.
func (t *translator) onlyFull(s string) {
	t.needsFull = true
	t.full = append(t.full, s...)
}

// next takes one character.
func (t *translator) next() rune {
	r, n := decode(t.rest)
	t.rest = t.rest[n:]
	return r
}

func (t *translator) accept(s string) bool {
	if !hasPrefix(t.rest, s) {
		return false
	}
	t.rest = t.rest[len(s):]
	return true
}

// alternatives reads up to the end or a closing parenthesis.
func (t *translator) alternatives() error {
	t.depth++
	defer func() { t.depth-- }()
	if t.depth > maxNesting {
		return errPattern("the pattern is nested too deeply")
	}
	flags := t.flags
	defer func() { t.flags = flags }()
	for t.rest != "" && t.rest[0] != ')' {
		if t.accept("|") {
			t.write("|", "|")
			continue
		}
		if err := t.piece(); err != nil {
			return err
		}
	}
	return nil
}

// piece reads an atom and what repeats it.
func (t *translator) piece() error {
	if t.flags.comments && t.skipComment() {
		return nil
	}
	mark := len(t.full)
	if err := t.atom(); err != nil {
		return err
	}
	return t.repeat(mark)
}

// skipComment skips blanks and comments under (?x).
func (t *translator) skipComment() bool {
	if t.rest[0] == '#' {
		i := strings.IndexByte(t.rest, '\n')
		if i < 0 {
			i = len(t.rest) - 1
		}
		t.rest = t.rest[i+1:]
		return true
	}
	if strings.IndexByte(" \t\n\v\f\r", t.rest[0]) >= 0 {
		t.rest = t.rest[1:]
		return true
	}
	return false
}

// repeat reads ?, *, + and {n,m}, greedy, lazy or possessive, for the atom that begins at mark.
func (t *translator) repeat(mark int) error {
	quantifier := ""
	switch {
	case t.accept("*"):
		quantifier = "*"
	case t.accept("+"):
		quantifier = "+"
	case t.accept("?"):
		quantifier = "?"
	case hasPrefix(t.rest, "{"):
		var err error
		if quantifier, err = t.counts(); err != nil {
			return err
		}
	default:
		return nil
	}
	switch {
	case t.accept("?"):
		quantifier += "?"
	case t.accept("+"):
		atom := string(t.full[mark:])
		t.full = t.full[:mark]
		t.onlyFull("(?>" + atom + quantifier + ")")
		return nil
	}
	t.write(quantifier, quantifier)
	return nil
}

// maxCount is the most repetitions RE2 takes.
const maxCount = 1000

// counts reads {n}, {n,} or {n,m}.
func (t *translator) counts() (string, error) {
	end := strings.IndexByte(t.rest, '}')
	if end < 0 {
		return "", errPattern("Unclosed counted closure")
	}
	text := t.rest[1:end]
	low, high, hasHigh := strings.Cut(text, ",")
	n, err := strconv.Atoi(low)
	if err != nil || n < 0 || !isDigit(low[0]) {
		return "", errPattern("Illegal repetition")
	}
	m := n
	if hasHigh && high != "" {
		if m, err = strconv.Atoi(high); err != nil || m < n || !isDigit(high[0]) {
			return "", errPattern("Illegal repetition range")
		}
	}
	if max(n, m) > maxCount {
		t.needsFull = true
	}
	t.rest = t.rest[end+1:]
	return "{" + text + "}", nil
}

func (t *translator) atom() error {
	if t.rest[0] == '{' { // a count of nothing, which Java allows
		t.write("(?:)", "(?:)")
		return nil
	}
	c := t.next()
	switch c {
	case '.':
		if t.flags.dotAll {
			t.write(`(?s:.)`, `[\s\S]`)
		} else {
			t.write(lineEnds.not().emit())
		}
	case '^':
		if t.flags.multiline {
			t.write(`(?m:^)`, `(?:\A|(?<=[\n\r\u0085\u2028\u2029])(?<!\r(?=\n))(?!\z))`)
		} else {
			t.write(`\A`, `\A`)
		}
	case '$':
		t.end()
	case '(':
		return t.group()
	case '[':
		set, err := t.class()
		if err != nil {
			return err
		}
		t.write(set.emit())
	case '\\':
		return t.escape()
	case '*', '+', '?':
		return errPattern("Dangling meta character '" + string(c) + "'")
	default:
		t.write(emitRune(c, false))
	}
	return nil
}

func (t *translator) end() {
	if t.flags.multiline {
		t.needsFull = true
		t.write(`(?m:$)`, `(?:(?=[\r\u0085\u2028\u2029])|(?<!\r)(?=\n)|\z)`)
		return
	}
	t.dollar = true
	t.write(`\z`, endOfText)
}

// group reads behind "(".
func (t *translator) group() error {
	saved := t.flags
	switch {
	case t.accept("?:"):
		t.write("(?:", "(?:")
	case t.accept("?="):
		t.onlyFull("(?=")
	case t.accept("?!"):
		t.onlyFull("(?!")
	case t.accept("?<="):
		t.onlyFull("(?<=")
	case t.accept("?<!"):
		t.onlyFull("(?<!")
	case t.accept("?>"):
		t.onlyFull("(?>")
	case t.accept("?<"):
		name, rest, ok := strings.Cut(t.rest, ">")
		if !ok || identifier(name) != len(name) || strings.ContainsAny(name, "-_") {
			return errPattern("named capturing group is missing trailing '>'")
		}
		t.rest = rest
		t.groups++
		t.names[name] = t.groups
		t.write("(", "(")
	case t.accept("?"):
		done, err := t.inlineFlags()
		if done || err != nil {
			return err
		}
	default:
		t.groups++
		t.write("(", "(")
	}
	if err := t.alternatives(); err != nil {
		return err
	}
	t.flags = saved
	if !t.accept(")") {
		return errPattern("Unclosed group")
	}
	t.write(")", ")")
	return nil
}

// inlineFlags reads (?ims) or (?ims: behind the "?"; done if it was the former.
func (t *translator) inlineFlags() (done bool, err error) {
	on := true
	for {
		switch t.next() {
		case '-':
			on = false
		case 'i':
			t.flags.ignoreCase = on
		case 'm':
			t.flags.multiline = on
		case 's':
			t.flags.dotAll = on
		case 'x':
			t.flags.comments = on
		case 'u', 'U', 'd':
		case ')':
			t.writeCase("", ")")
			return true, nil
		case ':':
			t.writeCase("", ":")
			return false, nil
		default:
			return false, errPattern("Unknown inline modifier")
		}
	}
}

// writeCase writes (?i) or (?-i), the one flag that is left to the engines.
func (t *translator) writeCase(before, after string) {
	s := before + "(?-i" + after
	if t.flags.ignoreCase {
		s = before + "(?i" + after
	}
	t.write(s, s)
}

// escape reads behind a backslash.
func (t *translator) escape() error {
	if t.rest == "" {
		return errPattern(`Unexpected internal error: \ at the end`)
	}
	c := t.rest[0]
	switch {
	case c >= '1' && c <= '9':
		return t.backReference()
	case c == 'k':
		return t.namedReference()
	case c == 'Q':
		text, rest, _ := strings.Cut(t.rest[1:], `\E`)
		t.rest = rest
		for text != "" {
			r, n := decode(text)
			t.write(emitRune(r, false))
			text = text[n:]
		}
		return nil
	}
	switch c {
	case 'b', 'B':
		t.boundary = true
		t.write(`\`+string(c), `\`+string(c))
	case 'A', 'z':
		t.write(`\`+string(c), `\`+string(c))
	case 'Z':
		t.dollar = true
		t.write(`\z`, endOfText)
	case 'G':
		t.onlyFull(`\G`)
	case 'R':
		t.write(`(?:\r\n|[\n\x0B\x0C\r\x{85}\x{2028}\x{2029}])`, `(?:\r\n|[\n\x0B\x0C\r\u0085\u2028\u2029])`)
	case 'E':
	default:
		set, err := t.escapeSet()
		if err != nil {
			return err
		}
		if len(set) == 1 && set[0].low == set[0].high {
			t.write(emitRune(set[0].low, false))
		} else {
			t.write(set.emit())
		}
		return nil
	}
	t.rest = t.rest[1:]
	return nil
}

// backReference reads a group's number: more digits as long as there is such a group.
func (t *translator) backReference() error {
	n := int(t.next() - '0')
	for t.rest != "" && isDigit(t.rest[0]) && n*10+int(t.rest[0]-'0') <= t.groups {
		n = n*10 + int(t.next()-'0')
	}
	if n > t.groups { // a group that is not there matches nothing
		t.onlyFull("(?!)")
		return nil
	}
	t.onlyFull(fmt.Sprintf(`(?:\%d)`, n))
	return nil
}

func (t *translator) namedReference() error {
	name, rest, ok := strings.Cut(strings.TrimPrefix(t.rest, "k<"), ">")
	n := t.names[name]
	if !ok || n == 0 {
		return fmt.Errorf("named capturing group <%s> does not exist", name)
	}
	t.rest = rest
	t.onlyFull(fmt.Sprintf(`(?:\%d)`, n))
	return nil
}

// escapeSet reads behind a backslash what stands for one character, in a class or outside.
func (t *translator) escapeSet() (runeSet, error) {
	c := t.next()
	if c < utf8.RuneSelf {
		if set, ok := letterClasses[byte(c)]; ok {
			return set, nil
		}
		if set, ok := letterClasses[byte(c)|0x20]; ok && c >= 'A' && c <= 'Z' {
			return set.not(), nil
		}
	}
	one := func(r rune) runeSet { return runeSet{{r, r}} }
	switch c {
	case 't':
		return one('\t'), nil
	case 'n':
		return one('\n'), nil
	case 'r':
		return one('\r'), nil
	case 'f':
		return one('\f'), nil
	case 'a':
		return one(7), nil
	case 'e':
		return one(0x1B), nil
	case '0':
		return t.number(8, strings.TrimLeft(t.rest[:min(3, len(t.rest))], "01234567"), "octal")
	case 'x', 'u':
		return t.hexadecimal(c)
	case 'c':
		if t.rest == "" {
			return nil, errPattern("Illegal control escape sequence")
		}
		return one(t.next() ^ 0x40), nil
	case 'p', 'P':
		return t.property(c == 'P')
	}
	if c < utf8.RuneSelf && isLetter(byte(c)) {
		return nil, errPattern("Illegal/unsupported escape sequence")
	}
	return one(c), nil
}

// number reads digits: those of the next three that are not in tail.
func (t *translator) number(radix int, tail, kind string) (runeSet, error) {
	n := min(3, len(t.rest)) - len(tail)
	if n == 3 && t.rest[0] > '3' {
		n = 2
	}
	code, err := strconv.ParseInt(t.rest[:n], radix, 32)
	if err != nil {
		return nil, errPattern("Illegal " + kind + " escape sequence")
	}
	t.rest = t.rest[n:]
	return runeSet{{rune(code), rune(code)}}, nil
}

func (t *translator) hexadecimal(c rune) (runeSet, error) {
	digits, rest := "", ""
	switch {
	case c == 'x' && hasPrefix(t.rest, "{"):
		digits, rest, _ = strings.Cut(t.rest[1:], "}")
	case c == 'x' && len(t.rest) >= 2:
		digits, rest = t.rest[:2], t.rest[2:]
	case c == 'u' && len(t.rest) >= 4:
		digits, rest = t.rest[:4], t.rest[4:]
	}
	code, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || code > maxRune {
		return nil, errPattern("Illegal hexadecimal escape sequence")
	}
	t.rest = rest
	return runeSet{{rune(code), rune(code)}}, nil
}

func (t *translator) property(negate bool) (runeSet, error) {
	name := ""
	switch {
	case hasPrefix(t.rest, "{"):
		var ok bool
		if name, t.rest, ok = strings.Cut(t.rest[1:], "}"); !ok {
			return nil, errPattern("Unclosed character family")
		}
	case t.rest != "":
		name = string(t.next())
	}
	set, err := namedClass(name)
	if negate {
		set = set.not()
	}
	return set, err
}

// class reads behind "[": single characters, ranges, classes inside, and && for what is in both sides.
func (t *translator) class() (runeSet, error) {
	t.depth++
	defer func() { t.depth-- }()
	if t.depth > maxNesting {
		return nil, errPattern("the pattern is nested too deeply")
	}
	negate := t.accept("^")
	set, err := t.classUnion(true)
	if err != nil {
		return nil, err
	}
	for t.accept("&&") {
		right, err := t.classUnion(false)
		if err != nil {
			return nil, err
		}
		set = set.and(right)
	}
	if !t.accept("]") {
		return nil, errPattern("Unclosed character class")
	}
	if negate {
		set = set.not()
	}
	return set, nil
}

func (t *translator) classUnion(first bool) (runeSet, error) {
	var set runeSet
	for ; t.rest != "" && !hasPrefix(t.rest, "&&"); first = false {
		if t.rest[0] == ']' && !first {
			return set, nil
		}
		if t.accept("[") {
			inner, err := t.class()
			if err != nil {
				return nil, err
			}
			set = append(set, inner...)
			continue
		}
		part, err := t.classRange()
		if err != nil {
			return nil, err
		}
		set = append(set, part...)
	}
	return set, nil
}

func (t *translator) classRange() (runeSet, error) {
	low, err := t.classItem()
	if err != nil || len(low) != 1 || low[0].low != low[0].high {
		return low, err
	}
	if !hasPrefix(t.rest, "-") || len(t.rest) < 2 || t.rest[1] == ']' || t.rest[1] == '[' {
		return low, nil
	}
	t.rest = t.rest[1:]
	high, err := t.classItem()
	if err != nil {
		return nil, err
	}
	if len(high) != 1 || high[0].low < low[0].low {
		return nil, errPattern("Illegal character range")
	}
	return runeSet{{low[0].low, high[0].high}}, nil
}

func (t *translator) classItem() (runeSet, error) {
	c := t.next()
	if c != '\\' {
		return runeSet{{c, c}}, nil
	}
	if t.rest == "" {
		return nil, errPattern("Unclosed character class")
	}
	return t.escapeSet()
}
