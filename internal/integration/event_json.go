package integration

import (
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string. What is not UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		b := s[i]
		if b < utf8.RuneSelf {
			if b >= ' ' && b != '"' && b != '\\' {
				i++
				continue
			}
			dst = append(dst, s[start:i]...)
			dst = appendEscape(dst, b)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, replacementCharacter...)
			i++
			start = i
			continue
		}
		i += size
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	default:
		return append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&0xF])
	}
}

func appendName(dst []byte, name string) []byte {
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

func appendMember(dst []byte, name, value string) []byte {
	return appendString(appendName(dst, name), value)
}

func appendOptionalMember(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	return appendMember(dst, name, value)
}

func appendNullableMember(dst []byte, name, value string) []byte {
	return appendStringOrNull(appendName(dst, name), value)
}

func appendStringOrNull(dst []byte, value string) []byte {
	if value == "" {
		return append(dst, "null"...)
	}
	return appendString(dst, value)
}

// appendFields appends an object with the last value of each name; null when there is none.
func appendFields(dst []byte, name string, fields []Field) []byte {
	if len(fields) == 0 {
		return append(appendName(dst, name), "null"...)
	}
	return appendByName(appendName(dst, name), fields, appendLastValue)
}

// appendMultiValueFields appends an object with all the values of each name; null when
// there is none.
func appendMultiValueFields(dst []byte, name string, fields []Field) []byte {
	if len(fields) == 0 {
		return append(appendName(dst, name), "null"...)
	}
	return appendByName(appendName(dst, name), fields, appendValues)
}

// appendObject appends fields as an object, an empty one where there are none.
func appendObject(dst []byte, name string, fields []Field, form func([]byte, string, []Field) []byte) []byte {
	if len(fields) == 0 {
		return append(appendName(dst, name), "{}"...)
	}
	return form(dst, name, fields)
}

// appendByName appends an object with one entry for each name, in the order of the names'
// first appearance. The value is made of the fields from that appearance on.
func appendByName(dst []byte, fields []Field, appendValue func(dst []byte, from []Field) []byte) []byte {
	dst = append(dst, '{')
	first := true
	for i, field := range fields {
		if appearsBefore(fields, i) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendString(dst, field.Name), ':')
		dst = appendValue(dst, fields[i:])
	}
	return append(dst, '}')
}

// appendValues appends a list of all values of the first field's name.
func appendValues(dst []byte, from []Field) []byte {
	dst = appendString(append(dst, '['), from[0].Value)
	for _, later := range from[1:] {
		if later.Name == from[0].Name {
			dst = appendString(append(dst, ','), later.Value)
		}
	}
	return append(dst, ']')
}

// appendLastValue appends the last value of the first field's name.
func appendLastValue(dst []byte, from []Field) []byte {
	value := from[0].Value
	for _, later := range from[1:] {
		if later.Name == from[0].Name {
			value = later.Value
		}
	}
	return appendString(dst, value)
}

// appendRawObject appends an object whose values are JSON text already.
func appendRawObject(dst []byte, fields []Field) []byte {
	dst = append(dst, '{')
	for i, field := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, field.Name)
		dst = append(dst, ':')
		dst = append(dst, field.Value...)
	}
	return append(dst, '}')
}

func appearsBefore(fields []Field, i int) bool {
	for _, earlier := range fields[:i] {
		if earlier.Name == fields[i].Name {
			return true
		}
	}
	return false
}
