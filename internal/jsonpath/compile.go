package jsonpath

import (
	"strconv"
	"strings"

	"gatehouse/internal/value"
)

// compiler reads one path. Its methods return false after they have noted an error.
type compiler struct {
	*cursor
	tokens []token
	depth  int
	reason string
}

// Compile compiles a path. A text that begins with neither "$" nor "@" counts as what follows "$.". The error is a *SyntaxError.
func Compile(text string) (*Path, error) { return compileNested(text, 0) }

// maxNesting bounds filters in filters, and paths as arguments of functions.
const maxNesting = 50

func compileNested(text string, depth int) (*Path, error) {
	switch {
	case text == "":
		return nil, &SyntaxError{Path: text, Reason: "it is empty"}
	case len(text) > maxPathLength:
		return nil, &SyntaxError{Path: text[:100] + "…", Reason: "it is too long"}
	case depth > maxNesting:
		return nil, &SyntaxError{Path: text, Reason: "it nests too deep"}
	}
	full := text
	if text[0] != '$' && text[0] != '@' {
		full = "$." + text
	}
	c := compiler{cursor: newCursor(full), depth: depth}
	c.trim()
	if c.at(c.end) == '.' {
		return nil, &SyntaxError{Path: text, Reason: "it ends with a period"}
	}
	if !c.root() {
		return nil, &SyntaxError{Path: text, Reason: c.reason}
	}
	return newPath(text, full[0] == '$', c.tokens), nil
}

func (c *compiler) fail(reason string) bool {
	if c.reason == "" {
		c.reason = reason + " at position " + strconv.Itoa(c.pos)
	}
	return false
}

func (c *compiler) add(t token) { c.tokens = append(c.tokens, t) }

// root reads "$" or "@" and everything behind it.
func (c *compiler) root() bool {
	if c.isTail() {
		return true
	}
	c.pos++
	if ch := c.current(); ch != '.' && ch != '[' {
		return c.fail("'.' or '[' expected")
	}
	for more := true; more; more = !c.isTail() {
		if !c.next() {
			return c.fail("no step of a path")
		}
	}
	return true
}

// next reads one token. A single character behind it is ignored: the caller asks isTail.
func (c *compiler) next() bool {
	switch c.current() {
	case '[':
		return c.bracket()
	case '.':
		return c.dot()
	case '*':
		c.pos++
		c.add(token{kind: tokenWildcard})
		return true
	default:
		return c.nameOrFunction()
	}
}

// dot reads "." or ".." and the token behind it.
func (c *compiler) dot() bool {
	if c.in(c.pos+1) && c.at(c.pos+1) == '.' {
		c.add(token{kind: tokenScan})
		c.pos++
	}
	c.pos++
	if !c.in(c.pos) || c.current() == '.' {
		return c.fail("a name expected")
	}
	return c.next()
}

// bracket reads what stands in square brackets.
func (c *compiler) bracket() bool {
	first := c.significant(c.pos)
	if first < 0 {
		return c.fail("']' expected")
	}
	switch ch := c.text[first]; {
	case ch == '\'' || ch == '"':
		return c.bracketNames(ch)
	case ch >= '0' && ch <= '9', ch == '-', ch == ':':
		return c.bracketIndexes()
	case ch == '*':
		closer := c.nextIs(first, ']')
		if closer < 0 {
			return c.fail("']' expected behind '*'")
		}
		c.pos = closer + 1
		c.add(token{kind: tokenWildcard})
		return true
	case ch == '?':
		return c.bracketFilter(first)
	default:
		return c.fail("?, ', \", a digit or * expected")
	}
}

// bracketNames reads ['name'] and ['name','other'].
func (c *compiler) bracketNames(quote byte) bool {
	var names []string
	start, end := c.pos+1, 0
	inName, escaped, comma := false, false, false
	i := start
scan:
	for ; c.in(i); i++ {
		switch ch := c.text[i]; {
		case escaped:
			escaped = false
		case ch == '\\':
			escaped = true
		case ch == ']' && !inName:
			if comma {
				return c.fail("an empty name")
			}
			break scan
		case ch == quote && inName:
			if follow := c.significant(i); follow < 0 || c.text[follow] != ']' && c.text[follow] != ',' {
				return c.fail("',' or ']' expected behind a name")
			}
			end = i
			name, ok := unescape(c.text[start:end])
			if !ok {
				return c.fail("a bad escape")
			}
			names = append(names, name)
			inName = false
		case ch == quote:
			start = i + 1
			inName, comma = true, false
		case ch == ',' && !inName:
			if comma {
				return c.fail("an empty name")
			}
			comma = true
		}
	}
	closer := c.nextIs(end, ']')
	if inName || closer < 0 || len(names) == 0 {
		return c.fail("a name is not closed")
	}
	c.pos = closer + 1
	c.add(token{kind: tokenNames, names: names})
	return true
}

