// Package jsonbody reads and writes the JSON of AWS's JSON protocols: an object whose members are
// named and typed by a shape.
//
// It is strict as AWS is: a value of another JSON type is an error, a member that the shape does
// not have is ignored, null is absence. It knows nothing of paths, headers and targets; restjson
// and awsjson put those around it. Begin reading at Decode and Append.
package jsonbody

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/scalar"
	"gatehouse/internal/wire/validate"
)

// timestamps is the default format of timestamps in JSON.
const timestamps = scalar.UnixTimestamp

// errJSON stands for any text that is no JSON; what exactly is wrong with it is not told.
var errJSON = errors.New("Could not parse request body into json: the text is no valid JSON") //nolint:revive,staticcheck // AWS's wording

// Decode reads the body members of a structure from one JSON object. An empty body is an empty
// object. Missing required members go to the report; the error, in AWS's words, is for text that
// is no JSON and for values of another type.
func Decode(text []byte, shape *schema.Shape, structure reflect.Value, report *validate.Report) error {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}")
	}
	d := &decoder{
		Decoder: jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		report:  report,
	}
	err := d.structure(shape, structure, "")
	if err == nil {
		err = d.end()
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errJSON
	}
	return err
}

type decoder struct {
	*jsontext.Decoder
	report *validate.Report
}

func (d *decoder) end() error {
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errJSON
	}
	return nil
}

// open reads the first token of an object or list.
func (d *decoder) open(kind jsontext.Kind, message string) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	if token.Kind() != kind {
		return errors.New(message)
	}
	return nil
}

func (d *decoder) structure(shape *schema.Shape, v reflect.Value, path string) error {
	if err := d.open('{', "Start of structure or map found where not expected."); err != nil {
		return err
	}
	seen := make([]bool, len(shape.Members))
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		i := bodyMember(shape, name.String())
		if i < 0 {
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		m := &shape.Members[i]
		set, err := d.member(m, m.Field(v), validate.Path(path, m.Name))
		if err != nil {
			return err
		}
		seen[i] = seen[i] || set
	}
	for i := range shape.Members {
		if m := &shape.Members[i]; m.Required && m.Location == schema.Body && m.Name != shape.Payload && !seen[i] {
			d.report.Missing(validate.Path(path, m.Name))
		}
	}
	_, err := d.ReadToken()
	return err
}

// bodyMember finds the member that a name in the JSON text stands for.
func bodyMember(shape *schema.Shape, name string) int {
	for i := range shape.Members {
		if m := &shape.Members[i]; m.Location == schema.Body && m.WireName() == name {
			return i
		}
	}
	return -1
}

// member sets a field; null leaves it absent.
func (d *decoder) member(m *schema.Member, field reflect.Value, path string) (set bool, err error) {
	if d.PeekKind() == 'n' {
		_, err := d.ReadToken()
		return false, err
	}
	return true, d.value(m, scalar.Slot(field), path)
}

func (d *decoder) value(m *schema.Member, slot reflect.Value, path string) error {
	switch m.Target().Kind {
	case schema.Structure:
		return d.structure(m.Target(), slot, path)
	case schema.List:
		return d.list(m.Target(), slot, path)
	case schema.Map:
		return d.mapping(m.Target(), slot, path)
	}
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	return decodeScalar(m, slot, token)
}

func (d *decoder) list(shape *schema.Shape, slot reflect.Value, path string) error {
	if err := d.open('[', "Expected list or null"); err != nil {
		return err
	}
	elements := reflect.MakeSlice(slot.Type(), 0, 0)
	for d.PeekKind() != ']' {
		element := reflect.New(slot.Type().Elem()).Elem()
		set, err := d.member(&shape.Element, element, validate.Item(path, strconv.Itoa(elements.Len()+1)))
		if err != nil {
			return err
		}
		if set {
			elements = reflect.Append(elements, element)
		}
	}
	slot.Set(elements)
	_, err := d.ReadToken()
	return err
}

