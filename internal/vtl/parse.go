package vtl

import (
	"strings"
)

// parser is a recursive descent over the tokens, production by production as in Velocity 1.7's grammar. Tokens are read only when a
// decision needs them, never further, because the lexer's state depends on what the parser has understood so far.
type parser struct {
	*compiler
	lexer  lexer
	tokens []token
	at     int // the next token
	offset int // of the text in the template; errors inside a string literal are reported where the literal stands
	inside bool
	macros map[string]bool // the names #macro has declared so far: a backslash before their calls is taken away
}

// parseFailure carries a syntax error up to parser.template. It never leaves the package.
type parseFailure struct{ err error }

// template is the whole: Statement* EOF.
func (p *parser) template() (root block, err error) {
	defer func() {
		if r := recover(); r != nil {
			failure, ok := r.(parseFailure)
			if !ok {
				panic(r)
			}
			err = failure.err
		}
	}()
	root = p.statements()
	if t := p.peek(1); t.kind != tokenEnd {
		p.unexpected(t)
	}
	return root, nil
}

// failAt ends parsing.
func (p *parser) failAt(pos int, message string) {
	if p.inside {
		pos = 0
	}
	panic(parseFailure{&syntaxError{p.offset + pos, message}})
}

func (p *parser) unexpected(t *token) {
	if t.kind == tokenEnd {
		p.failAt(t.pos, "unexpected end of the template")
	}
	p.failAt(t.pos, "unexpected "+quote(t.image))
}

// peek gives the n-th token from here, 1 being the next.
func (p *parser) peek(n int) *token {
	for len(p.tokens) < p.at+n {
		if last := len(p.tokens) - 1; last >= 0 && p.tokens[last].kind == tokenEnd {
			return &p.tokens[last]
		}
		t, err := p.lexer.next()
		if err != nil {
			if syntax, ok := err.(*syntaxError); ok {
				p.failAt(syntax.pos, syntax.message)
			}
			panic(parseFailure{err})
		}
		p.tokens = append(p.tokens, t)
	}
	return &p.tokens[p.at+n-1]
}

func (p *parser) kind(n int) tokenKind { return p.peek(n).kind }

// take takes the next token, which must be of the kind.
func (p *parser) take(kind tokenKind) *token {
	t := p.peek(1)
	if t.kind != kind {
		p.unexpected(t)
	}
	p.at++
	return t
}

// accept takes the next token if it is of the kind.
func (p *parser) accept(kind tokenKind) bool {
	if p.kind(1) != kind {
		return false
	}
	p.at++
	return true
}

// enter guards the depth of nesting; leave undoes it.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxNesting {
		p.failAt(p.peek(1).pos, "nested too deeply")
	}
}

func (p *parser) leave() { p.depth-- }

// pos gives the offset of the next token in the template.
func (p *parser) pos() int {
	if p.inside {
		return p.offset
	}
	return p.offset + p.peek(1).pos
}

// literal gives the text of the tokens first … last as Velocity's Node.literal() does.
func (p *parser) literal(first, last int) string {
	var b strings.Builder
	for i := first; i <= last; i++ {
		b.WriteString(p.tokens[i].literal())
	}
	return b.String()
}

// images gives the text of the tokens first … last without what their terminators hold.
func (p *parser) images(first, last int) string {
	var b strings.Builder
	for i := first; i <= last; i++ {
		b.WriteString(p.tokens[i].image)
	}
	return b.String()
}

// statements reads as many statements as there are.
func (p *parser) statements() block {
	p.enter()
	defer p.leave()
	var b block
	for {
		n, ok := p.statement()
		if !ok {
			return b
		}
		b = b.add(n)
	}
}

// statement reads one statement; ok is false if none begins here. The node is nil if the statement prints nothing.
func (p *parser) statement() (n node, ok bool) {
	switch p.kind(1) {
	case tokenIf:
		return p.ifStatement(), true
	case tokenIdentifier:
		p.peek(2)
		return p.printedReference(), true
	case tokenReferenceLeft:
		if p.kind(2) == tokenIdentifier {
			return p.printedReference(), true
		}
		return p.text(), true
	case tokenLineCommentStart, tokenMultiLineComment, tokenFormalComment:
		return p.comment(), true
	case tokenTextblock:
		return p.textblock(), true
	case tokenSetDirective:
		return p.setDirective(), true
	case tokenEscapeDirective:
		t := p.take(tokenEscapeDirective)
		t.image = p.escapedDirective(t.image)
		return newText(t.image), true
	case tokenDoubleEscape:
		return p.escape(), true
	case tokenWord, tokenBracketedWord:
		return p.directive(), true
	case tokenText, tokenDot, tokenRightParen, tokenLeftParen, tokenInteger, tokenFloat, tokenString, tokenEscape,
		tokenReferenceRight, tokenEmptyIndex:
		return p.text(), true
	}
	return nil, false
}