// bracketIndexes reads [0], [0,1] and slices. The step of [0:4:2] is ignored.
func (c *compiler) bracketIndexes() bool {
	end := c.indexFrom(c.pos+1, ']')
	if end < 0 {
		return c.fail("']' expected")
	}
	text := strings.Trim(c.text[c.pos+1:end], " ")
	if strings.Trim(text, "0123456789-,: ") != "" {
		return c.fail("a number expected")
	}
	t, ok := parseIndexes(text)
	if strings.Contains(text, ":") {
		t, ok = parseSlice(text)
	}
	if !ok {
		return c.fail("no indexes: " + text)
	}
	c.pos = end + 1
	c.add(t)
	return true
}

func parseIndexes(text string) (token, bool) {
	t := token{kind: tokenIndexes}
	for _, part := range strings.Split(strings.TrimRight(text, ","), ",") {
		n, err := strconv.ParseInt(strings.Trim(part, " "), 10, 32)
		if err != nil {
			return token{}, false
		}
		t.indexes = append(t.indexes, int(n))
	}
	return t, true
}

func parseSlice(text string) (token, bool) {
	if strings.ContainsAny(text, ", ") {
		return token{}, false
	}
	parts := append(strings.Split(text, ":"), "")
	var ends [2]int
	for i := range ends {
		if parts[i] == "" {
			continue
		}
		n, err := strconv.ParseInt(parts[i], 10, 32)
		if err != nil {
			return token{}, false
		}
		ends[i] = int(n)
	}
	t := token{kind: tokenSlice, indexes: ends[:]}
	switch {
	case parts[0] != "" && parts[1] != "":
		t.slice = sliceBetween
	case parts[0] != "":
		t.slice = sliceFrom
	case parts[1] != "":
		t.slice = sliceTo
	default:
		return token{}, false
	}
	return t, true
}

// bracketFilter reads [?(…)], from the question mark at mark.
func (c *compiler) bracketFilter(mark int) bool {
	open := c.nextIs(mark, '(')
	if open < 0 {
		return c.fail("'(' expected behind '?'")
	}
	closer := c.closing(open, true)
	if closer < 0 {
		return c.fail("a filter is not closed")
	}
	end := c.nextIs(closer, ']')
	if end < 0 {
		return c.fail("']' expected behind a filter")
	}
	filter, reason := compileFilter(c.text[open:closer+1], c.depth)
	if reason != "" {
		return c.fail(reason)
	}
	c.pos = end + 1
	c.add(token{kind: tokenFilter, filter: filter})
	return true
}

// nameOrFunction reads a name up to the next period or bracket, or a function and its arguments.
func (c *compiler) nameOrFunction() bool {
	if ch := c.current(); !c.in(c.pos) || ch == ' ' {
		return c.fail("a name expected")
	}
	start, end := c.pos, c.pos
	for c.in(end) && c.text[end] != '.' && c.text[end] != '[' && c.text[end] != '(' {
		if c.text[end] == ' ' {
			return c.fail("a name with blanks needs ['…']")
		}
		end++
	}
	name := c.text[start:end]
	c.pos = end
	if !c.in(end) || c.text[end] != '(' {
		c.add(token{kind: tokenNames, names: []string{name}})
		return true
	}
	if !c.balanced(end) {
		return c.fail("the arguments of " + name + " are not closed")
	}
	t := token{kind: tokenFunction, function: name}
	if c.at(end+1) == ')' {
		c.pos = end + 1 // on the parenthesis: what follows directly becomes a name that begins with it
	} else {
		c.pos = end + 1
		var ok bool
		if t.arguments, ok = c.readArguments(); !ok {
			return c.fail("bad arguments of " + name)
		}
	}
	c.add(t)
	return true
}

// balanced reports whether the parenthesis at open is closed.
func (c *compiler) balanced(open int) bool {
	opened := 1
	for i := open + 1; c.in(i) && opened > 0; i++ {
		switch c.text[i] {
		case '(':
			opened++
		case ')':
			opened--
		}
	}
	return opened == 0
}

// unescape undoes backslashes in a name or string of a path.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, true
	}
	var dst []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			dst = append(dst, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'r':
			dst = append(dst, '\r')
		case 'f':
			dst = append(dst, '\f')
		case 't':
			dst = append(dst, '\t')
		case 'n':
			dst = append(dst, '\n')
		case 'b':
			dst = append(dst, '\b')
		case 'u':
			if len(s)-i <= 4 {
				return string(dst), true
			}
			unit, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
			if err != nil {
				return "", false
			}
			dst = value.AppendUnit(dst, uint16(unit))
			i += 4
		default:
			dst = append(dst, s[i])
		}
	}
	return string(dst), true
}
