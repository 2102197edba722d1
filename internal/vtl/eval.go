package vtl

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"gatehouse/internal/value"
)

// emptyString is what a reference without a value is (quirk null-is-empty).
var emptyString = value.OfString("") // a constant of a struct type

func (n *constant) value(*Execution) value.Value { return n.v }

func (n *constant) truth(*Execution) bool { return n.v.Bool() }

func (n *interpolation) value(ex *Execution) value.Value {
	if !ex.enter(n.pos) {
		return value.Value{}
	}
	defer ex.leave()
	from := len(ex.out)
	n.body.render(ex)
	text := ex.out[from:]
	if n.dropLast && len(text) > 0 {
		_, size := utf8.DecodeLastRune(text)
		text = text[:len(text)-size]
	}
	var v value.Value
	if ex.halt == running && ex.allocate(len(text), n.pos) {
		v = value.OfString(string(text))
	}
	ex.out = ex.out[:from]
	return v
}

func (*interpolation) truth(*Execution) bool { return false }

func (n *listNode) value(ex *Execution) value.Value {
	l := ex.arena.NewList(len(n.items))
	for _, item := range n.items {
		l.Append(item.value(ex))
	}
	ex.allocate(bytesOf(len(n.items)), 0)
	return value.OfList(l)
}

func (*listNode) truth(*Execution) bool { return false }

// bytesOf estimates what n values need.
func bytesOf(n int) int { return 32 + 24*n }

func (n *mapNode) value(ex *Execution) value.Value {
	m := ex.arena.NewMap(len(n.entries))
	for i := range n.entries {
		key := n.entries[i].key.value(ex)
		v := n.entries[i].val.value(ex)
		if ex.keyFits(m, key) {
			m.Put(key, v)
		}
	}
	ex.allocate(2*bytesOf(len(n.entries)), 0)
	return value.OfMap(m)
}

func (*mapNode) truth(*Execution) bool { return false }

// value makes the list from … to, up or down. It is null if an end is not a number.
func (n *rangeNode) value(ex *Execution) value.Value {
	from, to := n.from.value(ex), n.to.value(ex)
	if !from.IsNumber() || !to.IsNumber() {
		return value.Value{}
	}
	a, b := int64(intValue(from)), int64(intValue(to))
	step, size := int64(1), b-a+1
	if a >= b {
		step, size = -1, a-b+1
	}
	if size > maxRange {
		ex.fail(n.pos, fmt.Errorf("%w: a range of %d elements", ErrLimit, size))
		return value.Value{}
	}
	if !ex.step(int(size), n.pos) || !ex.allocate(bytesOf(int(size)), n.pos) {
		return value.Value{}
	}
	l := ex.arena.NewList(int(size))
	for ; size > 0; size-- {
		l.Append(value.OfInteger(int32(a)))
		a += step
	}
	return value.OfList(l)
}

func (*rangeNode) truth(*Execution) bool { return false }

func (n *orNode) value(ex *Execution) value.Value { return value.OfBool(n.truth(ex)) }

func (n *orNode) truth(ex *Execution) bool { return n.left.truth(ex) || n.right.truth(ex) }

func (n *andNode) value(ex *Execution) value.Value { return value.OfBool(n.truth(ex)) }

func (n *andNode) truth(ex *Execution) bool { return n.left.truth(ex) && n.right.truth(ex) }

func (n *notNode) value(ex *Execution) value.Value { return value.OfBool(n.truth(ex)) }

func (n *notNode) truth(ex *Execution) bool { return !n.operand.truth(ex) }

func (n *equalNode) value(ex *Execution) value.Value { return value.OfBool(n.truth(ex)) }

func (n *equalNode) truth(ex *Execution) bool {
	left, right := n.left.value(ex), n.right.value(ex)
	return ex.equal(left, right) != n.negate
}

// equal is Velocity's "==": numbers by value, equals for values of one class, the texts of anything else (quirk null-equals).
func (ex *Execution) equal(a, b value.Value) bool {
	switch {
	case a.IsNumber() && b.IsNumber():
		order, err := compareNumbers(a, b)
		if err != nil {
			ex.fail(0, err)
		}
		return order == 0
	case a.IsNull() || b.IsNull():
		return ex.noText(a) && ex.noText(b)
	case a.Kind() == value.KindString && b.Kind() == value.KindString:
		return a.Str() == b.Str()
	case sameClass(a, b):
		return ex.equals(a, b)
	}
	left, hasLeft := ex.text(a)
	right, hasRight := ex.text(b)
	return left == right && hasLeft == hasRight
}

// noText reports that a value is null, or an object whose toString is null.
func (ex *Execution) noText(v value.Value) bool {
	if v.IsNull() {
		return true
	}
	_, ok := ex.text(v)
	return !ok
}

func (n *compareNode) value(ex *Execution) value.Value { return value.OfBool(n.truth(ex)) }

