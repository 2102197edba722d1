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

// appendFields appends an object with the last value of each name, in the order of
// the names' first appearance; null when there is none.
func appendFields(dst []byte, name string, fields []Field) []byte {
	dst = appendName(dst, name)
	if len(fields) == 0 {
		return append(dst, "null"...)
	}
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
		dst = appendString(dst, field.Name)
		dst = append(dst, ':')
		dst = appendString(dst, lastValue(fields, i))
	}
	return append(dst, '}')
}

// appendMultiValueFields appends an object with all the values of each name.
func appendMultiValueFields(dst []byte, name string, fields []Field) []byte {
	dst = appendName(dst, name)
	if len(fields) == 0 {
		return append(dst, "null"...)
	}
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
		dst = appendString(dst, field.Name)
		dst = append(dst, ':')
		dst = appendValues(dst, fields[i:], field.Name)
	}
	return append(dst, '}')
}

func appendValues(dst []byte, fields []Field, name string) []byte {
	dst = append(dst, '[')
	first := true
	for _, field := range fields {
		if field.Name != name {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = appendString(dst, field.Value)
	}
	return append(dst, ']')
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

func lastValue(fields []Field, i int) string {
	value := fields[i].Value
	for _, later := range fields[i+1:] {
		if later.Name == fields[i].Name {
			value = later.Value
		}
	}
	return value
}
