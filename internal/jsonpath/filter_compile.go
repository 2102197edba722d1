package jsonpath

import (
	"strings"
)

// filterCompiler reads one filter, from parenthesis to parenthesis. Its methods note the first error; what they return is then worthless.
type filterCompiler struct {
	*cursor
	depth  int
	nested int
	failed string
}

// compileFilter compiles the (…) of a filter; reason says why it cannot.
func compileFilter(text string, depth int) (filter expression, reason string) {
	c := filterCompiler{cursor: newCursor(text), depth: depth}
	filter = c.or()
	if c.skipBlanks(); c.in(c.pos) {
		c.fail("the filter goes on behind its end")
	}
	return filter, c.failed
}

func (c *filterCompiler) fail(reason string) {
	if c.failed == "" {
		c.failed = reason + " in filter " + c.text
	}
}

// follows skips blanks and text, if that is what comes next.
func (c *filterCompiler) follows(text string) bool {
	from := c.pos
	c.skipBlanks()
	if c.in(c.pos) && strings.HasPrefix(c.text[c.pos:], text) {
		c.pos += len(text)
		return true
	}
	c.pos = from
	return false
}

// or reads operands joined by ||, and reads those joined by &&.
func (c *filterCompiler) or() expression {
	all := logical{operands: []expression{c.and()}}
	for c.failed == "" && c.follows("||") {
		all.operands = append(all.operands, c.and())
	}
	return all.simple()
}

func (c *filterCompiler) and() expression {
	all := logical{and: true, operands: []expression{c.operand()}}
	for c.failed == "" && c.follows("&&") {
		all.operands = append(all.operands, c.operand())
	}
	return all.simple()
}

// operand reads what && joins. A "!" before a path belongs to the path.
func (c *filterCompiler) operand() expression {
	if c.nested++; c.nested > maxNesting {
		c.fail("too many parentheses")
		return nil
	}
	defer func() { c.nested-- }()
	c.skipBlanks()
	if c.current() == '!' {
		if i := c.significant(c.pos); i < 0 || c.text[i] != '$' && c.text[i] != '@' {
			c.pos++
			return not{c.operand()}
		}
		return c.relation()
	}
	if c.current() != '(' {
		return c.relation()
	}
	c.pos++
	inner := c.or()
	if !c.follows(")") {
		c.fail("')' expected")
	}
	return inner
}

// relation reads a comparison, or a path that must exist.
func (c *filterCompiler) relation() expression {
	left := c.node()
	if c.failed != "" {
		return nil
	}
	from := c.pos
	if operator, ok := c.operator(); ok {
		right := c.node()
		if c.failed == "" {
			return relation{left: left, operator: operator, right: right}
		}
		c.failed = ""
	}
	c.pos = from
	if left.kind != nodePath {
		c.fail("a path expected")
	}
	return exists{path: left.path, want: !left.negated}
}

// operator reads an operator: a run of the characters < > = ~ !, or a word up to the next blank.
func (c *filterCompiler) operator() (relationOperator, bool) {
	c.skipBlanks()
	from := c.pos
	if isOperatorChar(c.current()) {
		for c.in(c.pos) && isOperatorChar(c.current()) {
			c.pos++
		}
	} else {
		for c.in(c.pos) && c.current() != ' ' {
			c.pos++
		}
	}
	return operatorNamed(strings.ToUpper(c.text[from:c.pos]))
}

func isOperatorChar(c byte) bool { return strings.IndexByte("<>=~!", c) >= 0 }

// node reads one side of a comparison.
func (c *filterCompiler) node() node {
	c.skipBlanks()
	switch ch := c.current(); ch {
	case '$', '@':
		return c.path()
	case '!':
		c.pos++
		if c.skipBlanks(); c.current() == '$' || c.current() == '@' {
			return c.path()
		}
		c.fail("a path expected behind '!'")
	case '\'', '"':
		return c.stringNode(ch)
	case 't':
		return c.word("true", boolNode(true))
	case 'f':
		return c.word("false", boolNode(false))
	case 'n':
		return c.word("null", node{kind: nodeNull})
	case '{', '[':
		end := c.closing(c.pos, false)
		if end < 0 {
			c.fail("a JSON value is not closed")
			return node{}
		}
		text := c.text[c.pos : end+1]
		c.pos = end + 1
		return textNode(text)
	case '/':
		return c.pattern()
	default:
		return c.number()
	}
	return node{}
}

func (c *filterCompiler) word(text string, n node) node {
	if !c.follows(text) {
		c.fail(text + " expected")
	}
	return n
}

func (c *filterCompiler) stringNode(quote byte) node {
	end := c.unescaped(c.pos+1, quote)
	if end < 0 {
		c.fail("a string is not closed")
		return node{}
	}
	text, ok := unescape(c.text[c.pos+1 : end])
	if !ok {
		c.fail("a bad escape")
	}
	c.pos = end + 1
	return stringNode(text)
}

func (c *filterCompiler) number() node {
	from := c.pos
	for c.in(c.pos) && strings.IndexByte("0123456789-.eE", c.current()) >= 0 {
		c.pos++
	}
	n, ok := literalNumber(c.text[from:c.pos])
	if !ok {
		c.fail("a value expected")
	}
	return n
}

func (c *filterCompiler) pattern() node {
	end := c.unescaped(c.pos+1, '/')
	if end < 0 {
		c.fail("a pattern is not closed")
		return node{}
	}
	flags := end + 1
	for c.in(flags) && strings.IndexByte("dixmsuU", c.text[flags]) >= 0 {
		flags++
	}
	p, err := compilePattern(c.text[c.pos+1:end], c.text[end+1:flags])
	if err != nil {
		c.fail(err.Error())
		return node{}
	}
	c.pos = flags
	return node{kind: nodePattern, pattern: p}
}

// path reads a path: up to an operator, a blank, or a parenthesis that is not a function's. Only a first pair of brackets is skipped as a
// whole; text in others ends the path if it has any of these in it.
func (c *filterCompiler) path() node {
	_, before := c.before()
	from := c.pos
	c.pos++
	for c.in(c.pos) {
		if c.current() == '[' {
			end := c.closing(c.pos, false)
			if end < 0 {
				c.fail("brackets are not closed")
				return node{}
			}
			c.pos = end + 1
		}
		ch := c.current()
		if !c.in(c.pos) || isOperatorChar(ch) || ch == ' ' || ch == ')' && !c.closesFunction(from) {
			break
		}
		c.pos++
	}
	p, err := compileNested(c.text[from:c.pos], c.depth+1)
	if err != nil {
		c.fail(err.Error())
		return node{}
	}
	return node{kind: nodePath, path: p, negated: before == '!'}
}

// closesFunction reports whether the parenthesis at the current position ends a function without arguments of the path that begins at from.
func (c *filterCompiler) closesFunction(from int) bool {
	i, ch := c.before()
	if ch != '(' {
		return false
	}
	return i-1 > from && strings.IndexByte(c.text[from+1:i], '.') >= 0
}