// truth compares numbers; anything else is not less, not greater and not equal.
func (n *compareNode) truth(ex *Execution) bool {
	left, right := n.left.value(ex), n.right.value(ex)
	if !left.IsNumber() || !right.IsNumber() {
		return false
	}
	order, err := compareNumbers(left, right)
	if err != nil {
		ex.fail(n.pos, err)
		return false
	}
	return n.comparator(order)
}

func (*mathNode) truth(*Execution) bool { return false }

// value computes. A String on either side of "+" concatenates; anything else that is not a number has no result.
func (n *mathNode) value(ex *Execution) value.Value {
	left, right := n.left.value(ex), n.right.value(ex)
	if !ex.step(1, n.pos) {
		return value.Value{}
	}
	if left.IsNumber() && right.IsNumber() {
		if left.Kind() <= value.KindLong && right.Kind() <= value.KindLong {
			if v, ok := n.operator.integers(left, right); ok {
				return v
			}
		}
		v, err := n.operator.compute(left, right)
		if err != nil {
			ex.fail(n.pos, err)
		}
		return v
	}
	if n.operator == add && (left.Kind() == value.KindString || right.Kind() == value.KindString) {
		return n.concatenate(ex, left, right)
	}
	return value.Value{}
}

// concatenate joins the texts; a side without a value is its source.
func (n *mathNode) concatenate(ex *Execution, left, right value.Value) value.Value {
	from := len(ex.out)
	ex.appendOperand(left, n.leftText, n.pos)
	ex.appendOperand(right, n.rightText, n.pos)
	size := len(ex.out) - from
	if !ex.allocate(size, n.pos) || !ex.step(size/64, n.pos) {
		return value.Value{}
	}
	// Two halves of a surrogate pair may meet here; value.AppendUTF8 mends that at the very end.
	v := value.OfString(string(ex.out[from:]))
	ex.out = ex.out[:from]
	return v
}

func (ex *Execution) appendOperand(v value.Value, source string, pos int) {
	if v.IsNull() {
		ex.out = append(ex.out, source...)
		return
	}
	if b, ok := v.Object().(*blockObject); ok {
		text, ok := b.text()
		if !ok {
			ex.fail(pos, errNullText)
		}
		ex.out = append(ex.out, text...)
		return
	}
	ex.out = value.AppendString(ex.out, v)
}

// errNullText is Java's NullPointerException for an object whose toString is null.
var errNullText = errors.New("a #define block inside itself has no text")

// text gives Java's toString; ok is false if that is null, which only a #define block deep inside itself is.
func (ex *Execution) text(v value.Value) (text string, ok bool) {
	switch v.Kind() {
	case value.KindString:
		return v.Str(), true
	case value.KindObject:
		if b, ok := v.Object().(*blockObject); ok {
			return b.text()
		}
	}
	from := len(ex.out)
	ex.out = value.AppendString(ex.out, v)
	text = string(ex.out[from:])
	ex.out = ex.out[:from]
	ex.allocate(len(text), 0)
	return text, true
}

// Text gives the Java toString of v, "null" for null.
func (ex *Execution) Text(v value.Value) string {
	text, ok := ex.text(v)
	if !ok {
		return "null"
	}
	return text
}

// value gives the reference's value, which is null only where it is not looked up at all.
func (r *reference) value(ex *Execution) value.Value {
	if !r.computable {
		return value.Value{}
	}
	return r.execute(ex)
}

// truth: everything is true but false, and a #define block that prints nothing at all.
func (r *reference) truth(ex *Execution) bool {
	if r.runt {
		return false
	}
	v := r.execute(ex)
	switch v.Kind() {
	case value.KindBoolean:
		return v.Bool()
	case value.KindObject:
		_, ok := ex.text(v)
		return ok
	}
	return true
}

// execute takes the steps. Once something is null the whole reference is the empty string (quirk null-is-empty).
func (r *reference) execute(ex *Execution) value.Value {
	v := ex.get(r.slot)
	if len(r.steps) == 0 || v.IsNull() {
		if v.IsNull() {
			return emptyString
		}
		return v
	}
	if !ex.enter(r.pos) {
		return emptyString
	}
	for i := range r.steps {
		v = ex.take(v, &r.steps[i])
		if v.IsNull() || ex.halt != running {
			v = emptyString
			break
		}
	}
	ex.leave()
	return v
}

// take takes one step from a value that is not null.
func (ex *Execution) take(v value.Value, s *step) value.Value {
	ex.at = s.pos
	if !ex.step(1, s.pos) {
		return value.Value{}
	}
	switch s.kind {
	case stepProperty:
		return ex.property(v, s)
	case stepIndex:
		return ex.index(v, s)
	default:
		return ex.call(v, s)
	}
}

// call evaluates the arguments, all of them, and calls the method.
func (ex *Execution) call(v value.Value, s *step) value.Value {
	from := len(ex.arguments)
	for _, a := range s.arguments {
		ex.arguments = append(ex.arguments, a.value(ex))
	}
	var result value.Value
	if ex.halt == running {
		result = ex.invoke(v, s, ex.arguments[from:len(ex.arguments):len(ex.arguments)])
	}
	ex.arguments = ex.arguments[:from]
	return result
}
