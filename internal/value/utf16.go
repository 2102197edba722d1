package value

import (
	"bytes"
	"unicode/utf8"
)

// Java's strings are UTF-16 and may hold half of a surrogate pair. Ours are UTF-8, in which such a half stands as its own three bytes,
// ED A0 80 … ED BF BF. Whole pairs always stand as one character of four bytes, except where two halves were put together by concatenation;
// AppendUTF8 mends that at the end.

// AppendUnit appends one UTF-16 code unit. A low surrogate joins a high one that dst ends with.
func AppendUnit(dst []byte, unit uint16) []byte {
	switch {
	case unit < 0xD800 || unit > 0xDFFF:
		return utf8.AppendRune(dst, rune(unit))
	case unit >= 0xDC00:
		if high, ok := trailingHigh(dst); ok {
			return utf8.AppendRune(dst[:len(dst)-3], pair(high, unit))
		}
	}
	return append(dst, 0xED, 0x80|byte(unit>>6)&0x3F, 0x80|byte(unit)&0x3F)
}

// AppendUTF8 appends s as Java encodes it in UTF-8: surrogates that belong together are joined, and a lonely one is "?".
func AppendUTF8(dst []byte, s string) []byte {
	from := len(dst)
	return mend(append(dst, s...), from)
}

// MendUTF8 is AppendUTF8 in place, for everything in text.
func MendUTF8(text []byte) []byte { return mend(text, 0) }

func mend(text []byte, from int) []byte {
	read := from
	write := from
	for {
		i := bytes.IndexByte(text[read:], 0xED)
		if i < 0 {
			return append(text[:write], text[read:]...)
		}
		write += copy(text[write:], text[read:read+i])
		read += i
		unit, ok := surrogate(text[read:])
		if !ok {
			text[write] = 0xED
			write, read = write+1, read+1
			continue
		}
		read += 3
		if low, ok := surrogate(text[read:]); ok && unit < 0xDC00 && low >= 0xDC00 {
			write += utf8.EncodeRune(text[write:], pair(unit, low))
			read += 3
			continue
		}
		text[write] = '?'
		write++
	}
}

// surrogate decodes a surrogate in three bytes.
func surrogate(b []byte) (uint16, bool) {
	if len(b) < 3 || b[0] != 0xED || b[1] < 0xA0 || b[1] > 0xBF || b[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | uint16(b[1]&0x3F)<<6 | uint16(b[2]&0x3F), true
}

func trailingHigh(b []byte) (uint16, bool) {
	if len(b) < 3 {
		return 0, false
	}
	unit, ok := surrogate(b[len(b)-3:])
	return unit, ok && unit < 0xDC00
}

func pair(high, low uint16) rune {
	return 0x10000 + rune(high-0xD800)<<10 + rune(low-0xDC00)
}