func (p *parser) text() node {
	t := p.peek(1)
	p.at++
	return newText(t.literal())
}

// comment prints nothing but what its token began with: "$##" prints the "$".
func (p *parser) comment() node {
	t := p.peek(1)
	p.at++
	if t.kind == tokenLineCommentStart {
		p.accept(tokenLineCommentEnd)
	}
	i := strings.Index(t.image, "##")
	if i < 0 {
		i = strings.Index(t.image, "#*")
	}
	return newText(t.image[:max(i, 0)])
}

// textblock is #[[ … ]]#. Velocity cuts three characters off either end of the token, even where a "$" begins it.
func (p *parser) textblock() node {
	image := p.take(tokenTextblock).image
	return newText(image[3 : len(image)-3])
}

// isDirective reports whether the name is a directive that is registered. #evaluate is not (quirk evaluate-off).
func isDirective(name string) bool {
	switch name {
	case "foreach", "include", "parse", "macro", "literal", "break", "define", "stop":
		return true
	}
	return false
}

// remembered are names of macros a parser knows from templates it parsed before: Velocity pools its parsers and never makes one forget a name.
// Which names they are is history; that of every example is known to have been seen (unconfirmed for all others).
var remembered = map[string]bool{"foo": true}

// isKnown reports whether a backslash before "#name" is taken away: for a directive and for what has been declared a macro.
func (p *parser) isKnown(name string) bool {
	return isDirective(name) || p.macros[name] || remembered[name]
}

// escapedDirective takes half of the backslashes away before a known directive, and leaves unknown ones as they are.
func (p *parser) escapedDirective(image string) string {
	last := strings.LastIndexByte(image, '\\')
	directive := image[last+1:]
	name := strings.TrimSuffix(strings.TrimPrefix(directive[1:], "{"), "}")
	switch name {
	case "if", "end", "set", "else", "elseif":
	default:
		if !p.isKnown(name) {
			return image
		}
	}
	return image[:last/2] + directive
}

// escape is an even number of backslashes; they are halved directly before a directive only.
func (p *parser) escape() node {
	count := 0
	for p.kind(1) == tokenDoubleEscape {
		p.at++
		count++
	}
	next := p.peek(1)
	control := false
	switch next.kind {
	case tokenIf, tokenElse, tokenElseIf, tokenEndDirective:
		control = true
	}
	// Whatever token comes next, Velocity compares its text behind the first character.
	name := next.image[min(1, len(next.image)):]
	if isDirective(name) || p.macros[name] || next.kind == tokenWord && remembered[name] {
		control = true
	}
	if control {
		return newText(strings.Repeat(`\`, count))
	}
	return newText(strings.Repeat(`\\`, count))
}

// ifStatement: #if(…) … #elseif(…) … #else … #end.
func (p *parser) ifStatement() node {
	n := &ifNode{}
	p.take(tokenIf)
	n.branches = append(n.branches, p.branch())
	for p.accept(tokenElseIf) {
		n.branches = append(n.branches, p.branch())
	}
	if p.accept(tokenElse) {
		n.otherwise = p.statements()
	}
	p.take(tokenEndDirective)
	return n
}

func (p *parser) branch() branch {
	p.accept(tokenWhitespace)
	p.take(tokenLeftParen)
	condition := p.expression()
	p.take(tokenRightParen)
	return branch{condition.expression, p.statements()}
}

// setDirective: #set($reference = expression).
func (p *parser) setDirective() node {
	pos := p.pos()
	p.take(tokenSetDirective)
	p.accept(tokenWhitespace)
	first := p.at
	p.peek(1)
	left := p.reference()
	// A plain variable is named by its first token less one character, whatever that is: ${x} sets "{" and $!x sets "!x".
	name := p.tokens[first].image[1:]
	p.accept(tokenWhitespace)
	p.take(tokenAssign)
	right := p.expression()
	p.take(tokenRightParen)
	p.lexer.inSet = false
	p.peek(1)
	if len(left.steps) == 0 {
		return &setVariable{slot: p.slot(name), right: right.expression, pos: pos}
	}
	return &setProperty{left: left, right: right.expression, pos: pos}
}
