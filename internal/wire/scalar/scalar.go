// Package scalar converts between text and the scalar fields of inputs and outputs: strings,
// enumerations, numbers, booleans, timestamps and base64 blobs, wherever a protocol writes them
// as text (paths, query strings, headers, forms, XML).
//
// It knows no protocol; the caller names the timestamp format that its place uses by default.
// Begin at Parse, and at Text for the way back.
package scalar

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"gatehouse/internal/awsapi/schema"
)

// Slot returns the settable value behind a field: the field itself where it is plain, a new
// value it now points to where it is a pointer.
func Slot(field reflect.Value) reflect.Value {
	if field.Kind() != reflect.Pointer {
		return field
	}
	field.Set(reflect.New(field.Type().Elem()))
	return field.Elem()
}

// Value returns the value of a field and whether it is present: a nil pointer, list, map or blob
// and an empty enumeration are absent.
func Value(field reflect.Value, shape *schema.Shape) (reflect.Value, bool) {
	switch field.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if field.IsNil() {
			return reflect.Value{}, false
		}
		if field.Kind() == reflect.Pointer {
			return field.Elem(), true
		}
	case reflect.String:
		if len(shape.Enum) > 0 && field.Len() == 0 {
			return reflect.Value{}, false
		}
	}
	return field, true
}

// Parse sets a slot from text. The error says what was expected.
func Parse(slot reflect.Value, m *schema.Member, text, timestamps string) error {
	var err error
	switch m.Target().Kind {
	case schema.String:
		slot.SetString(text)
	case schema.Boolean:
		err = parseBoolean(slot, text)
	case schema.Integer:
		err = parseInteger(slot, text, 32)
	case schema.Long:
		err = parseInteger(slot, text, 64)
	case schema.Double:
		err = parseDouble(slot, text)
	case schema.Timestamp:
		var at time.Time
		if at, err = ParseTime(m.Timestamp(timestamps), text); err == nil {
			slot.Set(reflect.ValueOf(at))
		}
	case schema.Blob:
		var blob []byte
		if blob, err = base64.StdEncoding.DecodeString(text); err == nil {
			slot.SetBytes(blob)
		} else {
			err = fmt.Errorf("%s is no base64 text", m.Name)
		}
	default:
		err = fmt.Errorf("%s is no scalar", m.Name)
	}
	return err
}

func parseBoolean(slot reflect.Value, text string) error {
	if text != "true" && text != "false" {
		return fmt.Errorf("%q cannot be converted to Boolean", text)
	}
	slot.SetBool(text == "true")
	return nil
}

func parseInteger(slot reflect.Value, text string, bits int) error {
	number, err := strconv.ParseInt(text, 10, bits)
	if err != nil {
		return fmt.Errorf("%q cannot be converted to %s", text, map[int]string{32: "Integer", 64: "Long"}[bits])
	}
	slot.SetInt(number)
	return nil
}

func parseDouble(slot reflect.Value, text string) error {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("%q cannot be converted to Double", text)
	}
	slot.SetFloat(number)
	return nil
}

// Text writes a present value as text.
func Text(value reflect.Value, m *schema.Member, timestamps string) string {
	switch m.Target().Kind {
	case schema.Boolean:
		return strconv.FormatBool(value.Bool())
	case schema.Integer, schema.Long:
		return strconv.FormatInt(value.Int(), 10)
	case schema.Double:
		return Double(value.Float())
	case schema.Timestamp:
		return formatTime(m.Timestamp(timestamps), value.Interface().(time.Time))
	case schema.Blob:
		return base64.StdEncoding.EncodeToString(value.Bytes())
	}
	return value.String()
}

// Double writes a number as AWS does: a whole one with ".0", so that clients print 10.0.
func Double(number float64) string {
	switch {
	case math.IsNaN(number):
		return "NaN"
	case math.IsInf(number, 1):
		return "Infinity"
	case math.IsInf(number, -1):
		return "-Infinity"
	case number == math.Trunc(number) && math.Abs(number) < 1e15:
		return strconv.FormatFloat(number, 'f', 1, 64)
	}
	return strconv.FormatFloat(number, 'g', -1, 64)
}
