package value

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unsafe"
)

// Words of eight equal bytes, to look at eight bytes at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// bytesOf gives the bytes of a string, for reading only.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// plainRun counts the bytes of s before the first that is a double quote, a backslash, a control character, U+007F or not ASCII.
func plainRun(s string) int {
	b := bytesOf(s)
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, escape := w^('"'*ones), w^('\\'*ones)
		found := ((quote-ones)&^quote | (escape-ones)&^escape | (w - ' '*ones) | w | (w + ones)) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)>>3
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == '"' || c == '\\' || c < ' ' || c >= 0x7F {
			break
		}
	}
	return i
}

// quoted reads a string in single or double quotes.
func (r *reader) quoted() (Value, bool) {
	start := r.pos + 1
	if r.text[r.pos] == '"' {
		end := start + plainRun(r.text[start:])
		if end < len(r.text) && r.text[end] == '"' {
			quote := unsafe.Pointer(unsafe.StringData(r.text[start-1:])) // the text of "" need not lie behind it
			r.pos = end + 1
			return Value{p: unsafe.Add(quote, 1), n: uint64(end - start), kind: KindString, flags: flagPlain | flagQuoted}, true
		}
	}
	return r.oddQuoted(start)
}

// oddQuoted reads a string with escapes, controls, single quotes or characters beyond ASCII. json-smart keeps raw controls unless the string
// has an escape, in which case it drops them.
func (r *reader) oddQuoted(start int) (Value, bool) {
	quote := r.text[start-1]
	length := strings.IndexByte(r.text[start:], quote)
	if length < 0 {
		return Value{}, r.fail(unexpectedEnd, "null", len(r.text))
	}
	text := r.text[start : start+length]
	if strings.IndexByte(text, '\\') >= 0 {
		r.pos = start
		return r.escaped(quote)
	}
	r.pos = start + length + 1
	if quote != '"' || escapeRun(text) < len(text) {
		r.odd = start
	}
	return OfString(text), true
}

// escaped reads a string that has an escape, from behind its opening quote.
func (r *reader) escaped(quote byte) (Value, bool) {
	dst := r.arena.scratch[:0]
	if quote != '"' {
		r.odd = r.pos
	}
	for {
		run := plainRun(r.text[r.pos:])
		if i := strings.IndexByte(r.text[r.pos:r.pos+run], quote); i >= 0 {
			run = i // a single quote, which plainRun does not stop at
		}
		dst = append(dst, r.text[r.pos:r.pos+run]...)
		r.pos += run
		c := r.peek()
		switch {
		case c == endOfInput:
			return Value{}, r.failBefore(unexpectedEnd, "null")
		case c == quote:
			r.pos++
			r.arena.scratch = dst
			return OfString(r.arena.keep(dst)), true
		case c == '\\':
			var ok bool
			if dst, ok = r.escape(dst); !ok {
				return Value{}, false
			}
		case c < ' ', c == 0x7F && !r.keepDelete:
			r.odd = r.pos
			r.pos++
		default:
			if c == 0x7F || c == 0xC2 || c == 0xE2 {
				r.odd = r.pos // json-smart may write an escape here
			}
			dst = append(dst, c)
			r.pos++
		}
	}
}

// escape reads a backslash and what follows it. json-smart drops both if it does not know the escape.
func (r *reader) escape(dst []byte) ([]byte, bool) {
	r.pos++
	if r.pos >= len(r.text) {
		return dst, r.fail(unexpectedEnd, "null", r.pos)
	}
	c := r.text[r.pos]
	r.pos++
	if strings.IndexByte(`"\bfnrt`, c) < 0 {
		r.odd = r.pos // not one that json-smart writes
	}
	switch c {
	case 't':
		return append(dst, '\t'), true
	case 'n':
		return append(dst, '\n'), true
	case 'r':
		return append(dst, '\r'), true
	case 'f':
		return append(dst, '\f'), true
	case 'b':
		return append(dst, '\b'), true
	case '\\', '/', '\'', '"':
		return append(dst, c), true
	case 'u':
		return r.codeUnit(dst, 4)
	case 'x':
		return r.codeUnit(dst, 2)
	default:
		if c >= 0x80 {
			r.pos--
			r.pos += len(r.current())
		}
		return dst, true
	}
}

// codeUnit reads the hexadecimal digits of an escaped UTF-16 code unit.
func (r *reader) codeUnit(dst []byte, digits int) ([]byte, bool) {
	unit := uint16(0)
	for range digits {
		c := r.peek()
		var d byte
		switch {
		case c >= '0' && c <= '9':
			d = c - '0'
		case c >= 'a' && c <= 'f':
			d = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			d = c - 'A' + 10
		case c == endOfInput:
			return dst, r.fail(unexpectedEnd, "EOF", r.pos)
		default:
			return dst, r.fail(unexpectedUnicode, r.current(), r.pos)
		}
		unit = unit<<4 | uint16(d)
		r.pos++
	}
	return AppendUnit(dst, unit), true
}
