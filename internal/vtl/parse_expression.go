package vtl

import (
	"math/big"
	"strconv"
	"strings"

	"gatehouse/internal/value"
)

// operand is an expression with the tokens Velocity counts as its text. They matter for "+": a side without a value is printed as it is
// written. Of an operation they are only those behind the operator.
type operand struct {
	expression
	first, last int
}

// binaryLevel is one level of precedence: its operators, each with what makes the node.
type binaryLevel map[tokenKind]func(p *parser, left, right operand, pos int) expression

// levels are the binary operators from loosest to tightest. All are left-associative.
var levels = [...]binaryLevel{
	{tokenOr: func(_ *parser, l, r operand, _ int) expression { return &orNode{l.expression, r.expression} }},
	{tokenAnd: func(_ *parser, l, r operand, _ int) expression { return &andNode{l.expression, r.expression} }},
	{tokenEqual: equality(false), tokenNotEqual: equality(true)},
	{tokenLess: comparison(less), tokenGreater: comparison(greater), tokenLessEqual: comparison(lessEqual), tokenGreaterEqual: comparison(greaterEqual)},
	{tokenPlus: (*parser).addition, tokenMinus: arithmetic(subtract)},
	{tokenMultiply: arithmetic(multiply), tokenDivide: arithmetic(divide), tokenModulus: arithmetic(modulo)},
}

func equality(negate bool) func(*parser, operand, operand, int) expression {
	return func(_ *parser, l, r operand, _ int) expression { return &equalNode{l.expression, r.expression, negate} }
}

func comparison(c comparator) func(*parser, operand, operand, int) expression {
	return func(_ *parser, l, r operand, pos int) expression {
		return &compareNode{l.expression, r.expression, c, pos}
	}
}

func arithmetic(o operator) func(*parser, operand, operand, int) expression {
	return func(_ *parser, l, r operand, pos int) expression {
		return &mathNode{left: l.expression, right: r.expression, operator: o, pos: pos}
	}
}

func (p *parser) addition(l, r operand, pos int) expression {
	return &mathNode{
		left: l.expression, right: r.expression, operator: add, pos: pos,
		leftText: p.literal(l.first, l.last), rightText: p.literal(r.first, r.last),
	}
}

// expression reads an expression of any precedence.
func (p *parser) expression() operand {
	p.enter()
	defer p.leave()
	first := p.at
	p.peek(1)
	o := p.binary(0)
	return operand{o.expression, first, p.at - 1}
}

func (p *parser) binary(level int) operand {
	if level == len(levels) {
		return p.unary()
	}
	left := p.binary(level + 1)
	for {
		make, ok := levels[level][p.kind(1)]
		if !ok {
			return left
		}
		pos := p.pos()
		p.at++
		first := p.at
		p.peek(1)
		right := p.binary(level + 1)
		left = operand{make(p, left, right, pos), first, p.at - 1}
	}
}

// unary: "!" as often as one likes, then a primary.
func (p *parser) unary() operand {
	p.enter()
	defer p.leave()
	if p.kind(1) == tokenNot || p.kind(1) == tokenWhitespace && p.kind(2) == tokenNot {
		p.accept(tokenWhitespace)
		p.take(tokenNot)
		first := p.at
		o := p.unary()
		return operand{&notNode{o.expression}, first, p.at - 1}
	}
	return p.primary()
}

// primary: a literal, a reference or an expression in parentheses, with blanks around it.
func (p *parser) primary() operand {
	p.accept(tokenWhitespace)
	var o operand
	if p.accept(tokenLeftParen) {
		o = p.expression()
		p.take(tokenRightParen)
	} else {
		first := p.at
		o = operand{p.simple(), first, p.at - 1}
	}
	p.accept(tokenWhitespace)
	return o
}

// beginsParameter reports whether a literal or reference can begin with the token.
func beginsParameter(k tokenKind) bool {
	switch k {
	case tokenString, tokenInteger, tokenFloat, tokenLeftBracket, tokenLeftCurly, tokenTrue, tokenFalse, tokenIdentifier, tokenReferenceLeft:
		return true
	}
	return false
}

// parameter: a literal or reference with blanks around it.
func (p *parser) parameter() expression {
	p.accept(tokenWhitespace)
	e := p.simple()
	p.accept(tokenWhitespace)
	return e
}

// simple: a literal or a reference.
func (p *parser) simple() expression {
	p.enter()
	defer p.leave()
	t := p.peek(1)
	switch t.kind {
	case tokenIdentifier, tokenReferenceLeft:
		return p.reference()
	case tokenLeftBracket:
		if p.rangeAhead() {
			return p.rangeLiteral()
		}
		return p.list()
	case tokenLeftCurly:
		return p.mapLiteral()
	}
	p.at++
	switch t.kind {
	case tokenString:
		return p.stringLiteral(t)
	case tokenInteger:
		return &constant{integerLiteral(t.image)}
	case tokenFloat:
		return &constant{floatLiteral(t.image)}
	case tokenTrue:
		return &constant{value.OfBool(true)}
	case tokenFalse:
		return &constant{value.OfBool(false)}
	}
	p.at--
	p.unexpected(t)
	return nil
}

