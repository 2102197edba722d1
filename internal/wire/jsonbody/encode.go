package jsonbody

import (
	"encoding/base64"
	"math"
	"reflect"
	"sort"

	"github.com/go-json-experiment/json/jsontext"

	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/scalar"
)

// Append appends the body members of a structure as one JSON object. Absent members are left
// out; lists and maps that are empty and not nil are written.
func Append(out []byte, shape *schema.Shape, structure reflect.Value) []byte {
	out = append(out, '{')
	first := true
	for i := range shape.Members {
		m := &shape.Members[i]
		value, present := scalar.Value(m.Field(structure), m.Target())
		if !present || m.Location != schema.Body || m.Name == shape.Payload {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = appendString(out, m.WireName())
		out = append(out, ':')
		out = appendValue(out, m, value)
	}
	return append(out, '}')
}

func appendValue(out []byte, m *schema.Member, v reflect.Value) []byte {
	shape := m.Target()
	switch shape.Kind {
	case schema.Structure:
		return Append(out, shape, v)
	case schema.List:
		return appendList(out, shape, v)
	case schema.Map:
		return appendMap(out, m, v)
	case schema.String:
		return appendString(out, v.String())
	case schema.Blob:
		out = append(out, '"')
		out = base64.StdEncoding.AppendEncode(out, v.Bytes())
		return append(out, '"')
	case schema.Timestamp:
		if m.Timestamp(timestamps) != scalar.UnixTimestamp {
			return appendString(out, scalar.Text(v, m, timestamps))
		}
	case schema.Double:
		if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
			return appendString(out, scalar.Text(v, m, timestamps))
		}
	}
	return append(out, scalar.Text(v, m, timestamps)...)
}

func appendList(out []byte, shape *schema.Shape, v reflect.Value) []byte {
	out = append(out, '[')
	for i := range v.Len() {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendValue(out, &shape.Element, v.Index(i))
	}
	return append(out, ']')
}

// appendMap writes keys in order, so that the same output is the same text.
func appendMap(out []byte, m *schema.Member, v reflect.Value) []byte {
	shape := m.Target()
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	out = append(out, '{')
	for i, key := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendString(out, key.String())
		out = append(out, ':')
		value := v.MapIndex(key)
		if m.EmptyIsNull && value.String() == "" {
			out = append(out, "null"...)
			continue
		}
		out = appendValue(out, &shape.Value, value)
	}
	return append(out, '}')
}

// appendString writes text as JSON; bytes that are no UTF-8 become U+FFFD.
func appendString(out []byte, text string) []byte {
	quoted, _ := jsontext.AppendQuote(out, text) // its error reports invalid UTF-8, which it has replaced
	return quoted
}

// AppendString writes text as a JSON string.
func AppendString(out []byte, text string) []byte { return appendString(out, text) }
