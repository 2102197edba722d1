package vtl

import (
	"unicode/utf8"

	"gatehouse/internal/value"
)

// Java's strings count in UTF-16 units; ours are UTF-8 in which half a surrogate pair stands as its own three bytes (see value.Value.Str).

// isASCII reports whether units and bytes are the same.
func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendUTF16 appends the units of s.
func appendUTF16(units []uint16, s string) []uint16 {
	for i := 0; i < len(s); {
		r, n := decode(s[i:])
		i += n
		if r > 0xFFFF {
			r -= 0x10000
			units = append(units, 0xD800|uint16(r>>10), 0xDC00|uint16(r&0x3FF))
			continue
		}
		units = append(units, uint16(r))
	}
	return units
}

// decode is utf8.DecodeRuneInString that knows surrogates; other broken bytes are U+FFFD each.
func decode(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && len(s) > 2 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, n
}

// fromUTF16 makes a string of units.
func fromUTF16(units []uint16) string {
	b := make([]byte, 0, len(units)+len(units)/4)
	for _, u := range units {
		b = value.AppendUnit(b, u)
	}
	return string(b)
}

// unitLength gives Java's length().
func unitLength(s string) int {
	n := 0
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c < 0x80:
			i++
		case c < 0xE0:
			i += 2
		case c < 0xF0:
			i += 3
		default:
			i += 4
			n++
		}
		n++
	}
	return n
}