// integerLiteral is an Integer, a Long or a BigInteger, the first it fits.
func integerLiteral(image string) value.Value {
	if i, err := strconv.ParseInt(image, 10, 64); err == nil {
		return value.OfInt(i)
	}
	i, _ := new(big.Int).SetString(image, 10)
	return value.OfBigInteger(i)
}

// floatLiteral is a Double; what is too large is Infinity, as in Java.
func floatLiteral(image string) value.Value {
	f, _ := strconv.ParseFloat(image, 64)
	return value.OfDouble(f)
}

// rangeAhead looks as far as the "..": "[", a reference or integer, "..".
func (p *parser) rangeAhead() bool {
	i := 2
	if p.kind(i) == tokenWhitespace {
		i++
	}
	if p.kind(i) == tokenInteger {
		i++
	} else {
		var ok bool
		if i, ok = p.scanReference(i); !ok {
			return false
		}
	}
	if p.kind(i) == tokenWhitespace {
		i++
	}
	return p.kind(i) == tokenDoubleDot
}

func (p *parser) rangeLiteral() expression {
	n := &rangeNode{pos: p.pos()}
	p.take(tokenLeftBracket)
	p.accept(tokenWhitespace)
	n.from = p.bound()
	p.accept(tokenWhitespace)
	p.take(tokenDoubleDot)
	p.accept(tokenWhitespace)
	n.to = p.bound()
	p.accept(tokenWhitespace)
	p.take(tokenRightBracket)
	return n
}

// bound is an end of a range: a reference or an integer.
func (p *parser) bound() expression {
	switch p.kind(1) {
	case tokenIdentifier, tokenReferenceLeft, tokenInteger:
		return p.simple()
	}
	p.unexpected(p.peek(1))
	return nil
}

// list: "[" parameters "]". A blank alone is no parameter: "[ ]" is an error in 1.7.
func (p *parser) list() expression {
	n := &listNode{}
	p.take(tokenLeftBracket)
	if !p.accept(tokenRightBracket) {
		n.items = p.parameters()
		p.take(tokenRightBracket)
	}
	return n
}

// parameters: one or more, separated by commas.
func (p *parser) parameters() []expression {
	list := []expression{p.parameter()}
	for p.accept(tokenComma) {
		list = append(list, p.parameter())
	}
	return list
}

// mapLiteral: "{" key ":" value, … "}". The brace may be the one that ends a reference.
func (p *parser) mapLiteral() expression {
	n := &mapNode{}
	p.take(tokenLeftCurly)
	if p.entryAhead() {
		for {
			key := p.parameter()
			p.take(tokenColon)
			n.entries = append(n.entries, mapEntry{key, p.parameter()})
			if !p.accept(tokenComma) {
				break
			}
		}
	} else {
		p.accept(tokenWhitespace)
	}
	if !p.accept(tokenReferenceRight) {
		p.take(tokenRightCurly)
	}
	return n
}

func (p *parser) entryAhead() bool {
	if p.kind(1) == tokenWhitespace {
		return beginsParameter(p.kind(2))
	}
	return beginsParameter(p.kind(1))
}

// stringLiteral is a string in quotes: '…' as it stands, "…" with references and directives in it (quirk string-literals).
func (p *parser) stringLiteral(t *token) expression {
	image, quoteMark := t.image, t.image[0]
	text := image[1 : len(image)-1]
	if quoteMark == '"' {
		text = p.unescape(text, t.pos)
	}
	text = strings.ReplaceAll(text, string([]byte{quoteMark, quoteMark}), string(quoteMark))
	if quoteMark == '\'' || strings.IndexByte(image, '$') < 0 && strings.IndexByte(image, '#') < 0 {
		return &constant{value.OfString(text)}
	}
	p.enter()
	defer p.leave()
	// Velocity parses the text with a blank behind it, so that a "$" at its end is text, and takes the last character of the result away
	// again; only not where "##" would make a comment of the blank.
	comment := strings.Contains(text, "##")
	if !comment {
		text += " "
	}
	pos := p.offset
	if !p.inside {
		pos += t.pos
	}
	inner := &parser{compiler: p.compiler, lexer: lexer{source: text}, offset: pos, inside: true}
	body, err := inner.template()
	if err != nil {
		panic(parseFailure{err})
	}
	n := &interpolation{body: body, dropLast: !comment, pos: pos}
	if last, ok := body.lastText(); ok && !comment && last.text[len(last.text)-1] == ' ' {
		last.text = last.text[:len(last.text)-1]
		n.dropLast = false
	}
	return n
}

// unescape replaces \uXXXX, the one escape a string in double quotes has. Anything else behind \u fails, as Integer.parseInt does.
func (p *parser) unescape(s string, pos int) string {
	if !strings.Contains(s, `\u`) {
		return s
	}
	var units []uint16
	for {
		i := strings.Index(s, `\u`)
		if i < 0 {
			return fromUTF16(appendUTF16(units, s))
		}
		units = appendUTF16(units, s[:i])
		if len(s) < i+6 {
			p.failAt(pos, `\u needs four hexadecimal digits`)
		}
		code, err := strconv.ParseInt(s[i+2:i+6], 16, 32)
		if err != nil {
			p.failAt(pos, `\u needs four hexadecimal digits`)
		}
		units = append(units, uint16(code))
		s = s[i+6:]
	}
}
