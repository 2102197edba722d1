// Package restjson speaks AWS's rest-json protocol: members in the path, query string, headers
// and a JSON body, or one member as the whole body.
//
// It neither routes nor reads sockets; internal/wire gives it a request whose route is known.
// Begin reading at Codec.Decode.
package restjson

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/jsonbody"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/scalar"
	"gatehouse/internal/wire/validate"
)

// Codec reads and writes the messages of one service.
type Codec struct {
	Service *schema.Service
}

// Decode fills a new input. Missing required members go to the report; an error is AWS's
// SerializationException.
func (c Codec) Decode(operation *schema.Operation, request *message.Request, report *validate.Report) (any, error) {
	input := operation.Handler.NewInput()
	structure := reflect.ValueOf(input).Elem()
	d := decoder{request: request, report: report}
	for i := range operation.Input.Members {
		m := &operation.Input.Members[i]
		set, err := d.bound(operation.Input, m, m.Field(structure))
		if err != nil {
			return nil, serialization(err)
		}
		if m.Required && m.Location != schema.Body && !set {
			report.Missing(validate.Path("", m.Name))
		}
	}
	if err := d.body(operation.Input, structure); err != nil {
		return nil, serialization(err)
	}
	return input, nil
}

func serialization(err error) error {
	return &awsapi.Unmodelled{Code: "SerializationException", Message: err.Error(), Status: http.StatusBadRequest}
}

type decoder struct {
	request *message.Request
	report  *validate.Report
}

// bound sets a member that does not travel in the body.
func (d decoder) bound(input *schema.Shape, m *schema.Member, field reflect.Value) (set bool, err error) {
	switch m.Location {
	case schema.URI:
		label, ok := d.request.Labels[m.WireName()]
		if !ok || label == "" {
			return false, nil
		}
		return true, scalar.Parse(scalar.Slot(field), m, label, scalar.ISO8601)
	case schema.Querystring:
		return d.query(input, m, field)
	case schema.Header:
		return d.header(m, field)
	case schema.Headers:
		return d.headers(m, field)
	}
	return false, nil
}

func (d decoder) query(input *schema.Shape, m *schema.Member, field reflect.Value) (set bool, err error) {
	if m.Target().Kind == schema.Map {
		return d.queryMap(input, m, field)
	}
	values, ok := d.request.Query[m.WireName()]
	if !ok || len(values) == 0 {
		return false, nil
	}
	if m.Target().Kind == schema.List {
		return true, setList(m, field, values)
	}
	return true, scalar.Parse(scalar.Slot(field), m, values[0], scalar.ISO8601)
}

func setList(m *schema.Member, field reflect.Value, values []string) error {
	list := reflect.MakeSlice(field.Type(), len(values), len(values))
	for i, text := range values {
		if err := scalar.Parse(list.Index(i), &m.Target().Element, text, scalar.ISO8601); err != nil {
			return err
		}
	}
	field.Set(list)
	return nil
}

// queryMap takes all parameters that no other member of the input binds.
func (d decoder) queryMap(input *schema.Shape, m *schema.Member, field reflect.Value) (set bool, err error) {
	taken := map[string]bool{}
	for i := range input.Members {
		if other := &input.Members[i]; other.Location == schema.Querystring && other.Target().Kind != schema.Map {
			taken[other.WireName()] = true
		}
	}
	entries := reflect.MakeMap(field.Type())
	for name, values := range d.request.Query {
		if taken[name] || len(values) == 0 {
			continue
		}
		value := reflect.New(field.Type().Elem()).Elem()
		if m.Target().Value.Target().Kind == schema.List {
			err = setList(&m.Target().Value, value, values)
		} else {
			err = scalar.Parse(value, &m.Target().Value, values[0], scalar.ISO8601)
		}
		if err != nil {
			return false, err
		}
		entries.SetMapIndex(reflect.ValueOf(name), value)
	}
	if entries.Len() == 0 {
		return false, nil
	}
	field.Set(entries)
	return true, nil
}

func (d decoder) header(m *schema.Member, field reflect.Value) (set bool, err error) {
	values := d.request.Header.Values(m.WireName())
	if len(values) == 0 {
		return false, nil
	}
	if m.Target().Kind == schema.List {
		return true, setList(m, field, commaSeparated(values))
	}
	text := values[0]
	if m.JSONValue {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return false, errors.New("header " + m.WireName() + " is no base64 text")
		}
		text = string(decoded)
	}
	return true, scalar.Parse(scalar.Slot(field), m, text, scalar.RFC822)
}

func commaSeparated(values []string) []string {
	var list []string
	for _, text := range strings.Split(strings.Join(values, ","), ",") {
		if text = strings.TrimSpace(text); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// headers takes all headers with the member's prefix.
func (d decoder) headers(m *schema.Member, field reflect.Value) (set bool, err error) {
	prefix := strings.ToLower(m.LocationName)
	entries := map[string]string{}
	for name, values := range d.request.Header {
		if strings.HasPrefix(strings.ToLower(name), prefix) {
			entries[name[len(prefix):]] = strings.Join(values, ",")
		}
	}
	if len(entries) == 0 {
		return false, nil
	}
	field.Set(reflect.ValueOf(entries).Convert(field.Type()))
	return true, nil
}

// body sets the members of the body: one that is the whole body, or those of a JSON object.
func (d decoder) body(input *schema.Shape, structure reflect.Value) error {
	m := input.PayloadMember()
	if m == nil {
		if !hasBody(input) {
			return nil
		}
		return jsonbody.Decode(d.request.Body, input, structure, d.report)
	}
	if len(d.request.Body) == 0 {
		if m.Required {
			d.report.Missing(validate.Path("", m.Name))
		}
		return nil
	}
	field := m.Field(structure)
	switch m.Target().Kind {
	case schema.Blob:
		field.SetBytes(d.request.Body)
	case schema.String:
		scalar.Slot(field).SetString(string(d.request.Body))
	default:
		return jsonbody.Decode(d.request.Body, m.Target(), scalar.Slot(field), d.report)
	}
	return nil
}

func hasBody(shape *schema.Shape) bool {
	for i := range shape.Members {
		if shape.Members[i].Location == schema.Body {
			return true
		}
	}
	return false
}

// signature names the query parameters of a presigned request, which belong to no operation.
func signature(name string) bool {
	return len(name) > 6 && strings.EqualFold(name[:6], "X-Amz-")
}

// Unsigned returns a request's parameters without those of its signature.
func Unsigned(query url.Values) url.Values {
	for name := range query {
		if signature(name) {
			delete(query, name)
		}
	}
	return query
}
