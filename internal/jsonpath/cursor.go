package jsonpath

import "strings"

// cursor is a position in a path or filter. Like Jayway's CharacterIndex it has an end that trimming moves, and reading beyond the text
// is an error, which here is the character 0.
type cursor struct {
	text string
	pos  int
	end  int // of the last character that counts
}

func newCursor(text string) *cursor { return &cursor{text: text, end: len(text) - 1} }

// trim leaves out blanks at both ends.
func (c *cursor) trim() {
	c.skipBlanks()
	for c.in(c.end) && c.pos < c.end && c.text[c.end] == ' ' {
		c.end--
	}
}

func (c *cursor) in(i int) bool { return i >= 0 && i <= c.end }

// at gives the character at i, 0 outside the text.
func (c *cursor) at(i int) byte {
	if i < 0 || i >= len(c.text) {
		return 0
	}
	return c.text[i]
}

func (c *cursor) current() byte { return c.at(c.pos) }

// isTail reports that nothing follows the current position.
func (c *cursor) isTail() bool { return c.pos >= c.end }

func (c *cursor) skipBlanks() {
	for c.in(c.pos) && c.text[c.pos] == ' ' {
		c.pos++
	}
}

// significant gives the position of the first character behind i that is not a blank, -1 if there is none.
func (c *cursor) significant(i int) int {
	for i++; c.in(i) && c.text[i] == ' '; i++ {
	}
	if !c.in(i) {
		return -1
	}
	return i
}

// nextIs gives the position of the first character behind i that is not a blank, if it is want, else -1.
func (c *cursor) nextIs(i int, want byte) int {
	if i = c.significant(i); i >= 0 && c.text[i] == want {
		return i
	}
	return -1
}

// before gives the last character before the current one that is not a blank.
func (c *cursor) before() (at int, char byte) {
	for i := c.pos - 1; i >= 0; i-- {
		if c.text[i] != ' ' {
			return i, c.text[i]
		}
	}
	return -1, ' '
}

// indexFrom gives the position of want at or behind i, -1 if there is none.
func (c *cursor) indexFrom(i int, want byte) int {
	if i > c.end {
		return -1
	}
	if at := strings.IndexByte(c.text[i:c.end+1], want); at >= 0 {
		return i + at
	}
	return -1
}

// unescaped gives the position of want at or behind i that has no backslash before it, or two; -1 if there is none.
func (c *cursor) unescaped(i int, want byte) int {
	for ; c.in(i); i++ {
		if c.text[i] == want && (c.at(i-1) != '\\' || c.at(i-2) == '\\') {
			return i
		}
	}
	return -1
}

// closing gives the position of what closes the bracket at from, -1 if nothing does. Strings are skipped; regular expressions if regex.
func (c *cursor) closing(from int, regex bool) int {
	opener := c.at(from)
	closer := map[byte]byte{'(': ')', '[': ']', '{': '}'}[opener]
	opened := 1
	for i := from + 1; c.in(i); i++ {
		if q := c.text[i]; q == '\'' || q == '"' {
			if i = c.unescaped(i+1, q); i < 0 {
				return -1
			}
			i++
		}
		if regex && c.at(i) == '/' {
			if i = c.unescaped(i+1, '/'); i < 0 {
				return -1
			}
			i++
		}
		switch c.at(i) {
		case opener:
			opened++
		case closer:
			opened--
			if opened == 0 {
				return i
			}
		}
	}
	return -1
}
