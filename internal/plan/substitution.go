package plan

import "strings"

// Substitution is a text with variables, as gateway responses and access log formats
// have: simple replacement, no language (guide: api-gateway-gatewayResponse-definition.md).
type Substitution struct {
	text  string
	parts []SubstitutionPart
}

// SubstitutionPart is a piece of literal text, or a variable.
type SubstitutionPart struct {
	Source  Source
	Literal string // of SourceLiteral
	Name    string // "error.messageString", "header.Origin"
}

// Source says where a part's text comes from.
type Source uint8

// The sources of a Substitution's parts.
const (
	SourceLiteral        Source = iota
	SourceContext               // $context.{name}
	SourceStageVariables        // $stageVariables.{name}
	SourceMethodRequest         // $method.request.{location}.{name}
)

var substitutionOpenings = []struct {
	text   string
	source Source
}{
	{"context.", SourceContext},
	{"stageVariables.", SourceStageVariables},
	{"method.request.", SourceMethodRequest},
}

// NewSubstitution reads a text with $context.…, $stageVariables.… and
// $method.request.… in it, also in the form ${context.…}. Every other "$" is text.
func NewSubstitution(text string) *Substitution {
	s := &Substitution{text: text}
	for rest := text; rest != ""; {
		dollar := strings.IndexByte(rest, '$')
		if dollar < 0 {
			s.addLiteral(rest)
			break
		}
		part, length := variableAt(rest[dollar:])
		if length == 0 {
			s.addLiteral(rest[:dollar+1])
			rest = rest[dollar+1:]
			continue
		}
		s.addLiteral(rest[:dollar])
		s.parts = append(s.parts, part)
		rest = rest[dollar+length:]
	}
	return s
}

func (s *Substitution) addLiteral(text string) {
	if text == "" {
		return
	}
	if last := len(s.parts) - 1; last >= 0 && s.parts[last].Source == SourceLiteral {
		s.parts[last].Literal += text
		return
	}
	s.parts = append(s.parts, SubstitutionPart{Literal: text})
}

// variableAt reads a variable at the beginning of text, which begins with "$".
func variableAt(text string) (part SubstitutionPart, length int) {
	body := text[1:]
	braced := strings.HasPrefix(body, "{")
	if braced {
		body = body[1:]
	}
	for _, opening := range substitutionOpenings {
		rest, ok := strings.CutPrefix(body, opening.text)
		if !ok {
			continue
		}
		name := variableName(rest)
		length = 1 + len(opening.text) + len(name)
		if name == "" || braced && !strings.HasPrefix(rest[len(name):], "}") {
			return SubstitutionPart{}, 0
		}
		if braced {
			length += len("{}")
		}
		return SubstitutionPart{Source: opening.source, Name: name}, length
	}
	return SubstitutionPart{}, 0
}

// variableName takes the longest name: letters, digits, "_", "-", and dots between
// them. A dot at the end is text.
func variableName(text string) string {
	end := 0
	for end < len(text) && (isNameByte(text[end]) || text[end] == '.') {
		end++
	}
	return strings.TrimRight(text[:end], ".-")
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// Text is the substitution as it was written.
func (s *Substitution) Text() string { return s.text }

// Parts returns the parts in order. The slice must not be changed.
func (s *Substitution) Parts() []SubstitutionPart { return s.parts }
