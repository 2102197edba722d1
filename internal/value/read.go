package value

import (
	"unicode"
	"unicode/utf8"
)

// What json-smart's parser counts as the end of its input: the end, and this character.
const endOfInput = 0x1A

// json-smart looks at what ends an unquoted text only below this character ("MAX_STOP").
const firstUnstoppable = 126

// reader reads one payload the way json-smart 2.5 does in MODE_PERMISSIVE.
type reader struct {
	text       string
	pos        int
	odd        int // where text last differed from what json-smart would write; a container that begins after it can be copied
	depth      int
	keepDelete bool // keep U+007F in strings with escapes, which json-smart drops
	arena      *Arena
	source     *source
	err        *SyntaxError
}

// Read reads a payload as json-smart 2.5 does in MODE_PERMISSIVE: text that is not JSON is a string, keys and strings may be unquoted or in
// single quotes, superfluous commas and whatever follows the first value are ignored. A text that begins like an object or array and does
// not go on like one is a *SyntaxError. Numbers become Integer, Long or BigInteger, Double or (more than 18 characters) BigDecimal. Of
// duplicate keys the first position and the last value count. Strings without escapes point into text. An empty text is the string "".
func Read(a *Arena, text string) (Value, error) {
	r := newReader(a, text)
	v, ok := r.first()
	if !ok {
		r.arena.abandon()
		return Value{}, r.err
	}
	return v, nil
}

func newReader(a *Arena, text string) reader {
	if a == nil {
		a = NewArena()
	}
	return reader{text: text, odd: -1, arena: a, source: &grab(&a.sources, 1)[0]}
}

// first reads the value of the whole payload.
func (r *reader) first() (Value, bool) {
	for r.pos < len(r.text) && isSpace(r.text[r.pos]) {
		r.odd = r.pos
		r.pos++
	}
	if r.peek() == endOfInput {
		return OfString(""), true
	}
	return r.value(0)
}

// value reads the value at the current position. closer is '}' or ']' by the container it stands in, 0 at the top: it and the comma end an
// unquoted text.
func (r *reader) value(closer byte) (Value, bool) {
	for {
		c := r.peek()
		switch c {
		case '"', '\'':
			return r.quoted()
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-':
			return r.number(closer)
		case ' ', '\n', '\t', '\r':
			r.odd = r.pos
			r.pos++
		case '{':
			return r.object()
		case '[':
			return r.array()
		case ':', '}', ']':
			return Value{}, r.fail(unexpectedCharacter, r.current(), r.pos)
		case endOfInput:
			return Value{}, r.failBefore(unexpectedEnd, "EOF")
		default:
			return r.unquoted(closer)
		}
	}
}

// peek gives the byte at the current position.
func (r *reader) peek() byte {
	if r.pos < len(r.text) {
		return r.text[r.pos]
	}
	return endOfInput
}

