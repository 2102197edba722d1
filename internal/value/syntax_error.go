package value

import (
	"fmt"
	"unicode/utf8"
)

// SyntaxError says why a payload cannot be read. Its text is that of json-smart's ParseException, which API Gateway shows to callers
// after "Could not process payload".
type SyntaxError struct {
	// Position is json-smart's: it counts UTF-16 units from 0.
	Position int

	format string
	token  string
}

// Error gives json-smart's message.
func (e *SyntaxError) Error() string { return fmt.Sprintf(e.format, e.token, e.Position) }

// Messages of json-smart's ParseException: the token, then the position.
const (
	unexpectedCharacter = "Unexpected character (%s) at position %d."
	unexpectedToken     = "Unexpected token %s at position %d."
	unexpectedEnd       = "Unexpected End Of File position %[2]d: %[1]s"
	unexpectedUnicode   = "Unexpected unicode escape sequence %s at position %d."
	unexpectedDepth     = "Malicious payload, having non natural depths, parsing stoped on %s at position %d."
)

// fail records the first error; at is a byte position.
func (r *reader) fail(format, token string, at int) bool {
	if r.err == nil {
		r.err = &SyntaxError{Position: utf16Length(r.text[:max(0, min(at, len(r.text)))]), format: format, token: token}
		if at < 0 {
			r.err.Position = at
		}
	}
	return false
}

// failBefore is fail at the character before the current one, as json-smart's "pos - 1".
func (r *reader) failBefore(format, token string) bool {
	r.fail(format, token, r.pos)
	r.err.Position--
	return false
}

// current gives the character at the current position as text, json-smart's EOI at the end.
func (r *reader) current() string {
	if r.pos >= len(r.text) {
		return string(rune(endOfInput))
	}
	_, size := utf8.DecodeRuneInString(r.text[r.pos:])
	return r.text[r.pos : r.pos+size]
}

// utf16Length counts the UTF-16 units of a text.
func utf16Length(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0xF0:
			n += 2
		case c < 0x80 || c >= 0xC0:
			n++
		}
	}
	return n
}
