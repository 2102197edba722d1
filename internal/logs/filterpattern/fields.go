package filterpattern

import (
	"strconv"
	"strings"
)

// fieldPattern is one field of a space-delimited pattern.
type fieldPattern struct {
	name  string
	holds condition // nil where anything will do
	rest  bool      // "...": any number of fields
}

// compileFields reads [ip, user, ..., status = 4*, bytes > 1000].
func compileFields(text string) (*Pattern, error) {
	if !strings.HasSuffix(text, "]") {
		return nil, invalid("a bracket is not closed")
	}
	var patterns []fieldPattern
	ellipsis := false
	for i, part := range splitFields(text[1 : len(text)-1]) {
		field, err := compileField(part, i)
		if err != nil {
			return nil, err
		}
		if field.rest && ellipsis {
			return nil, invalid("more than one ellipsis")
		}
		ellipsis = ellipsis || field.rest
		patterns = append(patterns, field)
	}
	return &Pattern{func(message string) bool { return matchFields(patterns, lineFields(message)) }}, nil
}

// splitFields splits at commas outside of quotes and regular expressions.
func splitFields(text string) []string {
	var parts []string
	start, quote := 0, byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote && (i == 0 || text[i-1] != '\\') {
				quote = 0
			}
		case c == '"' || c == '%':
			quote = c
		case c == ',':
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

// compileField reads "...", a name, nothing, or a condition on the field's name.
func compileField(text string, index int) (fieldPattern, error) {
	text = strings.TrimSpace(text)
	if text == "..." {
		return fieldPattern{rest: true}, nil
	}
	if text == "" || isName(text) {
		return fieldPattern{name: text}, nil
	}
	field := fieldPattern{name: "field " + strconv.Itoa(index+1)}
	p := &conditionParser{scanner: scanner{text: text}, closing: "&|)", selector: func(s *scanner) (string, error) {
		start := s.pos
		for !s.done() && (isWord(s.peek()) || s.peek() == '-') {
			s.pos++
		}
		if s.pos == start {
			return "", invalid("a field's name is missing: %q", s.rest())
		}
		return s.text[start:s.pos], nil
	}}
	holds, err := p.or()
	if err != nil {
		return fieldPattern{}, err
	}
	if p.skipSpace(); !p.done() {
		return fieldPattern{}, invalid("%q is left over", p.rest())
	}
	field.holds = holds
	return field, nil
}

func isName(text string) bool {
	for i := range len(text) {
		if !isWord(text[i]) && text[i] != '-' {
			return false
		}
	}
	return true
}

// lineField is the field a condition is evaluated on; its name is the pattern's.
type lineField struct{ text string }

// values implements subject.
func (f lineField) values(string) []found {
	number, ok := parseNumber(f.text)
	if !ok {
		return []found{{text: f.text}}
	}
	return []found{{text: f.text, kind: foundNumber, number: number}}
}

// lineFields splits a line at spaces; what stands in "…" or […] is one field, without
// the delimiters.
func lineFields(line string) []string {
	var fields []string
	for pos := 0; pos < len(line); {
		if isSpace(line[pos]) {
			pos++
			continue
		}
		closing := byte(0)
		switch line[pos] {
		case '"':
			closing = '"'
		case '[':
			closing = ']'
		}
		if end := strings.IndexByte(line[pos+1:], closing); closing != 0 && end >= 0 {
			fields = append(fields, line[pos+1:pos+1+end])
			pos += end + 2
			continue
		}
		start := pos
		for pos < len(line) && !isSpace(line[pos]) {
			pos++
		}
		fields = append(fields, line[start:pos])
	}
	return fields
}

// matchFields wants as many fields as patterns, but for an ellipsis.
func matchFields(patterns []fieldPattern, fields []string) bool {
	at := -1
	for i := range patterns {
		if patterns[i].rest {
			at = i
		}
	}
	if at < 0 {
		return len(patterns) == len(fields) && matchEach(patterns, fields)
	}
	after := len(patterns) - at - 1
	if len(fields) < at+after {
		return false
	}
	return matchEach(patterns[:at], fields[:at]) && matchEach(patterns[at+1:], fields[len(fields)-after:])
}

func matchEach(patterns []fieldPattern, fields []string) bool {
	for i := range patterns {
		if patterns[i].holds != nil && !patterns[i].holds(lineField{fields[i]}) {
			return false
		}
	}
	return true
}
