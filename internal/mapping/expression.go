package mapping

import (
	"strconv"
	"strings"

	"gatehouse/internal/jsonpath"
	"gatehouse/internal/value"
)

// Expression is a compiled text with variables: $request.header.name, or any text with ${…} in it. HTTP APIs map parameters with it,
// WebSocket APIs select routes. It never changes.
type Expression struct {
	text  string
	parts []expressionPart
}

// expressionPart is a piece of text, or a variable.
type expressionPart struct {
	kind variableKind
	text string // the text, or the variable's name
	path *jsonpath.Path
	// printed is the scope's.
	printed bool
}

type variableKind uint8

const (
	variableText variableKind = iota
	variableHeader
	variableQuerystring
	variableBody
	variablePath // the request path, or a path parameter
	variableContext
	variableStageVariable
	variableStatusCode
)

// scope is which variables an expression may have: what they begin with, and what follows is the name.
type scope struct {
	prefixes map[string]variableKind
	// plainPaths refuses recursive descent and filters, and cuts bodies at bodyLimit (guide: http-api-parameter-mapping.md).
	plainPaths bool
	// printed reads whole bodies and prints lists as Java does, [item1, item2] (guide: websocket-api-develop-routes.md).
	printed bool
}

// bodyLimit is where HTTP APIs cut a body before a path is applied to it: 100 KB.
const bodyLimit = 100 << 10

// String gives the expression.
func (e *Expression) String() string { return e.text }

// compileExpression reads "$variable", or a text with "${variable}" and "\$" in it.
func compileExpression(text string, s *scope) (*Expression, error) {
	e := &Expression{text: text}
	if strings.HasPrefix(text, "$") && !strings.HasPrefix(text, "${") {
		if err := e.add(text[1:], s); err != nil {
			return nil, err
		}
		return e, nil
	}
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			e.parts = append(e.parts, expressionPart{text: plain.String()})
			plain.Reset()
		}
	}
	for rest := text; rest != ""; {
		switch {
		case strings.HasPrefix(rest, `\$`):
			plain.WriteByte('$')
			rest = rest[2:]
		case strings.HasPrefix(rest, "${"):
			name, behind, ok := strings.Cut(rest[2:], "}")
			if !ok {
				return nil, &MappingError{Expression: text}
			}
			flush()
			if err := e.add(name, s); err != nil {
				return nil, err
			}
			rest = behind
		default:
			plain.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	flush()
	return e, nil
}

// add appends a variable.
func (e *Expression) add(variable string, s *scope) error {
	invalid := &MappingError{Expression: e.text}
	best := ""
	for prefix := range s.prefixes {
		if strings.HasPrefix(variable, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	if best == "" {
		return invalid
	}
	part := expressionPart{kind: s.prefixes[best], text: variable[len(best):], printed: s.printed}
	switch part.kind {
	case variableBody:
		var ok bool
		if part.path, ok = bodyPath(part.text); !ok {
			return invalid
		}
		if s.plainPaths && (strings.Contains(part.text, "..") || strings.Contains(part.text, "?(")) {
			return invalid
		}
	case variablePath:
		if part.text != "" && (part.text[0] != '.' || !isParameterName(part.text[1:])) {
			return invalid
		}
		part.text = strings.TrimPrefix(part.text, ".")
	case variableStatusCode:
		if part.text != "" {
			return invalid
		}
	default:
		if !isParameterName(part.text) {
			return invalid
		}
	}
	e.parts = append(e.parts, part)
	return nil
}

// Evaluate gives the text; ok is false if none of the expression's variables has a value: the mapping is skipped then (guide:
// http-api-parameter-mapping.md; that variables without a value beside others are empty is unconfirmed).
func (e *Expression) Evaluate(in *Input) (text string, ok bool) {
	variables := 0
	for i := range e.parts {
		part := &e.parts[i]
		if part.kind != variableText {
			variables++
		}
		v, found := part.evaluate(in)
		ok = ok || found && part.kind != variableText
		if len(e.parts) == 1 {
			text = v
			break
		}
		text += v
	}
	return text, ok || variables == 0
}

// Select gives the key a selection expression selects; what is missing is empty.
func (e *Expression) Select(in *Input) string {
	text, _ := e.Evaluate(in)
	return text
}

func (p *expressionPart) evaluate(in *Input) (string, bool) {
	switch p.kind {
	case variableHeader:
		return joined(in.Header, p.text, strings.EqualFold)
	case variableQuerystring:
		return joined(in.Querystring, p.text, func(a, b string) bool { return a == b })
	case variablePath:
		if p.text == "" {
			return in.RequestPath, in.RequestPath != ""
		}
		return in.Path.Get(p.text)
	case variableStageVariable:
		return in.StageVariables.Get(p.text)
	case variableContext:
		v, ok := in.Context.variable(p.text)
		if !ok || v.IsNull() || v.Kind() == value.KindObject {
			return "", false
		}
		return v.String(), true
	case variableStatusCode:
		return strconv.Itoa(in.StatusCode), in.StatusCode != 0
	case variableBody:
		return p.body(in)
	}
	return p.text, true
}

// joined joins all values of a name with commas.
func joined(values Values, name string, same func(a, b string) bool) (string, bool) {
	text, found := "", false
	for i := range values {
		if !same(values[i].Name, name) {
			continue
		}
		if found {
			text += ","
		}
		text += values[i].Value
		found = true
	}
	return text, found
}

// body gives the body, or what the path finds in its first bodyLimit bytes. A body that is not JSON has nothing to be found.
func (p *expressionPart) body(in *Input) (string, bool) {
	if in.Payload == nil || in.Payload.text == "" {
		return "", false
	}
	if p.path == nil {
		return in.Payload.text, true
	}
	payload := in.Payload
	if len(payload.text) > bodyLimit && !p.printed {
		payload = &Payload{text: payload.text[:bodyLimit]}
	}
	v, found, err := payload.find(in.Context.arena, p.path)
	if err != nil || !found || v.IsNull() {
		return "", false
	}
	if p.printed {
		return printed(v), true
	}
	return textOf(v), true
}

// printed is a value as Java prints a List or Map of plain values.
func printed(v value.Value) string {
	list := v.List()
	if list == nil {
		return v.String()
	}
	items := make([]string, list.Len())
	for i := range items {
		items[i] = printed(list.At(i))
	}
	return "[" + strings.Join(items, ", ") + "]"
}
