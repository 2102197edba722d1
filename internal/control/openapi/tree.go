package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Bounds of a document, ours: they keep aliases of YAML from growing without end.
const (
	nodesLimit = 500_000
	depthLimit = 200
)

type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// tree is a JSON value that keeps the order of its members. A nil *tree is absent, and
// every method works on it.
type tree struct {
	kind    kind
	scalar  string // of a boolean, number or text
	items   []*tree
	members []member
	// places are the positions of members by name, kept once there are many.
	places map[string]int
}

// manyMembers is when an object's members are found by a map: a document is as large as
// its writer likes.
const manyMembers = 16

type member struct {
	name  string
	value *tree
}

// parse reads JSON or YAML.
func parse(document []byte) (*tree, error) {
	trimmed := bytes.TrimLeft(document, " \t\r\n\uFEFF")
	p := parser{left: nodesLimit}
	if len(trimmed) > 0 && trimmed[0] == '{' {
		p.decoder = json.NewDecoder(bytes.NewReader(trimmed))
		p.decoder.UseNumber()
		root, err := p.json(0)
		if err == nil {
			_, err = p.decoder.Token()
			if errors.Is(err, io.EOF) {
				return root, nil
			}
			err = errors.Join(err, errors.New("text behind the document"))
		}
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	return p.yaml(&root, 0)
}

// parser builds a tree of bounded size.
type parser struct {
	decoder *json.Decoder
	left    int
}

var errTooLarge = errors.New("the document is too large or too deep")

func (p *parser) count(depth int) error {
	if p.left--; p.left < 0 || depth > depthLimit {
		return errTooLarge
	}
	return nil
}

func (p *parser) json(depth int) (*tree, error) {
	if err := p.count(depth); err != nil {
		return nil, err
	}
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			return p.jsonList(depth)
		}
		return p.jsonObject(depth)
	case string:
		return textOf(token), nil
	case json.Number:
		return &tree{kind: number, scalar: token.String()}, nil
	case bool:
		return booleanOf(token), nil
	default:
		return &tree{}, nil
	}
}

func (p *parser) jsonList(depth int) (*tree, error) {
	t := &tree{kind: list}
	for p.decoder.More() {
		item, err := p.json(depth + 1)
		if err != nil {
			return nil, err
		}
		t.items = append(t.items, item)
	}
	_, err := p.decoder.Token()
	return t, err
}

func (p *parser) jsonObject(depth int) (*tree, error) {
	t := &tree{kind: object}
	for p.decoder.More() {
		name, err := p.decoder.Token()
		if err != nil {
			return nil, err
		}
		value, err := p.json(depth + 1)
		if err != nil {
			return nil, err
		}
		t.set(name.(string), value)
	}
	_, err := p.decoder.Token()
	return t, err
}

func (p *parser) yaml(n *yaml.Node, depth int) (*tree, error) {
	if err := p.count(depth); err != nil {
		return nil, err
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) != 1 {
			return nil, errors.New("the document is empty")
		}
		return p.yaml(n.Content[0], depth+1)
	case yaml.AliasNode:
		return p.yaml(n.Alias, depth+1)
	case yaml.SequenceNode:
		t := &tree{kind: list}
		for _, content := range n.Content {
			item, err := p.yaml(content, depth+1)
			if err != nil {
				return nil, err
			}
			t.items = append(t.items, item)
		}
		return t, nil
	case yaml.MappingNode:
		return p.yamlObject(n, depth)
	case yaml.ScalarNode:
		return yamlScalar(n)
	default:
		return nil, errors.New("the document is empty")
	}
}

