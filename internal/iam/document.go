package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxDepth bounds the nesting of a policy document; a valid one needs five.
const maxDepth = 16

// maxMembers bounds the members of one object, which are compared with each other.
const maxMembers = 512

var errSyntax = errors.New("not a JSON object without repeated keys")

// node is a JSON value with its members in order. Scalars keep their text.
type node struct {
	kind    nodeKind
	text    string
	list    []node
	members []member
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	stringNode
	numberNode
	boolNode
	listNode
	objectNode
)

type member struct {
	name  string
	value node
}

// parseDocument reads a whole JSON document. A key that stands twice in one object is refused.
func parseDocument(document []byte) (node, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	root, err := parseNode(decoder, 0)
	if err != nil {
		return node{}, fmt.Errorf("parsing a policy document: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return node{}, errSyntax
	}
	return root, nil
}

func parseNode(decoder *json.Decoder, depth int) (node, error) {
	token, err := decoder.Token()
	if err != nil {
		return node{}, err
	}
	switch token := token.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return node{}, errSyntax
		}
		if token == '{' {
			return parseObject(decoder, depth)
		}
		return parseList(decoder, depth)
	case string:
		return node{kind: stringNode, text: token}, nil
	case json.Number:
		return node{kind: numberNode, text: token.String()}, nil
	case bool:
		return node{kind: boolNode, text: fmt.Sprint(token)}, nil
	}
	return node{kind: nullNode}, nil
}

func parseObject(decoder *json.Decoder, depth int) (node, error) {
	object := node{kind: objectNode}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return node{}, err
		}
		if _, found := object.get(name.(string)); found || len(object.members) == maxMembers {
			return node{}, errSyntax
		}
		value, err := parseNode(decoder, depth+1)
		if err != nil {
			return node{}, err
		}
		object.members = append(object.members, member{name.(string), value})
	}
	_, err := decoder.Token()
	return object, err
}

func parseList(decoder *json.Decoder, depth int) (node, error) {
	list := node{kind: listNode}
	for decoder.More() {
		value, err := parseNode(decoder, depth+1)
		if err != nil {
			return node{}, err
		}
		list.list = append(list.list, value)
	}
	_, err := decoder.Token()
	return list, err
}

// get returns a member of an object.
func (n *node) get(name string) (node, bool) {
	for i := range n.members {
		if n.members[i].name == name {
			return n.members[i].value, true
		}
	}
	return node{}, false
}

// strings returns a string, or a list of strings, as a list; false when it is neither.
func (n *node) strings() ([]string, bool) {
	switch n.kind {
	case stringNode:
		return []string{n.text}, true
	case listNode:
		texts := make([]string, 0, len(n.list))
		for _, each := range n.list {
			if each.kind != stringNode {
				return nil, false
			}
			texts = append(texts, each.text)
		}
		return texts, true
	}
	return nil, false
}

// scalars returns a string, number or boolean, or a list of them, as a list of texts.
func (n *node) scalars() ([]string, bool) {
	list := n.list
	if n.kind != listNode {
		list = []node{*n}
	}
	texts := make([]string, 0, len(list))
	for _, each := range list {
		if each.kind != stringNode && each.kind != numberNode && each.kind != boolNode {
			return nil, false
		}
		texts = append(texts, each.text)
	}
	return texts, true
}

// appendJSON writes the value without white space, its members in their order.
func (n *node) appendJSON(dst []byte) []byte {
	switch n.kind {
	case stringNode:
		return appendString(dst, n.text)
	case numberNode, boolNode:
		return append(dst, n.text...)
	case listNode:
		dst = append(dst, '[')
		for i := range n.list {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = n.list[i].appendJSON(dst)
		}
		return append(dst, ']')
	case objectNode:
		dst = append(dst, '{')
		for i := range n.members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, n.members[i].name), ':')
			dst = n.members[i].value.appendJSON(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendString writes a JSON string, leaving <, > and & as they are.
func appendString(dst []byte, s string) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return append(dst, `""`...) // a string always encodes
	}
	return append(dst, bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))...)
}
