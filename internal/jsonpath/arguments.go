package jsonpath

import "strings"

// nesting counts what is open while the arguments of a function are read.
type nesting struct {
	parens, brackets, braces, quotes int
}

// top reports whether nothing but the argument list itself is open.
func (n *nesting) top() bool { return n.quotes == 0 && n.braces == 0 && n.brackets == 0 }

// readArguments reads the arguments of a function, from behind its opening parenthesis. An argument that begins with a brace, digit, minus
// or double quote is JSON, one that begins with "$" or "@" is a path; others are ignored.
func (c *compiler) readArguments() ([]argument, bool) {
	var all []argument
	var text strings.Builder
	kind := byte(0)
	open := nesting{parens: 1}
	prior := byte(0)
	for done := false; c.in(c.pos) && !done; {
		ch := c.text[c.pos]
		c.pos++
		if kind == 0 {
			if strings.IndexByte(" \t\n\r", ch) >= 0 {
				continue
			}
			kind = argumentKind(ch)
		}
		if ch == '\\' && open.quotes == 1 && (c.current() == ',' || c.current() == '"') {
			text.WriteByte(c.current())
			c.pos++
			prior = 0
			continue
		}
		if !open.count(ch, prior) {
			return nil, false
		}
		ends := open.top() && (ch == ')' && open.parens <= 1 || ch == ',' && open.parens == 1)
		if ch == ')' && prior == '(' {
			text.WriteByte(ch)
		}
		done = ends && open.parens == 0
		if ends && kind != 0 {
			arg, ok := c.argument(kind, text.String())
			if !ok {
				return nil, false
			}
			all = append(all, arg)
			text.Reset()
			kind = 0
		}
		if kind != 0 && (ch != ',' || open.braces > 0 || open.brackets > 0 || open.parens != 1) {
			text.WriteByte(ch)
		}
		prior = ch
	}
	return all, open.parens == 0 && open.braces == 0 && open.brackets == 0
}

// The kinds of argument, by what they begin with.
const (
	jsonArgument = 'j'
	pathArgument = 'p'
)

func argumentKind(first byte) byte {
	switch {
	case first == '{', first == '"', first == '-', first >= '0' && first <= '9':
		return jsonArgument
	case first == '$', first == '@':
		return pathArgument
	default:
		return 0
	}
}

// argument makes an argument of its text.
func (c *compiler) argument(kind byte, text string) (argument, bool) {
	if kind == jsonArgument {
		return argument{json: text}, true
	}
	path, err := compileNested(text, c.depth+1)
	return argument{path: path}, err == nil
}

// count counts ch; false if it closes what is not open.
func (n *nesting) count(ch, prior byte) bool {
	switch ch {
	case '"':
		if prior != '\\' && n.quotes > 0 {
			n.quotes--
		} else {
			n.quotes++
		}
	case '(':
		n.parens++
	case ')':
		n.parens--
	case '{':
		n.braces++
	case '[':
		n.brackets++
	case '}':
		n.braces--
	case ']':
		n.brackets--
	}
	return n.braces >= 0 && n.brackets >= 0
}
