package filterpattern

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// compileJSON reads { $.a = 1 && … }.
func compileJSON(text string) (*Pattern, error) {
	if !strings.HasSuffix(text, "}") {
		return nil, invalid("a brace is not closed")
	}
	p := &conditionParser{scanner: scanner{text: text[1 : len(text)-1]}, selector: jsonSelector, closing: "&|)"}
	holds, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.skipSpace(); !p.done() {
		return nil, invalid("%q is left over", p.rest())
	}
	return &Pattern{func(message string) bool {
		document, ok := readDocument(message)
		return ok && holds(document)
	}}, nil
}

// jsonSelector reads $.a.b[0]['c'].
func jsonSelector(s *scanner) (string, error) {
	start := s.pos
	if s.done() || s.peek() != '$' {
		return "", invalid("a selector must begin with $: %q", s.rest())
	}
	for s.pos++; !s.done(); s.pos++ {
		switch c := s.peek(); {
		case isWord(c), c == '.', c == '-', c == '@', c == '#', c == ':', c == '/':
		case c == '[':
			end := strings.IndexByte(s.rest(), ']')
			if end < 0 {
				return "", invalid("a bracket is not closed")
			}
			s.pos += end
		default:
			return checkedSelector(s.text[start:s.pos])
		}
	}
	return checkedSelector(s.text[start:s.pos])
}

func checkedSelector(selector string) (string, error) {
	if _, ok := selectorSteps(selector); !ok {
		return "", invalid("%q is no selector", selector)
	}
	return selector, nil
}

// step goes one level down: a member, an element, or all elements.
type step struct {
	name    string
	element int
	kind    stepKind
}

type stepKind uint8

const (
	stepMember stepKind = iota
	stepElement
	stepAll
)

// selectorSteps reads a selector; ok is false where it is none.
func selectorSteps(selector string) (steps []step, ok bool) {
	rest := selector[1:]
	for rest != "" {
		switch rest[0] {
		case '.':
			end := strings.IndexAny(rest[1:], ".[")
			if end < 0 {
				end = len(rest) - 1
			}
			name := rest[1 : end+1]
			if name == "" {
				return nil, false
			}
			steps = append(steps, step{name: name})
			rest = rest[end+1:]
		case '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, false
			}
			one, ok := bracketStep(rest[1:end])
			if !ok {
				return nil, false
			}
			steps = append(steps, one)
			rest = rest[end+1:]
		default:
			return nil, false
		}
	}
	return steps, true
}

func bracketStep(inner string) (step, bool) {
	if inner == "*" {
		return step{kind: stepAll}, true
	}
	if len(inner) >= 2 && (inner[0] == '\'' || inner[0] == '"') && inner[len(inner)-1] == inner[0] {
		return step{name: inner[1 : len(inner)-1]}, true
	}
	element, err := strconv.Atoi(inner)
	return step{element: element, kind: stepElement}, err == nil && element >= 0
}

// document is a message that is JSON.
type document struct{ root any }

func readDocument(message string) (document, bool) {
	message = strings.TrimSpace(message)
	if message == "" || message[0] != '{' && message[0] != '[' {
		return document{}, false
	}
	decoder := json.NewDecoder(strings.NewReader(message))
	decoder.UseNumber()
	var root any
	if err := decoder.Decode(&root); err != nil || decoder.More() {
		return document{}, false
	}
	return document{root}, true
}

// values implements subject.
func (d document) values(selector string) []found {
	steps, _ := selectorSteps(selector)
	nodes := []any{d.root}
	for _, one := range steps {
		var next []any
		for _, node := range nodes {
			next = one.follow(next, node)
		}
		nodes = next
	}
	values := make([]found, len(nodes))
	for i, node := range nodes {
		values[i] = foundOf(node)
	}
	return values
}

func (s *step) follow(next []any, node any) []any {
	switch s.kind {
	case stepMember:
		if object, ok := node.(map[string]any); ok {
			if member, ok := object[s.name]; ok {
				next = append(next, member)
			}
		}
	case stepElement:
		if array, ok := node.([]any); ok && s.element < len(array) {
			next = append(next, array[s.element])
		}
	case stepAll:
		if array, ok := node.([]any); ok {
			next = append(next, array...)
		}
	}
	return next
}

func foundOf(node any) found {
	switch value := node.(type) {
	case nil:
		return found{kind: foundNull}
	case bool:
		if value {
			return found{kind: foundTrue}
		}
		return found{kind: foundFalse}
	case string:
		return found{text: value}
	case json.Number:
		number, err := value.Float64()
		if err != nil {
			return found{text: value.String()}
		}
		return found{text: value.String(), kind: foundNumber, number: number}
	default:
		var b bytes.Buffer
		if json.NewEncoder(&b).Encode(value) != nil {
			return found{kind: foundOther}
		}
		return found{kind: foundOther, text: b.String()}
	}
}