// mapping keeps a key whose value is null, with an empty value: clients clear templates that way.
func (d *decoder) mapping(shape *schema.Shape, slot reflect.Value, path string) error {
	if err := d.open('{', "Expected map or null"); err != nil {
		return err
	}
	entries := reflect.MakeMap(slot.Type())
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		key := token.String()
		value := reflect.New(slot.Type().Elem()).Elem()
		if _, err := d.member(&shape.Value, value, validate.Item(path, key)); err != nil {
			return err
		}
		entries.SetMapIndex(reflect.ValueOf(key), value)
	}
	slot.Set(entries)
	_, err := d.ReadToken()
	return err
}

// tokenName is Coral's name of a JSON value of the wrong type.
func tokenName(kind jsontext.Kind) string {
	switch kind {
	case '"':
		return "STRING_VALUE"
	case '0':
		return "NUMBER_VALUE"
	case 't':
		return "TRUE_VALUE"
	case 'f':
		return "FALSE_VALUE"
	case '{':
		return "START_OBJECT"
	}
	return "START_ARRAY"
}

func mismatch(token jsontext.Token, wanted string) error {
	return fmt.Errorf("%s cannot be converted to %s", tokenName(token.Kind()), wanted)
}

func decodeScalar(m *schema.Member, slot reflect.Value, token jsontext.Token) error {
	kind := token.Kind()
	switch m.Target().Kind {
	case schema.String:
		if kind != '"' {
			return mismatch(token, "String")
		}
		slot.SetString(token.String())
	case schema.Boolean:
		if kind != 't' && kind != 'f' {
			return mismatch(token, "Boolean")
		}
		slot.SetBool(kind == 't')
	case schema.Integer, schema.Long:
		return decodeInteger(m, slot, token)
	case schema.Double:
		return decodeDouble(m, slot, token)
	case schema.Timestamp:
		return decodeTimestamp(m, slot, token)
	case schema.Blob:
		if kind != '"' {
			return mismatch(token, "Blob")
		}
		blob, err := base64.StdEncoding.DecodeString(token.String())
		if err != nil {
			return errors.New("Could not decode base64") //nolint:revive,staticcheck // AWS's style
		}
		slot.SetBytes(blob)
	}
	return nil
}

// decodeInteger takes 1.0 and 1e3 too: JSON knows one kind of number.
func decodeInteger(m *schema.Member, slot reflect.Value, token jsontext.Token) error {
	wanted, bits := "Integer", 32
	if m.Target().Kind == schema.Long {
		wanted, bits = "Long", 64
	}
	if token.Kind() != '0' {
		return mismatch(token, wanted)
	}
	number, err := strconv.ParseInt(token.String(), 10, bits)
	if err != nil {
		double, floatErr := strconv.ParseFloat(token.String(), 64)
		limit := math.Ldexp(1, bits-1)
		if floatErr != nil || double != math.Trunc(double) || double < -limit || double >= limit {
			return mismatch(token, wanted)
		}
		number = int64(double)
	}
	slot.SetInt(number)
	return nil
}

func decodeDouble(m *schema.Member, slot reflect.Value, token jsontext.Token) error {
	text := token.String()
	if token.Kind() == '"' && text != "NaN" && text != "Infinity" && text != "-Infinity" {
		return mismatch(token, "Double")
	}
	if token.Kind() != '"' && token.Kind() != '0' {
		return mismatch(token, "Double")
	}
	return scalar.Parse(slot, m, text, timestamps)
}

// decodeTimestamp takes a number or the text of the model's format, whichever the client sends.
func decodeTimestamp(m *schema.Member, slot reflect.Value, token jsontext.Token) error {
	if token.Kind() != '0' && token.Kind() != '"' {
		return mismatch(token, "Date")
	}
	format := m.Timestamp(timestamps)
	if token.Kind() == '"' && format == scalar.UnixTimestamp {
		format = scalar.ISO8601
	}
	at, err := scalar.ParseTime(format, token.String())
	if err != nil {
		return err
	}
	slot.Set(reflect.ValueOf(at))
	return nil
}
