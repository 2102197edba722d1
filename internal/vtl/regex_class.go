package vtl

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// runeSet is a set of characters, as sorted ranges that do not touch.
type runeSet []runeRange

type runeRange struct{ low, high rune }

const maxRune = unicode.MaxRune

// normal sorts and joins ranges.
func (s runeSet) normal() runeSet {
	slices.SortFunc(s, func(a, b runeRange) int { return int(a.low - b.low) })
	var out runeSet
	for _, r := range s {
		if n := len(out); n > 0 && r.low <= out[n-1].high+1 {
			out[n-1].high = max(out[n-1].high, r.high)
			continue
		}
		out = append(out, r)
	}
	return out
}

// not gives every other character.
func (s runeSet) not() runeSet {
	var out runeSet
	next := rune(0)
	for _, r := range s.normal() {
		if r.low > next {
			out = append(out, runeRange{next, r.low - 1})
		}
		next = r.high + 1
	}
	if next <= maxRune {
		out = append(out, runeRange{next, maxRune})
	}
	return out
}

// and gives what is in both.
func (s runeSet) and(t runeSet) runeSet {
	return append(s.not(), t.not()...).not()
}

// fromTable makes a set of a Unicode table.
func fromTable(t *unicode.RangeTable) runeSet {
	var s runeSet
	for _, r := range t.R16 {
		s = appendStride(s, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		s = appendStride(s, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return s
}

func appendStride(s runeSet, low, high, stride rune) runeSet {
	if stride == 1 {
		return append(s, runeRange{low, high})
	}
	for r := low; r <= high; r += stride {
		s = append(s, runeRange{r, r})
	}
	return s
}

// posixClasses are Java's \p{…} of US-ASCII.
var posixClasses = map[string]runeSet{
	"Lower": {{'a', 'z'}}, "Upper": {{'A', 'Z'}}, "ASCII": {{0, 0x7F}}, "Alpha": {{'A', 'Z'}, {'a', 'z'}}, "Digit": {{'0', '9'}},
	"Alnum": {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, "Punct": {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, "Graph": {{'!', '~'}},
	"Print": {{' ', '~'}}, "Blank": {{'\t', '\t'}, {' ', ' '}}, "Cntrl": {{0, 0x1F}, {0x7F, 0x7F}},
	"XDigit": {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, "Space": {{'\t', '\r'}, {' ', ' '}},
}

// letterClasses are \d, \w, \s, \h and \v: of US-ASCII, but for \h and \v.
var letterClasses = map[byte]runeSet{
	'd': {{'0', '9'}},
	'w': {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}},
	's': {{'\t', '\r'}, {' ', ' '}},
	'h': {{'\t', '\t'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x180E, 0x180E}, {0x2000, 0x200A}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}},
	'v': {{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}},
}

// lineEnds is what "." does not match.
var lineEnds = runeSet{{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}

// namedClass gives \p{name}.
func namedClass(name string) (runeSet, error) {
	if s, ok := posixClasses[name]; ok {
		return s, nil
	}
	switch name {
	case "javaLowerCase", "IsLowercase":
		return fromTable(unicode.Lower), nil
	case "javaUpperCase", "IsUppercase":
		return fromTable(unicode.Upper), nil
	case "javaWhitespace", "IsWhite_Space":
		return fromTable(unicode.White_Space), nil
	case "IsAlphabetic", "javaAlphabetic", "javaLetter":
		return append(fromTable(unicode.L), fromTable(unicode.Nl)...), nil
	case "IsDigit", "javaDigit":
		return fromTable(unicode.Nd), nil
	case "IsPunctuation":
		return fromTable(unicode.P), nil
	case "L1":
		return runeSet{{0, 0xFF}}, nil
	}
	for _, prefix := range []string{"", "Is", "general_category=", "gc="} {
		rest, ok := strings.CutPrefix(name, prefix)
		if table := unicode.Categories[rest]; ok && table != nil {
			return fromTable(table), nil
		}
	}
	for _, prefix := range []string{"Is", "script=", "sc="} {
		rest, ok := strings.CutPrefix(name, prefix)
		for script, table := range unicode.Scripts {
			if ok && strings.EqualFold(script, rest) {
				return fromTable(table), nil
			}
		}
	}
	return nil, fmt.Errorf("Unknown character property name {%s}", name) //nolint:staticcheck,revive // Java's words
}

// emitRune writes a character for both engines: plain where it is plain, else by its number (re2) or itself (regexp2 has no long numbers).
func emitRune(r rune, inClass bool) (re2, full string) {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', !inClass && strings.ContainsRune(` "'%&,:;<=>@_~!/`, r):
		return string(r), string(r)
	case r > 0xFFFF || r >= 0xD800 && r <= 0xDFFF:
		return fmt.Sprintf(`\x{%X}`, r), string(r)
	}
	return fmt.Sprintf(`\x{%X}`, r), fmt.Sprintf(`\u%04X`, r)
}

// emit writes the set as a character class for both engines.
func (s runeSet) emit() (re2, full string) {
	s = s.normal()
	if len(s) == 0 {
		return `[^\x{0}-\x{10FFFF}]`, `(?!)`
	}
	var a, b strings.Builder
	a.WriteByte('[')
	b.WriteByte('[')
	for _, r := range s {
		low2, low := emitRune(r.low, true)
		high2, high := emitRune(r.high, true)
		a.WriteString(low2)
		b.WriteString(low)
		if r.high > r.low {
			a.WriteString("-" + high2)
			b.WriteString("-" + high)
		}
	}
	return a.String() + "]", b.String() + "]"
}
