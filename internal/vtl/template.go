package vtl

import (
	"errors"
	"fmt"
	"sync"

	"gatehouse/internal/value"
)

// Template is a parsed template. It never changes; many executions may run at once.
type Template struct {
	name      string
	source    string
	globals   []int // the slot of each of Options.Globals, -1 where the template does not name it
	slots     []string
	loopSlots loopSlots
	root      block
	pool      sync.Pool // of *state
}

// loopSlots are the variables #foreach sets on its own; -1 where the template does not name one.
type loopSlots struct {
	scope, count, hasNext int
}

// Options are what a host tells about itself before templates are compiled.
type Options struct {
	// Globals are the names of the variables the host provides, without "$".
	Globals []string
	// Prepare, if not nil, is called at compilation for every method call whose arguments are all constant, so that the host can keep
	// something prepared (a compiled path) in CallSite.Prepared. It must not fail: what is wrong shows when the call is made.
	Prepare func(*CallSite)
	// Printed, if not nil, is told what each reference of the text printed, once it is printed. Set it only to find out what a template that was
	// rendered before did: templates without it do not pay for it.
	Printed func(Print)
}

// CallSite is one method call in a template.
type CallSite struct {
	// Root is the variable the call is made on, if it is made directly on one, else "".
	Root string
	// Method is the method's name.
	Method string
	// Arguments are the constant arguments; nil if there are none or one of them is not constant.
	Arguments []value.Value
	// Prepared is the host's.
	Prepared any

	// methods are the overloads of the name, by class.
	methods [classCount][]*method
	// pattern is the compiled regular expression, if the method takes one and it is constant.
	pattern *pattern
}

// Compile parses a template. The error is an *Error of kind ErrSyntax.
func Compile(name, text string, options Options) (*Template, error) {
	if len(text) > MaxTemplateSize {
		message := fmt.Sprintf("the template has %d bytes, more than %d", len(text), MaxTemplateSize)
		return nil, errorAt(name, "", 0, message, ErrSyntax)
	}
	c := &compiler{options: options, slots: map[string]int{}}
	root, err := c.parse(text, 0)
	if err != nil {
		var syntax *syntaxError
		if !errors.As(err, &syntax) {
			return nil, fmt.Errorf("compiling template %s: %w", name, err)
		}
		return nil, errorAt(name, text, syntax.pos, syntax.message, ErrSyntax)
	}
	t := &Template{name: name, source: text, root: root, slots: c.names}
	for _, global := range options.Globals {
		t.globals = append(t.globals, c.known(global))
	}
	t.loopSlots = loopSlots{c.known("foreach"), c.known("velocityCount"), c.known("velocityHasNext")}
	return t, nil
}

// Uses reports whether the template names the variable, so that a host need not provide what is not used.
func (t *Template) Uses(global int) bool { return t.globals[global] >= 0 }

// compiler is what all parts of one template share: the template itself and the string literals with references in them.
type compiler struct {
	options Options
	slots   map[string]int
	names   []string
	depth   int
}

// slot gives the place of a variable.
func (c *compiler) slot(name string) int {
	i, ok := c.slots[name]
	if !ok {
		i = len(c.names)
		c.slots[name] = i
		c.names = append(c.names, name)
	}
	return i
}

// known gives the place of a variable the template names, or -1.
func (c *compiler) known(name string) int {
	if i, ok := c.slots[name]; ok {
		return i
	}
	return -1
}

// parse parses the template, or a string literal that stands at an offset of it.
func (c *compiler) parse(text string, offset int) (block, error) {
	p := &parser{compiler: c, lexer: lexer{source: text}, offset: offset}
	return p.template()
}
