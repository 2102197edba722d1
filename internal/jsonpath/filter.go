package jsonpath

import (
	"errors"
	"strings"

	"gatehouse/internal/value"
)

var (
	errNumber = errors.New("a filter compares a number that is not finite")
	errType   = errors.New("a filter compares values that it cannot")
)

// expression is a filter, or part of one.
type expression interface {
	// accepts tells whether the filter accepts an item. errInvalid makes the whole filter refuse it.
	accepts(e *evaluation, item value.Value) (bool, error)
}

// logical is operands joined by && or ||.
type logical struct {
	operands []expression
	and      bool
}

// simple gives the only operand, if there is just one.
func (l logical) simple() expression {
	if len(l.operands) == 1 {
		return l.operands[0]
	}
	return l
}

func (l logical) accepts(e *evaluation, item value.Value) (bool, error) {
	for _, o := range l.operands {
		ok, err := o.accepts(e, item)
		if err != nil || ok != l.and {
			return ok, err
		}
	}
	return l.and, nil
}

// not is an operand behind "!".
type not struct{ operand expression }

func (n not) accepts(e *evaluation, item value.Value) (bool, error) {
	ok, err := n.operand.accepts(e, item)
	return !ok, err
}

// exists is a path by itself, or behind "!". A path that is not definite always exists, unless it asks for a name that is missing.
type exists struct {
	path *Path
	want bool
}

func (x exists) accepts(e *evaluation, item value.Value) (bool, error) {
	if e.depth++; e.depth > maxNesting {
		return false, errDepth
	}
	defer func() { e.depth-- }()
	// On the item, even if the path begins with "$": so does Jayway.
	inner := evaluation{budget: e.budget, path: x.path, root: e.root, arena: e.arena, strict: true}
	_, err := inner.run(item)
	if errors.Is(err, errNotFound) {
		return !x.want, nil
	}
	return x.want, err
}

// relation is a comparison.
type relation struct {
	left, right node
	operator    relationOperator
}

func (r relation) accepts(e *evaluation, item value.Value) (bool, error) {
	left, err := e.node(&r.left, item)
	if err != nil {
		return false, err
	}
	right, err := e.node(&r.right, item)
	if err != nil {
		return false, err
	}
	return r.operator(e, &left, &right)
}

// accepts evaluates the filter of a token on an item.
func (e *evaluation) accepts(t *token, item value.Value) (bool, error) {
	if err := e.spend(); err != nil {
		return false, err
	}
	ok, err := t.filter.accepts(e, item)
	if errors.Is(err, errInvalid) {
		return false, nil
	}
	return ok, err
}

// node gives what one side of a comparison is for an item.
func (e *evaluation) node(n *node, item value.Value) (node, error) {
	if n.kind != nodePath {
		return *n, nil
	}
	if !n.path.absolute {
		if n.path.direct {
			v, ok := n.path.evalDirect(item)
			if !ok {
				return node{}, nil
			}
			return nodeOf(v)
		}
		return e.found(n.path, item)
	}
	if known, ok := e.roots[n.path]; ok {
		return known, nil
	}
	result, err := e.found(n.path, e.root)
	if err == nil {
		if e.roots == nil {
			e.roots = make(map[*Path]node)
		}
		e.roots[n.path] = result
	}
	return result, err
}

func (e *evaluation) found(p *Path, document value.Value) (node, error) {
	v, err := e.on(p, document)
	if errors.Is(err, errNotFound) {
		return node{}, nil
	}
	if err != nil {
		return node{}, err
	}
	return nodeOf(v)
}

// relationOperator compares two sides.
type relationOperator func(e *evaluation, left, right *node) (bool, error)

