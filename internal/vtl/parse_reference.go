package vtl

import (
	"strings"

	"gatehouse/internal/value"
)

// reference: $name or ${name}, each with any number of [index], .property and .method(…).
func (p *parser) reference() *reference {
	p.enter()
	defer p.leave()
	r := &reference{pos: p.pos()}
	first := p.at
	formal := p.accept(tokenReferenceLeft)
	p.take(tokenIdentifier)
	p.steps(r)
	if formal {
		p.take(tokenReferenceRight)
	}
	p.nameReference(r, first)
	r.slot = p.slot(r.root)
	for i := range r.steps {
		p.prepare(r, i)
	}
	return r
}

func (p *parser) steps(r *reference) {
	p.indexes(r)
	for p.kind(1) == tokenDot && p.kind(2) == tokenIdentifier {
		p.at++
		s := step{kind: stepProperty, pos: p.pos()}
		isCall := p.callAhead()
		s.name = p.take(tokenIdentifier).image
		if isCall {
			p.call(&s)
		}
		r.steps = append(r.steps, s)
		p.indexes(r)
	}
}

// callAhead is the grammar's lookahead of three tokens: a name, "(", and what can follow it. Where that fails the name is a property and
// the "(" is text.
func (p *parser) callAhead() bool {
	if p.kind(2) != tokenLeftParen {
		return false
	}
	k := p.kind(3)
	return k == tokenWhitespace || k == tokenCallRightParen || beginsParameter(k)
}

func (p *parser) call(s *step) {
	s.kind = stepCall
	p.take(tokenLeftParen)
	if !p.accept(tokenCallRightParen) {
		s.arguments = p.parameters()
		p.take(tokenCallRightParen)
	}
}

func (p *parser) indexes(r *reference) {
	for p.kind(1) == tokenIndexLeft {
		s := step{kind: stepIndex, pos: p.pos()}
		p.at++
		p.accept(tokenWhitespace)
		switch p.kind(1) {
		case tokenString, tokenInteger, tokenTrue, tokenFalse, tokenIdentifier, tokenReferenceLeft:
			s.index = p.simple()
		default:
			p.unexpected(p.peek(1))
		}
		p.accept(tokenWhitespace)
		p.take(tokenIndexRight)
		r.steps = append(r.steps, s)
	}
}

// prepare finds what is known of a step before execution: the key of a constant index, the overloads of a method.
func (p *parser) prepare(r *reference, i int) {
	s := &r.steps[i]
	switch s.kind {
	case stepIndex:
		if c, ok := s.index.(*constant); ok {
			s.key, s.isConstant = c.v, true
		}
	case stepProperty:
		s.key = value.OfString(s.name)
	case stepCall:
		s.site = p.callSite(s)
		if i == 0 {
			s.site.Root = r.root
		}
		if p.options.Prepare != nil && len(s.site.Arguments) == len(s.arguments) {
			p.options.Prepare(s.site)
		}
	}
}

func (p *parser) callSite(s *step) *CallSite {
	site := &CallSite{Method: s.name, methods: methodsNamed(s.name)}
	if len(s.arguments) > 0 {
		site.preparePattern(s.arguments[0])
	}
	for _, a := range s.arguments {
		c, ok := a.(*constant)
		if !ok {
			site.Arguments = nil
			return site
		}
		site.Arguments = append(site.Arguments, c.v)
	}
	return site
}

// nameReference finds out what the first token says: name, quiet or not, escaped or not, and what is printed before the value. Like
// Velocity it takes from the token's image what is not part of the reference (quirk escaping).
func (p *parser) nameReference(r *reference, first int) {
	t := &p.tokens[first]
	if i := strings.Index(t.image, `\!`); i >= 0 {
		p.nameSlashBang(r, t)
		return
	}
	if n := backslashes(t.image); n > 0 {
		r.escaped = n%2 != 0
		r.prefix = t.image[:n/2]
		t.image = t.image[n:]
	}
	if i := strings.LastIndexByte(t.image, '$'); i > 0 {
		r.morePrefix = t.image[:i]
		t.image = t.image[i:]
	}
	r.text = p.literal(first, p.at-1)
	r.computable = true
	switch {
	case hasPrefix(t.image, "$!"):
		if !r.escaped {
			r.text = ""
		}
		r.root = t.image[2:]
		if hasPrefix(t.image, "$!{") {
			r.root = p.tokens[first+1].image
		}
	case t.image == "${":
		r.root = p.tokens[first+1].image
	case hasPrefix(t.image, "$"):
		r.root = t.image[1:]
	default: // a name without "$", inside the arguments of a method: it has no value and prints its first token
		r.root = t.image
		r.runt = true
		r.computable = false
	}
}

