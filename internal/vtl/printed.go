package vtl

import "strings"

// Print is what a reference of the template's text printed.
type Print struct {
	// From and To are where it stands in the output, bytes; they are the same if it printed nothing.
	From, To int
	// Source is the reference as it is written, at Offset of the template.
	Source string
	Offset int
}

// printedReference is a reference in the text, watched where the host asked for that. In string literals nothing is printed.
func (p *parser) printedReference() node {
	if p.options.Printed == nil || p.inside {
		return p.reference()
	}
	first := p.peek(1).pos
	r := p.reference()
	source := strings.TrimRight(p.lexer.source[first:p.peek(1).pos], " \t\r\n")
	before := min(len(r.prefix)+len(r.morePrefix), len(source))
	return &watchedNode{reference: r, told: p.options.Printed, source: source[before:], offset: p.offset + first + before}
}

// watchedNode tells what its reference prints.
type watchedNode struct {
	reference *reference
	told      func(Print)
	source    string
	offset    int
}

func (n *watchedNode) render(ex *Execution) {
	from := len(ex.out) - ex.base
	n.reference.render(ex)
	if ex.halt == running {
		n.told(Print{From: from, To: len(ex.out) - ex.base, Source: n.source, Offset: n.offset})
	}
}