// operatorNamed gives the operator of an upper-case name. ALL, TYPE and MATCHES need what only Java code can give: in a path they refuse
// every item.
func operatorNamed(name string) (relationOperator, bool) {
	switch name {
	case "==":
		return equal, true
	case "!=":
		return negated(equal), true
	case "===":
		return sameType, true
	case "!==":
		return negated(sameType), true
	case "<":
		return ordered(less), true
	case "<=":
		return ordered(notGreater), true
	case ">":
		return ordered(greater), true
	case ">=":
		return ordered(notLess), true
	case "=~":
		return matches, true
	case "IN":
		return in, true
	case "NIN":
		return negated(in), true
	case "CONTAINS":
		return contains, true
	case "SIZE":
		return size, true
	case "EMPTY":
		return empty, true
	case "EXISTS":
		return existsOperator, true
	case "SUBSETOF":
		return lists(subset), true
	case "ANYOF":
		return lists(anyOf), true
	case "NONEOF":
		return lists(noneOf), true
	case "ALL", "TYPE", "MATCHES":
		return refuse, true
	default:
		return nil, false
	}
}

func refuse(*evaluation, *node, *node) (bool, error) { return false, errInvalid }

func negated(operator relationOperator) relationOperator {
	return func(e *evaluation, left, right *node) (bool, error) {
		ok, err := operator(e, left, right)
		return !ok, err
	}
}

// equal compares arrays and maps only if the left one is the document's: one that the filter writes on the left equals nothing.
func equal(e *evaluation, left, right *node) (bool, error) {
	if !left.isJSON() || !right.isJSON() {
		return left.equals(right), e.charge(len(left.val.Str()) / bytesPerStep)
	}
	if left.kind == nodeText {
		return false, nil
	}
	v, err := right.parsed()
	if err != nil {
		return false, err
	}
	if err := e.charge(weight(left.val, maxSteps, maxDepth)); err != nil {
		return false, err
	}
	return value.Equal(left.val, v), nil
}

// How much text costs a step: as it is, and under a regular expression.
const (
	bytesPerStep        = 512
	patternBytesPerStep = 8
)

// weight counts the values in v, up to limit.
func weight(v value.Value, limit, depth int) int {
	n := 1
	if depth == 0 {
		return limit
	}
	if m := v.Map(); m != nil {
		for i := 0; i < m.Len() && n < limit; i++ {
			_, member := m.At(i)
			n += weight(member, limit-n, depth-1)
		}
	} else if l := v.List(); l != nil {
		for i := 0; i < l.Len() && n < limit; i++ {
			n += weight(l.At(i), limit-n, depth-1)
		}
	}
	return n
}

func sameType(e *evaluation, left, right *node) (bool, error) {
	if left.kind != right.kind && (!left.isJSON() || !right.isJSON()) {
		return false, nil
	}
	return equal(e, left, right)
}

// ordered compares two numbers or two strings; nothing else has an order.
func ordered(holds func(int) bool) relationOperator {
	return func(_ *evaluation, left, right *node) (bool, error) {
		switch {
		case left.kind == nodeNumber && right.kind == nodeNumber:
			return holds(compareNumbers(left.val, right.val)), nil
		case left.kind == nodeString && right.kind == nodeString:
			return holds(compareText(left.val.Str(), right.val.Str())), nil
		default:
			return false, nil
		}
	}
}

func less(c int) bool       { return c < 0 }
func notGreater(c int) bool { return c <= 0 }
func greater(c int) bool    { return c > 0 }
func notLess(c int) bool    { return c >= 0 }

// compareText compares as Java does, by UTF-16 units: characters beyond U+FFFF come before U+E000 … U+FFFF.
func compareText(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i < len(a) && i < len(b) && a[i] >= 0xEE && b[i] >= 0xEE && (a[i] >= 0xF0) != (b[i] >= 0xF0) {
		return strings.Compare(b[i:], a[i:])
	}
	return strings.Compare(a[i:], b[i:])
}