// skipSpace skips what json-smart's skipSpace does: every control character, too.
func (r *reader) skipSpace() {
	for r.pos < len(r.text) && r.text[r.pos] <= ' ' && r.text[r.pos] != endOfInput {
		r.odd = r.pos
		r.pos++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// object reads an object, from its opening brace.
func (r *reader) object() (Value, bool) {
	start, base := r.pos, len(r.arena.openEntries)
	if !r.descend() {
		return Value{}, false
	}
	var index map[string]int32
	for comma := false; ; comma = true {
		if !r.toKey() {
			return Value{}, false
		}
		if r.text[r.pos] == '}' {
			if comma {
				r.odd = r.pos
			}
			break
		}
		key, ok := r.key()
		if !ok {
			return Value{}, false
		}
		val, ok := r.value('}')
		if !ok {
			return Value{}, false
		}
		if index, ok = r.known(base, index, key, val); !ok {
			open := append(r.arena.openEntries, Entry{})
			e := &open[len(open)-1]
			e.Key, e.Val = key, val
			r.arena.openEntries = open
		}
		r.skipSpace()
		if c := r.peek(); c == '}' {
			break
		} else if c != ',' {
			return Value{}, r.notClosed(c)
		}
		r.pos++
	}
	r.pos++
	r.depth--
	return r.closeObject(start, base, index), true
}

// descend counts one level and skips its opening character.
func (r *reader) descend() bool {
	r.depth++
	if r.depth > maxDepth {
		return r.fail(unexpectedDepth, r.current(), r.pos)
	}
	r.pos++
	return true
}

// notClosed says what is wrong with the character after a member of an object.
func (r *reader) notClosed(c byte) bool {
	if c == endOfInput {
		return r.failBefore(unexpectedEnd, "null")
	}
	return r.failBefore(unexpectedToken, r.current())
}

// toKey skips to the next key or the end of an object.
func (r *reader) toKey() bool {
	for {
		switch c := r.peek(); c {
		case '"', '}':
			return r.pos < len(r.text)
		case ' ', '\n', '\t', '\r', ',':
			r.odd = r.pos
			r.pos++
		case ':', ']', '[', '{':
			return r.fail(unexpectedCharacter, r.current(), r.pos)
		case endOfInput:
			return r.failBefore(unexpectedEnd, "null")
		default:
			return true
		}
	}
}

// key reads a key and its colon.
func (r *reader) key() (key Value, ok bool) {
	if c := r.text[r.pos]; c == '"' || c == '\'' {
		if key, ok = r.quoted(); !ok {
			return Value{}, false
		}
	} else {
		start := r.pos
		r.odd = start
		for c := r.peek(); c != ':' && c != endOfInput; c = r.peek() {
			r.pos++
		}
		key = OfString(trim(r.text[start:r.pos]))
	}
	if r.peek() != ':' {
		if r.skipSpace(); r.peek() != ':' {
			if r.peek() == endOfInput {
				return Value{}, r.failBefore(unexpectedEnd, "null")
			}
			return Value{}, r.failBefore(unexpectedCharacter, r.current())
		}
	}
	r.pos++
	if r.pos >= len(r.text) {
		return Value{}, r.failBefore(unexpectedEnd, "EOF")
	}
	if r.text[r.pos] == ' ' {
		r.odd = r.pos
		r.pos++
	}
	return key, true
}

// known sets the member of the innermost open object that has this key, if there is one. Its members begin at base; index is of their keys,
// once there are many.
func (r *reader) known(base int, index map[string]int32, key, val Value) (map[string]int32, bool) {
	open := r.arena.openEntries[base:]
	text := key.str()
	if index == nil {
		for i := range open {
			if k := &open[i].Key; k.n == key.n && k.str() == text {
				r.odd = r.pos
				open[i].Val = val
				return nil, true
			}
		}
		if len(open)+1 < indexFrom {
			return nil, false
		}
		index = indexOf(open)
	}
	if i, ok := index[text]; ok {
		r.odd = r.pos
		open[i].Val = val
		return index, true
	}
	index[text] = int32(len(open))
	return index, false
}

// closeObject makes a map of the innermost open object.
func (r *reader) closeObject(start, base int, index map[string]int32) Value {
	a := r.arena
	open := a.openEntries[base:]
	m := &grab(&a.maps, 1)[0]
	m.entries = grab(&a.entries, len(open))
	copy(m.entries, open)
	a.mostEntries = max(a.mostEntries, len(a.openEntries))
	a.openEntries = a.openEntries[:base]
	m.index = index
	m.source = r.source
	if r.odd < start {
		m.raw = r.text[start:r.pos]
	}
	return OfMap(m)
}

// array reads an array, from its opening bracket.
func (r *reader) array() (Value, bool) {
	start, base := r.pos, len(r.arena.openItems)
	if !r.descend() {
		return Value{}, false
	}
	comma := true // a comma here is superfluous, and one before the closing bracket
	for {
		switch r.peek() {
		case ' ', '\n', '\t', '\r':
			r.odd = r.pos
			r.pos++
			continue
		case ',':
			if comma {
				r.odd = r.pos
			}
			comma = true
			r.pos++
			continue
		case ']':
			if comma && len(r.arena.openItems) > base {
				r.odd = r.pos
			}
			r.pos++
			r.depth--
			return r.closeArray(start, base), true
		}
		if !comma {
			r.odd = r.pos // [1"a"] is two items
		}
		item, ok := r.value(']')
		if !ok {
			return Value{}, false
		}
		r.arena.openItems = append(r.arena.openItems, item)
		comma = false
	}
}

// closeArray makes a list of the innermost open array.
func (r *reader) closeArray(start, base int) Value {
	a := r.arena
	open := a.openItems[base:]
	l := &grab(&a.lists, 1)[0]
	l.items = grab(&a.items, len(open))
	copy(l.items, open)
	a.mostItems = max(a.mostItems, len(a.openItems))
	a.openItems = a.openItems[:base]
	l.source = r.source
	if r.odd < start {
		l.raw = r.text[start:r.pos]
	}
	return OfArray(l)
}

// unquoted reads a word: null, true, false, NaN, or a string without quotes.
func (r *reader) unquoted(closer byte) (Value, bool) {
	start := r.pos
	r.skipUnquoted(closer)
	word := trim(r.text[start:r.pos])
	if len(word) < r.pos-start {
		r.odd = start
	}
	if word != "" && word[0] == r.text[start] { // white space that is no JSON's before the word makes it a string
		switch word {
		case "null":
			return Value{}, true
		case "true", "false":
			return OfBool(word == "true"), true
		case "NaN":
			return OfFloat(nan32), true
		}
	}
	r.odd = start
	return OfString(word), true
}

// skipUnquoted skips to what ends an unquoted text.
func (r *reader) skipUnquoted(closer byte) {
	for r.pos < len(r.text) && !stops(r.text[r.pos], closer) {
		r.pos++
	}
}

// stops reports whether c ends an unquoted text.
func stops(c, closer byte) bool {
	return c == endOfInput || closer != 0 && (c == ',' || c == closer)
}

// trim removes what Java's Character.isWhitespace takes for white space at both ends, but leaves one character.
func trim(s string) string {
	for len(s) > 1 {
		c, size := utf8.DecodeRuneInString(s)
		if size == len(s) || !isJavaWhitespace(c) {
			break
		}
		s = s[size:]
	}
	for len(s) > 1 {
		c, size := utf8.DecodeLastRuneInString(s)
		if size == len(s) || !isJavaWhitespace(c) {
			break
		}
		s = s[:len(s)-size]
	}
	return s
}

// isJavaWhitespace is Character.isWhitespace: Unicode's separators but the non-breaking ones, and some controls.
func isJavaWhitespace(c rune) bool {
	switch {
	case c <= ' ':
		return c == ' ' || c >= '\t' && c <= '\r' || c >= 0x1C
	case c < 0x80, c == 0xA0, c == 0x2007, c == 0x202F:
		return false
	default:
		return unicode.In(c, unicode.Zs, unicode.Zl, unicode.Zp)
	}
}
