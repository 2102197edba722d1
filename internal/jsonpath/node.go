package jsonpath

import (
	"math"
	"strconv"
	"strings"

	"gatehouse/internal/value"
)

// nodeKind tells what a node is. Their order has no meaning.
type nodeKind uint8

const (
	nodeUndefined nodeKind = iota // what a path that finds nothing gives
	nodeNull
	nodeBool
	nodeNumber
	nodeString
	nodeJSON // an array or map of the document
	nodeText // an array or map written in the filter
	nodePattern
	nodePath
)

// node is one side of a comparison in a filter: a constant of the filter, or what its path gives for an item.
type node struct {
	kind    nodeKind
	val     value.Value // of nodeBool, nodeNumber, nodeString, nodeJSON
	text    string      // of nodeText; of nodeNumber in a filter, as it is written
	literal *literal    // of nodeText
	pattern *pattern
	path    *Path
	negated bool // "!" stands before the path
}

// literal is what a nodeText means. It is shared by all evaluations and never changed.
type literal struct {
	val   value.Value
	items []node // of an array
	err   error  // what is wrong with the text, or with its items as items; it shows only when the node is used
}

func textNode(text string) node {
	l := new(literal)
	if l.val, l.err = value.Read(nil, text); l.err == nil {
		if list := l.val.List(); list != nil {
			l.items, l.err = itemNodes(list)
		}
	}
	return node{kind: nodeText, text: text, literal: l}
}

func boolNode(b bool) node { return node{kind: nodeBool, val: value.OfBool(b)} }

func stringNode(s string) node { return node{kind: nodeString, val: value.OfString(s)} }

// maxExactDigits is the number of digits up to which two decimal numbers differ if and only if their doubles do.
const maxExactDigits = 15

// literalNumber makes a node of a number in a filter. It is a Long or a Double where those compare as the BigDecimal would.
func literalNumber(text string) (node, bool) {
	d, ok := value.ParseDecimal(text)
	if !ok {
		return node{}, false
	}
	n := node{kind: nodeNumber, val: value.OfBigDecimal(d), text: text}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		n.val = value.OfLong(i)
	} else if len(text) <= maxExactDigits {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			n.val = value.OfDouble(f)
		}
	}
	return n, true
}

// nodeOf makes a node of a value of the document.
func nodeOf(v value.Value) (node, error) {
	switch {
	case v.IsNull():
		return node{kind: nodeNull}, nil
	case v.Kind() == value.KindBoolean:
		return node{kind: nodeBool, val: v}, nil
	case v.IsNumber():
		if f := v.Float64(); f != f || math.IsInf(f, 0) {
			return node{}, errNumber
		}
		return node{kind: nodeNumber, val: v}, nil
	case v.Kind() == value.KindString:
		return node{kind: nodeString, val: v}, nil
	case v.IsSequence(), v.Kind() == value.KindMap:
		return node{kind: nodeJSON, val: v}, nil
	default:
		return node{}, errType
	}
}

// itemNode makes a node of an item of a list on either side of an operator: text that is a path or JSON counts as such, and arrays and maps
// are not allowed.
func itemNode(v value.Value) (node, error) {
	switch v.Kind() {
	case value.KindMap, value.KindArray, value.KindList:
		return node{}, errType
	case value.KindString:
	default:
		return nodeOf(v)
	}
	text := strings.TrimSpace(v.Str())
	if text != "" && (text[0] == '$' || text[0] == '@') {
		if p, err := Compile(text); err == nil {
			return node{kind: nodePath, path: p}, nil
		}
	}
	if n := len(text); n > 1 && (text[0] == '[' && text[n-1] == ']' || text[0] == '{' && text[n-1] == '}') {
		if _, err := value.Read(nil, text); err == nil {
			return textNode(v.Str()), nil
		}
	}
	s := v.Str()
	if n := len(s); n > 1 && (s[0] == '\'' || s[0] == '"') && s[n-1] == s[0] {
		s = s[1 : n-1]
	} else if n <= 1 {
		return stringNode(s), nil
	}
	s, ok := unescape(s)
	if !ok {
		return node{}, errType
	}
	return stringNode(s), nil
}

// isJSON reports whether n is an array or map.
func (n *node) isJSON() bool { return n.kind == nodeJSON || n.kind == nodeText }

// parsed gives the array or map.
func (n *node) parsed() (value.Value, error) {
	if n.kind == nodeJSON {
		return n.val, nil
	}
	if n.literal.val.IsNull() {
		return value.Value{}, n.literal.err
	}
	return n.literal.val, nil
}

// items gives the items of a list on either side of in, anyof …; ok is false if it is JSON but not an array.
func (n *node) items(e *evaluation) (items []node, ok bool, err error) {
	switch {
	case !n.isJSON():
		return nil, false, errInvalid
	case n.kind == nodeText:
		if err := e.charge(len(n.literal.items)); err != nil {
			return nil, false, err
		}
		return n.literal.items, n.literal.val.List() != nil, n.literal.err
	case n.val.List() == nil:
		return nil, false, nil
	}
	for _, item := range n.val.List().Items() {
		if err := e.charge(1 + len(item.Str())/itemBytesPerStep); err != nil {
			return nil, false, err
		}
	}
	items, err = itemNodes(n.val.List())
	return items, err == nil, err
}

// itemBytesPerStep is how much text costs a step as an item of a list: it may have to be compiled as a path.
const itemBytesPerStep = 32

func itemNodes(list *value.List) (items []node, err error) {
	items = make([]node, list.Len())
	for i := range items {
		if items[i], err = itemNode(list.At(i)); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// in reports whether items has one that n equals.
func (n *node) in(items []node) bool {
	for i := range items {
		if n.equals(&items[i]) {
			return true
		}
	}
	return false
}

// equals is the "==" of two nodes other than arrays and maps from the document. A string and a number are compared as what the left one is.
func (n *node) equals(o *node) bool {
	switch n.kind {
	case nodeNull:
		return o.kind == nodeNull
	case nodeBool:
		return o.kind == nodeBool && n.val.Bool() == o.val.Bool()
	case nodeString:
		switch o.kind {
		case nodeString:
			return n.val.Str() == o.val.Str()
		case nodeNumber:
			return n.val.Str() == o.numberText()
		}
	case nodeNumber:
		switch o.kind {
		case nodeNumber:
			return compareNumbers(n.val, o.val) == 0
		case nodeString:
			d, ok := value.ParseDecimal(o.val.Str())
			return ok && compareNumbers(n.val, value.OfBigDecimal(d)) == 0
		}
	case nodeJSON:
		return o.kind == nodeJSON && value.Equal(n.val, o.val)
	case nodeText:
		return o.kind == nodeText && n.text == o.text
	case nodePattern:
		return o.kind == nodePattern && n.pattern == o.pattern
	}
	return false
}

// numberText gives the text of a number as java.math.BigDecimal prints it.
func (n *node) numberText() string {
	text := n.text
	if text == "" {
		text = n.val.String()
	}
	if d, ok := value.ParseDecimal(text); ok {
		return string(d.AppendText(nil))
	}
	return text
}
