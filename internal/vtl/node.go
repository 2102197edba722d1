package vtl

import "gatehouse/internal/value"

// node is what a template consists of. A tree of nodes never changes; what an execution knows is in its Execution.
type node interface {
	// render appends the node's output. It stops early when the execution is halted.
	render(ex *Execution)
}

// expression is what has a value. Where Velocity has no value (a division by zero, a comparison of texts as numbers) it is null.
type expression interface {
	// value gives the value, or null.
	value(ex *Execution) value.Value
	// truth is the value as a condition. Literals and arithmetic are never true in 1.7 (quirk empty-is-true).
	truth(ex *Execution) bool
}

// block is a sequence of nodes, in which neighbouring texts are one.
type block []node

// add appends a node, unless it prints nothing.
func (b block) add(n node) block {
	t, ok := n.(*text)
	if !ok {
		return append(b, n)
	}
	if len(t.text) == 0 {
		return b
	}
	if last, ok := b.lastText(); ok {
		last.text = append(last.text, t.text...)
		return b
	}
	return append(b, n)
}

// lastText gives the text the block ends with.
func (b block) lastText() (*text, bool) {
	if len(b) == 0 {
		return nil, false
	}
	t, ok := b[len(b)-1].(*text)
	return t, ok
}

// text is printed as it is.
type text struct{ text []byte }

func newText(s string) *text { return &text{[]byte(s)} }

// failing is a directive that cannot be executed.
type failing struct {
	message string
	pos     int
}

// ifNode is #if … #elseif … #else … #end.
type ifNode struct {
	branches  []branch
	otherwise block
}

type branch struct {
	condition expression
	body      block
}

// setVariable is #set($name = …).
type setVariable struct {
	slot  int
	right expression
	pos   int
}

// setProperty is #set on a property or an index of something.
type setProperty struct {
	left  *reference
	right expression
	pos   int
}

// foreachNode is #foreach($element in list) … #end.
type foreachNode struct {
	element int
	list    expression
	body    block
	pos     int
}

// defineNode is #define($name) … #end: the variable becomes the block, which is rendered where it is printed.
type defineNode struct {
	slot int
	body block
}

// stopNode is #stop or #break.
type stopNode struct {
	isBreak  bool
	argument expression // nil if there is none
	pos      int
}

// constant is a literal.
type constant struct{ v value.Value }

// interpolation is a string in double quotes with references or directives in it.
type interpolation struct {
	body     block
	dropLast bool // take the last character of the result away
	pos      int
}

type listNode struct{ items []expression }

type mapEntry struct{ key, val expression }

type mapNode struct{ entries []mapEntry }

// rangeNode is [from..to].
type rangeNode struct {
	from, to expression
	pos      int
}

type orNode struct{ left, right expression }

type andNode struct{ left, right expression }

type notNode struct{ operand expression }

type equalNode struct {
	left, right expression
	negate      bool
}

type compareNode struct {
	left, right expression
	comparator  comparator
	pos         int
}

// mathNode is an arithmetic operation. The texts, of "+" only, stand in for a side without a value beside a String.
type mathNode struct {
	left, right         expression
	operator            operator
	leftText, rightText string
	pos                 int
}

// reference is a variable with steps to be taken from it.
type reference struct {
	root       string
	slot       int
	steps      []step
	text       string // printed where the reference is escaped or its value prints nothing at all
	prefix     string // half of the backslashes before an escaped reference
	morePrefix string // "$" and the like that were read together with the reference
	escaped    bool
	runt       bool // no "$": a stray name in the arguments of a method
	computable bool // false: as a value it is null, without being looked up
	pos        int
}

type stepKind uint8

const (
	stepProperty stepKind = iota
	stepCall
	stepIndex
)

// step is one .property, .method(…) or [index].
type step struct {
	kind       stepKind
	name       string      // of a property or method
	key        value.Value // the property as a String, or the constant index
	isConstant bool        // key is the index
	index      expression
	arguments  []expression
	site       *CallSite
	pos        int
}
