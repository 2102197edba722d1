// Package awsquery speaks AWS's query protocol: an Action and its members as form parameters,
// XML in return.
//
// Lists are written Name.member.1, maps Name.entry.1.key and .value, structures Name.Member;
// flattened ones leave out the middle word. Begin reading at Codec.Decode and, for responses, at
// Codec.Encode.
package awsquery

import (
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/scalar"
	"gatehouse/internal/wire/validate"
)

// maxDepth bounds how deep a parameter's name may nest; no input of ours reaches ten.
const maxDepth = 32

// Codec reads and writes the messages of one service.
type Codec struct {
	Service *schema.Service
}

// Form returns the parameters of a request: those of the URL and those of the body.
func Form(query url.Values, body []byte) (url.Values, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, malformed("The request body is no valid form.")
	}
	for name, values := range query {
		if _, ok := form[name]; !ok {
			form[name] = values
		}
	}
	return form, nil
}

func malformed(text string) error {
	return &awsapi.Unmodelled{Code: "MalformedInput", Message: text, Status: http.StatusBadRequest}
}

// Decode fills a new input from the form in the request's Query. Missing required members go to
// the report; an error is AWS's MalformedInput.
func (c Codec) Decode(operation *schema.Operation, request *message.Request, report *validate.Report) (any, error) {
	input := operation.Handler.NewInput()
	d := decoder{report: report}
	if err := d.structure(operation.Input, reflect.ValueOf(input).Elem(), place{node: grow(request.Query)}); err != nil {
		return nil, malformed(err.Error())
	}
	return input, nil
}

// node is a parameter, or what its name's dots lead to.
type node struct {
	value    string
	set      bool
	children map[string]*node
}

// grow turns parameters into a tree along the dots of their names.
func grow(form url.Values) *node {
	root := &node{}
	for name, values := range form {
		parts := strings.Split(name, ".")
		if len(parts) > maxDepth || len(values) == 0 {
			continue
		}
		at := root
		for _, part := range parts {
			at = at.child(part)
		}
		at.value, at.set = values[0], true
	}
	return root
}

func (n *node) child(name string) *node {
	if n.children == nil {
		n.children = map[string]*node{}
	}
	if n.children[name] == nil {
		n.children[name] = &node{}
	}
	return n.children[name]
}

// numbered returns the children named by numbers, in the order of the numbers.
func (n *node) numbered() []*node {
	type item struct {
		number int
		node   *node
	}
	var items []item
	for name, child := range n.children {
		if number, err := strconv.Atoi(name); err == nil && number > 0 {
			items = append(items, item{number, child})
		}
	}
	sort.Slice(items, func(i, j int) bool { return items[i].number < items[j].number })
	nodes := make([]*node, len(items))
	for i := range items {
		nodes[i] = items[i].node
	}
	return nodes
}

// place is a node and the path to it.
type place struct {
	node *node
	path string
}

type decoder struct {
	report *validate.Report
}

func (d decoder) structure(shape *schema.Shape, v reflect.Value, at place) error {
	for i := range shape.Members {
		m := &shape.Members[i]
		path := validate.Path(at.path, m.Name)
		child := at.node.children[m.WireName()]
		if child == nil {
			if m.Required {
				d.report.Missing(path)
			}
			continue
		}
		if err := d.value(m, scalar.Slot(m.Field(v)), place{child, path}); err != nil {
			return err
		}
	}
	return nil
}

func (d decoder) value(m *schema.Member, slot reflect.Value, at place) error {
	switch m.Target().Kind {
	case schema.Structure:
		return d.structure(m.Target(), slot, at)
	case schema.List:
		return d.list(m, slot, at)
	case schema.Map:
		return d.mapping(m, slot, at)
	}
	return scalar.Parse(slot, m, at.node.value, scalar.ISO8601)
}

func (d decoder) list(m *schema.Member, slot reflect.Value, at place) error {
	shape := m.Target()
	parent := at.node
	if !m.Flattened && !shape.Flattened {
		parent = parent.children[elementName(shape)]
	}
	slot.Set(reflect.MakeSlice(slot.Type(), 0, 0))
	if parent == nil {
		return nil
	}
	items := parent.numbered()
	list := reflect.MakeSlice(slot.Type(), len(items), len(items))
	for i, item := range items {
		path := validate.Item(at.path, strconv.Itoa(i+1))
		if err := d.value(&shape.Element, list.Index(i), place{item, path}); err != nil {
			return err
		}
	}
	slot.Set(list)
	return nil
}

func elementName(shape *schema.Shape) string {
	if shape.Element.LocationName != "" {
		return shape.Element.LocationName
	}
	return "member"
}

func keyValueNames(shape *schema.Shape) (key, value string) {
	key, value = "key", "value"
	if shape.Key.LocationName != "" {
		key = shape.Key.LocationName
	}
	if shape.Value.LocationName != "" {
		value = shape.Value.LocationName
	}
	return key, value
}

func (d decoder) mapping(m *schema.Member, slot reflect.Value, at place) error {
	shape := m.Target()
	parent := at.node
	if !m.Flattened && !shape.Flattened {
		parent = parent.children["entry"]
	}
	entries := reflect.MakeMap(slot.Type())
	slot.Set(entries)
	if parent == nil {
		return nil
	}
	keyName, valueName := keyValueNames(shape)
	for _, item := range parent.numbered() {
		key := item.child(keyName).value
		value := reflect.New(slot.Type().Elem()).Elem()
		if err := d.value(&shape.Value, value, place{item.child(valueName), validate.Item(at.path, key)}); err != nil {
			return err
		}
		entries.SetMapIndex(reflect.ValueOf(key), value)
	}
	return nil
}