// nameSlashBang is $\!name: no variable has such a name, so it prints nothing; as a value it is null.
func (p *parser) nameSlashBang(r *reference, t *token) {
	i := strings.IndexByte(t.image, '$')
	i += strings.IndexByte(t.image[i:], '\\')
	n := backslashes(t.image[i:])
	r.root = t.image[:i+n-1] + t.image[i+n:]
	r.text = r.root
}

// scanReference looks whether a reference begins at the n-th token from here, and gives the place behind it. It takes nothing.
func (p *parser) scanReference(n int) (int, bool) {
	formal := p.kind(n) == tokenReferenceLeft
	if formal {
		n++
	}
	if p.kind(n) != tokenIdentifier {
		return n, false
	}
	n = p.scanIndexes(n + 1)
	for p.kind(n) == tokenDot && p.kind(n+1) == tokenIdentifier {
		n = p.scanIndexes(p.scanCall(n + 1))
	}
	if !formal {
		return n, true
	}
	return n + 1, p.kind(n) == tokenReferenceRight
}

// scanCall gives the place behind the method call or the property at n.
func (p *parser) scanCall(n int) int {
	if p.kind(n+1) != tokenLeftParen {
		return n + 1
	}
	i := n + 2
	if p.kind(i) == tokenCallRightParen {
		return i + 1
	}
	if i, ok := p.scanList(i, p.scanParameter); ok && p.kind(i) == tokenCallRightParen {
		return i + 1
	}
	return n + 1
}

func (p *parser) scanIndexes(n int) int {
	for p.kind(n) == tokenIndexLeft {
		i, ok := p.scanParameter(n + 1)
		if !ok || p.kind(i) != tokenIndexRight {
			return n
		}
		n = i + 1
	}
	return n
}

// scanList looks for one or more parts separated by commas.
func (p *parser) scanList(n int, part func(int) (int, bool)) (int, bool) {
	n, ok := part(n)
	for ok && p.kind(n) == tokenComma {
		n, ok = part(n + 1)
	}
	return n, ok
}

func (p *parser) scanParameter(n int) (int, bool) {
	p.enter()
	defer p.leave()
	n = p.scanBlank(n)
	ok := true
	switch p.kind(n) {
	case tokenString, tokenInteger, tokenFloat, tokenTrue, tokenFalse:
		n++
	case tokenIdentifier, tokenReferenceLeft:
		n, ok = p.scanReference(n)
	case tokenLeftBracket:
		n, ok = p.scanBracket(n)
	case tokenLeftCurly:
		n, ok = p.scanMap(n)
	default:
		return n, false
	}
	return p.scanBlank(n), ok
}

func (p *parser) scanBlank(n int) int {
	if p.kind(n) == tokenWhitespace {
		n++
	}
	return n
}

// scanBracket looks for a list or a range.
func (p *parser) scanBracket(n int) (int, bool) {
	if p.kind(n+1) == tokenRightBracket {
		return n + 2, true
	}
	i, ok := p.scanParameter(n + 1)
	if ok && p.kind(i) == tokenDoubleDot {
		i, ok = p.scanParameter(i + 1)
		return i + 1, ok && p.kind(i) == tokenRightBracket
	}
	for ok && p.kind(i) == tokenComma {
		i, ok = p.scanParameter(i + 1)
	}
	return i + 1, ok && p.kind(i) == tokenRightBracket
}

func (p *parser) scanMap(n int) (int, bool) {
	i := p.scanBlank(n + 1)
	ok := true
	if beginsParameter(p.kind(i)) {
		i, ok = p.scanList(n+1, p.scanEntry)
	}
	return i + 1, ok && (p.kind(i) == tokenRightCurly || p.kind(i) == tokenReferenceRight)
}

func (p *parser) scanEntry(n int) (int, bool) {
	n, ok := p.scanParameter(n)
	if !ok || p.kind(n) != tokenColon {
		return n, false
	}
	return p.scanParameter(n + 1)
}