// matches needs a pattern on one side. Of an array, one item must match.
func matches(e *evaluation, left, right *node) (bool, error) {
	if (left.kind == nodePattern) == (right.kind == nodePattern) {
		return false, nil
	}
	if left.kind == nodePattern {
		left, right = right, left
	}
	if !left.isJSON() {
		return e.match(right.pattern, left)
	}
	items, ok, err := left.items(e)
	if err != nil || !ok {
		return false, err
	}
	for i := range items {
		if matched, err := e.match(right.pattern, &items[i]); err != nil || matched {
			return matched, err
		}
	}
	return false, nil
}

func (e *evaluation) match(p *pattern, n *node) (bool, error) {
	text := n.matchText()
	if err := e.charge(p.cost + len(text)/patternBytesPerStep); err != nil {
		return false, err
	}
	return p.matches(text)
}

// matchText is what a pattern is matched with: nothing, for null and what is missing.
func (n *node) matchText() string {
	switch n.kind {
	case nodeString:
		return n.val.Str()
	case nodeNumber:
		return n.numberText()
	case nodeBool:
		return n.val.String()
	default:
		return ""
	}
}

func in(e *evaluation, left, right *node) (bool, error) {
	items, ok, err := right.items(e)
	return err == nil && ok && left.in(items), err
}

func contains(e *evaluation, left, right *node) (bool, error) {
	if left.kind == nodeString && right.kind == nodeString {
		text := left.val.Str()
		return strings.Contains(text, right.val.Str()), e.charge(len(text) / bytesPerStep)
	}
	if !left.isJSON() {
		return false, nil
	}
	return in(e, right, left)
}

// size compares the length of a string or array with a number; a map has none.
func size(e *evaluation, left, right *node) (bool, error) {
	if right.kind != nodeNumber {
		return false, nil
	}
	want := int64(toFloat(right.val))
	switch {
	case left.kind == nodeString:
		return int64(javaLength(left.val.Str())) == want, nil
	case left.isJSON():
		v, err := left.parsed()
		if list := v.List(); list != nil {
			return int64(list.Len()) == want, err
		}
		return want == -1, err
	default:
		return false, nil
	}
}

// javaLength counts UTF-16 units.
func javaLength(s string) int {
	n := 0
	for _, c := range s {
		n++
		if c >= 0x10000 {
			n++
		}
	}
	return n
}

// empty compares whether a string or array is empty with a boolean. Jayway fails on a map.
func empty(e *evaluation, left, right *node) (bool, error) {
	is := false
	switch {
	case left.kind == nodeString:
		is = left.val.Str() == ""
	case left.isJSON():
		v, err := left.parsed()
		if err != nil {
			return false, err
		}
		if v.Kind() == value.KindMap {
			return false, errType
		}
		is = v.List() == nil || v.List().Len() == 0
	default:
		return false, nil
	}
	if right.kind != nodeBool {
		return false, errInvalid
	}
	return is == right.val.Bool(), nil
}

func existsOperator(_ *evaluation, left, right *node) (bool, error) {
	switch {
	case left.kind != nodeBool && right.kind != nodeBool:
		return false, errType
	case left.kind != nodeBool || right.kind != nodeBool:
		return false, errInvalid
	default:
		return left.val.Bool() == right.val.Bool(), nil
	}
}

// lists is an operator on two lists.
func lists(holds func(left, right []node) bool) relationOperator {
	return func(e *evaluation, left, right *node) (bool, error) {
		r, ok, err := right.items(e)
		if err != nil || !ok {
			return false, err
		}
		l, ok, err := left.items(e)
		if err != nil || !ok {
			return false, err
		}
		if err := e.charge(len(l) + len(r) + len(l)*len(r)); err != nil {
			return false, err
		}
		return holds(l, r), nil
	}
}

func subset(left, right []node) bool {
	for i := range left {
		if !left[i].in(right) {
			return false
		}
	}
	return true
}

func noneOf(left, right []node) bool { return !anyOf(left, right) }

func anyOf(left, right []node) bool {
	for i := range left {
		if left[i].in(right) {
			return true
		}
	}
	return false
}
