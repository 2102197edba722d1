package awsquery

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"sort"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/scalar"
)

// Encode writes an operation's output.
func (c Codec) Encode(operation *schema.Operation, output any, requestID string) (*message.Response, error) {
	var w writer
	root := operation.Name + "Response"
	w.openWithNamespace(root, c.Service.XMLNamespace)
	if operation.ResultWrapper != "" {
		w.open(operation.ResultWrapper)
		w.structure(operation.Output, reflect.ValueOf(output).Elem())
		w.close(operation.ResultWrapper)
	}
	w.open("ResponseMetadata")
	w.element("RequestId", requestID)
	w.close("ResponseMetadata")
	w.close(root)
	return respond(200, &w), nil
}

// EncodeError writes an error.
func (c Codec) EncodeError(err awsapi.Error, requestID string) *message.Response {
	var w writer
	w.openWithNamespace("ErrorResponse", c.Service.XMLNamespace)
	w.open("Error")
	side := "Sender"
	if err.HTTPStatus() >= 500 {
		side = "Receiver"
	}
	w.element("Type", side)
	w.element("Code", err.ErrorCode())
	w.element("Message", err.ErrorMessage())
	if shape := c.Service.Exception(err); shape != nil {
		w.exception(shape, reflect.ValueOf(err).Elem())
	}
	w.close("Error")
	w.element("RequestId", requestID)
	w.close("ErrorResponse")
	return respond(err.HTTPStatus(), &w)
}

func respond(status int, w *writer) *message.Response {
	response := message.NewResponse(status)
	response.Header.Set("Content-Type", "text/xml")
	response.Body = w.out.Bytes()
	return response
}

// writer writes XML elements.
type writer struct {
	out bytes.Buffer
}

func (w *writer) openWithNamespace(name, namespace string) {
	w.out.WriteString("<" + name + ` xmlns="` + namespace + `">`)
}

func (w *writer) open(name string)  { w.out.WriteString("<" + name + ">") }
func (w *writer) close(name string) { w.out.WriteString("</" + name + ">") }

// element writes text; what XML cannot hold becomes U+FFFD. A bytes.Buffer never fails.
func (w *writer) element(name, text string) {
	w.open(name)
	_ = xml.EscapeText(&w.out, []byte(text))
	w.close(name)
}

func (w *writer) structure(shape *schema.Shape, v reflect.Value) {
	for i := range shape.Members {
		m := &shape.Members[i]
		if value, present := scalar.Value(m.Field(v), m.Target()); present {
			w.member(m, m.WireName(), value)
		}
	}
}

// exception writes an error's own members; its message is already there.
func (w *writer) exception(shape *schema.Shape, v reflect.Value) {
	for i := range shape.Members {
		m := &shape.Members[i]
		if value, present := scalar.Value(m.Field(v), m.Target()); present && !strings.EqualFold(m.Name, "message") {
			w.member(m, m.WireName(), value)
		}
	}
}

func (w *writer) member(m *schema.Member, name string, v reflect.Value) {
	shape := m.Target()
	switch shape.Kind {
	case schema.Structure:
		w.open(name)
		w.structure(shape, v)
		w.close(name)
	case schema.List:
		w.list(m, name, v)
	case schema.Map:
		w.mapping(m, name, v)
	default:
		w.element(name, scalar.Text(v, m, scalar.ISO8601))
	}
}

func (w *writer) list(m *schema.Member, name string, v reflect.Value) {
	shape := m.Target()
	if m.Flattened || shape.Flattened {
		for i := range v.Len() {
			w.member(&shape.Element, name, v.Index(i))
		}
		return
	}
	w.open(name)
	for i := range v.Len() {
		w.member(&shape.Element, elementName(shape), v.Index(i))
	}
	w.close(name)
}

// mapping writes entries in the order of their keys, so that the same output is the same text.
func (w *writer) mapping(m *schema.Member, name string, v reflect.Value) {
	shape := m.Target()
	flattened := m.Flattened || shape.Flattened
	entry := "entry"
	if flattened {
		entry = name
	} else {
		w.open(name)
	}
	keyName, valueName := keyValueNames(shape)
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	for _, key := range keys {
		w.open(entry)
		w.element(keyName, key.String())
		w.member(&shape.Value, valueName, v.MapIndex(key))
		w.close(entry)
	}
	if !flattened {
		w.close(name)
	}
}
