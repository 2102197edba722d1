package plan

import "strings"

// Uri is the URI of an integration, cut at its placeholders: {name} takes a mapped
// path parameter, ${stageVariables.name} a stage variable.
type Uri struct {
	text  string
	parts []uriPart
}

type uriPart struct {
	kind uriPartKind
	text string // the literal, or the placeholder's name
}

type uriPartKind uint8

const (
	uriLiteral uriPartKind = iota
	uriPathParameter
	uriStageVariable
)

// stageVariableOpening begins a stage variable in a URI. A plain ${name} is no
// placeholder and stays as it is (observed on AWS).
const stageVariableOpening = "${stageVariables."

// NewUri cuts a URI.
func NewUri(text string) *Uri {
	uri := &Uri{text: text}
	literal := 0
	for i := 0; i < len(text); {
		part, length := placeholderAt(text[i:])
		if length == 0 {
			i++
			continue
		}
		uri.addLiteral(text[literal:i])
		uri.parts = append(uri.parts, part)
		i += length
		literal = i
	}
	uri.addLiteral(text[literal:])
	return uri
}

func (u *Uri) addLiteral(text string) {
	if text != "" {
		u.parts = append(u.parts, uriPart{uriLiteral, text})
	}
}

// placeholderAt reads a placeholder at the beginning of text; length is 0 without one.
func placeholderAt(text string) (part uriPart, length int) {
	if strings.HasPrefix(text, "${") {
		end := strings.IndexByte(text, '}')
		name, isVariable := strings.CutPrefix(text, stageVariableOpening)
		if end < 0 {
			return uriPart{}, 0
		}
		if !isVariable {
			return uriPart{uriLiteral, text[:end+1]}, end + 1
		}
		return uriPart{uriStageVariable, name[:end-len(stageVariableOpening)]}, end + 1
	}
	end := strings.IndexByte(text, '}')
	if text[0] != '{' || end < 0 {
		return uriPart{}, 0
	}
	return uriPart{uriPathParameter, strings.TrimSuffix(text[1:end], "+")}, end + 1
}

// Text is the URI with its placeholders.
func (u *Uri) Text() string { return u.text }

// textOf is Text, and empty for a URI that is not there.
func (u *Uri) textOf() string {
	if u == nil {
		return ""
	}
	return u.text
}

// Literal returns the URI when nothing is to be put in.
func (u *Uri) Literal() (string, bool) {
	if len(u.parts) == 1 && u.parts[0].kind == uriLiteral {
		return u.parts[0].text, true
	}
	return "", len(u.parts) == 0
}

// Fill puts the values in. An unknown stage variable is empty; a path parameter that
// path does not know stays in the URI as {name}.
func (u *Uri) Fill(path func(name string) (string, bool), variables map[string]string) string {
	if literal, ok := u.Literal(); ok {
		return literal
	}
	var b strings.Builder
	for _, part := range u.parts {
		switch part.kind {
		case uriLiteral:
			b.WriteString(part.text)
		case uriStageVariable:
			b.WriteString(variables[part.text])
		case uriPathParameter:
			value, ok := path(part.text)
			if !ok {
				value = "{" + part.text + "}"
			}
			b.WriteString(value)
		}
	}
	return b.String()
}