// yamlObject reads a mapping. What it merges ("<<") stands behind its own members.
func (p *parser) yamlObject(n *yaml.Node, depth int) (*tree, error) {
	t := &tree{kind: object}
	var merged []*tree
	for i := 0; i+1 < len(n.Content); i += 2 {
		value, err := p.yaml(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		if n.Content[i].ShortTag() == "!!merge" {
			merged = append(append(merged, value), value.items...)
			continue
		}
		t.set(n.Content[i].Value, value)
	}
	for _, from := range merged {
		for _, m := range from.members {
			if t.place(m.name) < 0 {
				t.set(m.name, m.value)
			}
		}
	}
	return t, nil
}

func yamlScalar(n *yaml.Node) (*tree, error) {
	switch n.ShortTag() {
	case "!!null":
		return &tree{}, nil
	case "!!bool":
		var value bool
		err := n.Decode(&value)
		return booleanOf(value), err
	case "!!int", "!!float":
		return &tree{kind: number, scalar: n.Value}, nil
	default: // dates too are texts in OpenAPI
		return textOf(n.Value), nil
	}
}

func textOf(value string) *tree { return &tree{kind: text, scalar: value} }

func booleanOf(value bool) *tree { return &tree{kind: boolean, scalar: strconv.FormatBool(value)} }

func integerOf(value int64) *tree { return &tree{kind: number, scalar: strconv.FormatInt(value, 10)} }

func textsOf(values []string) *tree {
	t := &tree{kind: list}
	for _, value := range values {
		t.items = append(t.items, textOf(value))
	}
	return t
}

func newObject() *tree { return &tree{kind: object} }

// set adds a member, or replaces the one with the name.
func (t *tree) set(name string, value *tree) {
	if i := t.place(name); i >= 0 {
		t.members[i].value = value
		return
	}
	t.members = append(t.members, member{name, value})
	switch {
	case t.places != nil:
		t.places[name] = len(t.members) - 1
	case len(t.members) > manyMembers:
		t.places = make(map[string]int, 2*len(t.members))
		for i := range t.members {
			t.places[t.members[i].name] = i
		}
	}
}

// place is the position of a member, -1 without one.
func (t *tree) place(name string) int {
	if t.places != nil {
		if i, ok := t.places[name]; ok {
			return i
		}
		return -1
	}
	for i := range t.members {
		if t.members[i].name == name {
			return i
		}
	}
	return -1
}

// without is the object less one member.
func (t *tree) without(name string) *tree {
	if t.get(name) == nil {
		return t
	}
	left := newObject()
	for _, m := range t.members {
		if m.name != name {
			left.set(m.name, m.value)
		}
	}
	return left
}

// setText adds a text that is not empty.
func (t *tree) setText(name, value string) {
	if value != "" {
		t.set(name, textOf(value))
	}
}

// get is a member, or nil.
func (t *tree) get(path ...string) *tree {
	for _, name := range path {
		t = t.one(name)
	}
	return t
}

func (t *tree) one(name string) *tree {
	if t == nil {
		return nil
	}
	if i := t.place(name); i >= 0 {
		return t.members[i].value
	}
	return nil
}

// text is the text of a scalar, also of a number: people write 1.0 without quotes.
func (t *tree) text() string {
	if t == nil || t.kind == list || t.kind == object {
		return ""
	}
	return t.scalar
}

// isTrue says whether it is true, or the text of it.
func (t *tree) isTrue() bool { return t.text() == "true" }

// integer is a whole number, or nil.
func (t *tree) integer() *int32 {
	value, err := strconv.ParseInt(t.text(), 10, 32)
	if err != nil {
		return nil
	}
	short := int32(value)
	return &short
}

// texts is a list of texts, or one text.
func (t *tree) texts() []string {
	if t == nil {
		return nil
	}
	if t.kind != list {
		if t.text() == "" {
			return nil
		}
		return []string{t.text()}
	}
	values := make([]string, 0, len(t.items))
	for _, item := range t.items {
		values = append(values, item.text())
	}
	return values
}

// entries is an object of texts.
func (t *tree) entries() map[string]string {
	if t == nil || len(t.members) == 0 {
		return nil
	}
	entries := map[string]string{}
	for _, m := range t.members {
		entries[m.name] = m.value.text()
	}
	return entries
}

// appendJSON writes the tree with two blanks for each level.
func (t *tree) appendJSON(b *bytes.Buffer, indent string) {
	switch t.kind {
	case null:
		b.WriteString("null")
	case boolean, number:
		b.WriteString(t.scalar)
	case text:
		b.Write(quoted(t.scalar))
	case list:
		t.appendList(b, indent)
	case object:
		t.appendObject(b, indent)
	}
}

func (t *tree) appendList(b *bytes.Buffer, indent string) {
	b.WriteString("[")
	for i, item := range t.items {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n" + indent + "  ")
		item.appendJSON(b, indent+"  ")
	}
	if len(t.items) > 0 {
		b.WriteString("\n" + indent)
	}
	b.WriteString("]")
}

func (t *tree) appendObject(b *bytes.Buffer, indent string) {
	b.WriteString("{")
	for i, m := range t.members {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n" + indent + "  ")
		b.Write(quoted(m.name))
		b.WriteString(" : ")
		m.value.appendJSON(b, indent+"  ")
	}
	if len(t.members) > 0 {
		b.WriteString("\n" + indent)
	}
	b.WriteString("}")
}

// quoted writes a text without escaping <, > and &.
func quoted(value string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // a string has no error
	return bytes.TrimRight(b.Bytes(), "\n")
}

// yaml gives the tree as the YAML library writes it.
func (t *tree) yaml() *yaml.Node {
	switch t.kind {
	case null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	case boolean:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: t.scalar}
	case number:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: t.scalar}
	case text:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: t.scalar}
	case list:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, item := range t.items {
			n.Content = append(n.Content, item.yaml())
		}
		return n
	default:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, m := range t.members {
			n.Content = append(n.Content, textOf(m.name).yaml(), m.value.yaml())
		}
		return n
	}
}

func (t *tree) marshalYAML() ([]byte, error) {
	document, err := yaml.Marshal(t.yaml())
	if err != nil {
		return nil, fmt.Errorf("writing YAML: %w", err)
	}
	return document, nil
}
