package vtl

// argument is one argument of a directive.
type argument struct {
	expression  expression
	reference   *reference // of a reference
	word        bool
	first, last int // its tokens
}

// directive: #name, #name(arguments), #name(arguments) … #end. Only the directives of isDirective are executed; everything else is text
// as it stands (quirks macro-off, evaluate-off).
func (p *parser) directive() node {
	first := p.at
	pos := p.pos()
	t := p.peek(1)
	p.at++
	name := t.image[1:]
	if t.kind == tokenBracketedWord {
		name = t.image[2 : len(t.image)-1]
	}
	p.lexer.state = stateDirective
	if !p.leftParenAhead() {
		if name == "macro" {
			p.failAt(t.pos, "#macro needs a name")
		}
		p.lexer.pop()
		return p.bareDirective(name, first, pos)
	}
	arguments := p.arguments(name)
	switch name {
	case "include", "parse":
		return p.includeDirective(name, arguments, pos)
	case "break", "stop":
		return p.stopDirective(name, arguments, pos)
	}
	if !hasPrefix(name, "@") && !isDirective(name) {
		return newText(p.images(first, p.at-1))
	}
	blockFirst := p.at
	p.peek(1)
	body := p.statements()
	blockLast := p.at - 1
	p.take(tokenEndDirective)
	switch name {
	case "foreach":
		return p.foreach(arguments, body, pos)
	case "define":
		return p.define(arguments, body, pos)
	case "macro":
		return p.macro(arguments, pos)
	case "literal":
		return p.literalDirective(arguments, blockFirst, blockLast)
	}
	return newText(p.images(first, p.at-1))
}

// leftParenAhead looks at the characters behind the directive's name, not at tokens.
func (p *parser) leftParenAhead() bool {
	s := p.lexer.source[p.lexer.pos:]
	n := whitespace(s)
	return n < len(s) && s[n] == '('
}

// bareDirective is a directive without parentheses. Only #stop and #break make sense; the block directives fail in Velocity because they
// ask for arguments they have not.
func (p *parser) bareDirective(name string, first, pos int) node {
	switch name {
	case "foreach", "define", "literal":
		p.failAt(p.tokens[first].pos, "#"+name+" needs parentheses")
	case "include":
		return newText("")
	case "parse":
		return &failing{"#parse needs an argument", pos}
	case "break", "stop":
		return p.stopDirective(name, nil, pos)
	}
	if hasPrefix(name, "@") {
		return newText("#" + name)
	}
	return newText(p.images(first, first))
}

// arguments: "(" then any number of arguments, separated by blanks, commas or nothing, then ")".
func (p *parser) arguments(name string) []argument {
	p.accept(tokenWhitespace)
	p.take(tokenLeftParen)
	var arguments []argument
	for p.argumentAhead() {
		p.accept(tokenWhitespace)
		if p.accept(tokenComma) {
			p.accept(tokenWhitespace)
		}
		pos := p.peek(1).pos
		a := p.argument()
		p.checkArgument(name, a, len(arguments), pos)
		arguments = append(arguments, a)
	}
	p.accept(tokenWhitespace)
	p.take(tokenRightParen)
	return arguments
}

// argumentAhead is the grammar's lookahead of two tokens: blanks and a comma promise an argument.
func (p *parser) argumentAhead() bool {
	switch k := p.kind(1); k {
	case tokenWhitespace:
		return p.kind(2) == tokenComma || beginsArgument(p.kind(2))
	case tokenComma:
		return p.kind(2) == tokenWhitespace || beginsArgument(p.kind(2))
	default:
		return beginsArgument(k)
	}
}

func beginsArgument(k tokenKind) bool { return k == tokenWord || beginsParameter(k) }

// checkArgument refuses words except where a directive has one: #macro's name and #foreach's "in".
func (p *parser) checkArgument(name string, a argument, i, pos int) {
	switch {
	case a.word && name == "macro" && i == 0, a.word && name == "foreach" && i == 1, a.word && !isDirective(name):
	case a.word:
		p.failAt(pos, "a word is no argument of #"+name)
	case name == "macro" && i == 0:
		p.failAt(pos, "the first argument of #macro must be a name")
	}
}

func (p *parser) argument() argument {
	a := argument{first: p.at}
	switch p.kind(1) {
	case tokenWord:
		p.at++
		a.word = true
		a.expression = &constant{}
	case tokenIdentifier, tokenReferenceLeft:
		a.reference = p.reference()
		a.expression = a.reference
	default:
		a.expression = p.simple()
	}
	a.last = p.at - 1
	return a
}

// rootName gives the name of the variable an argument stands for where a directive wants one.
func (p *parser) rootName(a argument) string { return p.tokens[a.first].image[1:] }

// foreach takes its parts by position, whatever they are: the element, anything ("in"), the list, the body.
func (p *parser) foreach(arguments []argument, body block, pos int) node {
	n := &foreachNode{body: body, pos: pos}
	if len(arguments) == 0 {
		return &failing{"#foreach needs an element and a list", pos}
	}
	name := p.rootName(arguments[0])
	if r := arguments[0].reference; r != nil {
		name = r.root
	}
	n.element = p.slot(name)
	switch len(arguments) {
	case 1:
		return &failing{"#foreach needs a list", pos}
	case 2: // the body stands where the list should be, and a body has no value
		return newText("")
	case 3:
		n.list = arguments[2].expression
	default: // the fourth argument stands where the body should be
		n.list, n.body = arguments[2].expression, nil
	}
	return n
}

// define: the one argument names the variable by its first token less one character.
func (p *parser) define(arguments []argument, body block, pos int) node {
	if len(arguments) != 1 {
		p.failAt(pos, "#define needs one reference")
	}
	return &defineNode{slot: p.slot(p.rootName(arguments[0])), body: body}
}

// macro drops the definition (quirk macro-off) and remembers its name for escapedDirective.
func (p *parser) macro(arguments []argument, pos int) node {
	if len(arguments) == 0 {
		p.failAt(pos, "#macro needs a name")
	}
	if p.macros == nil {
		p.macros = map[string]bool{}
	}
	p.macros[p.tokens[arguments[0].first].image] = true
	return newText("")
}

// literalDirective prints its first part, argument or block, as it stands.
func (p *parser) literalDirective(arguments []argument, first, last int) node {
	if len(arguments) > 0 {
		first, last = arguments[0].first, arguments[0].last
	}
	if last < first { // Velocity reads on to the end of the template and finds no token there
		p.failAt(p.tokens[first].pos, "#literal needs a block")
	}
	return newText(p.literal(first, last))
}

func (p *parser) includeDirective(name string, arguments []argument, pos int) node {
	if len(arguments) == 0 {
		if name == "include" {
			return newText("")
		}
		return &failing{"#parse needs an argument", pos}
	}
	// There is nothing to include: API Gateway has one template at a time. That this fails, and is not echoed, is unconfirmed.
	return &failing{"#" + name + ": there is no such resource", pos}
}

func (p *parser) stopDirective(name string, arguments []argument, pos int) node {
	if len(arguments) > 1 {
		p.failAt(pos, "#"+name+" takes one argument")
	}
	n := &stopNode{isBreak: name == "break", pos: pos}
	if len(arguments) == 1 {
		n.argument = arguments[0].expression
	}
	return n
}
