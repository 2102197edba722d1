package httpmapping

import (
	"errors"
	"fmt"
	"strings"

	"gatehouse/internal/jsonpath"
	"gatehouse/internal/value"
)

// BodyLimit is where a body is cut before a JSON path is applied, bytes (guide:
// http-api-parameter-mapping.md).
const BodyLimit = 100 * 1024

// Side says what an expression may read.
type Side string

// The sides.
const (
	Request  Side = "request"
	Response Side = "response"
)

// Source is what expressions read. ok is false for what is not there.
type Source interface {
	Header(side Side, name string) (value string, ok bool)
	QueryString(name string) (value string, ok bool)
	PathParameter(name string) (value string, ok bool)
	// Path is the request's path without the stage.
	Path() string
	Body(side Side) []byte
	ContextVariable(name string) (value string, ok bool)
	StageVariable(name string) (value string, ok bool)
}

// Expression is a compiled expression. It is immutable.
type Expression struct {
	text  string
	parts []part
}

// part is a literal, or a variable.
type part struct {
	kind partKind
	side Side
	text string // the literal, or the name
	path *jsonpath.Path
}

type partKind uint8

const (
	literal partKind = iota
	header
	queryString
	pathParameter
	wholePath
	wholeBody
	bodyPath
	contextVariable
	stageVariable
)

// Compile reads an expression: a variable ($request.header.a), a text with variables
// in braces (${request.path.a}/${context.stage}), or a static value.
func Compile(text string, side Side) (*Expression, error) {
	e := &Expression{text: text}
	if variable, ok := strings.CutPrefix(text, "$"); ok && !strings.HasPrefix(variable, "{") {
		return e, e.add(variable, side)
	}
	for rest := text; rest != ""; {
		before, after, found := strings.Cut(rest, "${")
		if before != "" {
			e.parts = append(e.parts, part{text: before})
		}
		if !found {
			break
		}
		variable, following, closed := strings.Cut(after, "}")
		if !closed {
			return nil, fmt.Errorf("%q: a brace is not closed", text)
		}
		if err := e.add(variable, side); err != nil {
			return nil, err
		}
		rest = following
	}
	return e, nil
}

func (e *Expression) add(variable string, side Side) error {
	p, err := parseVariable(variable, side)
	if err != nil {
		return fmt.Errorf("invalid mapping expression %q: %w", e.text, err)
	}
	e.parts = append(e.parts, p)
	return nil
}

var errUnknownVariable = errors.New("no such variable")

func parseVariable(variable string, side Side) (part, error) {
	if name, ok := strings.CutPrefix(variable, "context."); ok && name != "" {
		return part{kind: contextVariable, text: name}, nil
	}
	if name, ok := strings.CutPrefix(variable, "stageVariables."); ok && name != "" {
		return part{kind: stageVariable, text: name}, nil
	}
	member, ok := strings.CutPrefix(variable, string(side)+".")
	if !ok {
		return part{}, errUnknownVariable
	}
	location, name, hasName := strings.Cut(member, ".")
	p := part{side: side, text: name}
	switch {
	case location == "header" && name != "":
		p.kind = header
	case location == "querystring" && name != "" && side == Request:
		p.kind = queryString
	case location == "path" && name != "" && side == Request:
		p.kind = pathParameter
	case location == "path" && !hasName && side == Request:
		p.kind = wholePath
	case location == "body" && !hasName:
		p.kind = wholeBody
	case strings.HasPrefix(member, "body.") || strings.HasPrefix(member, "body["):
		return bodyPart(strings.TrimPrefix(member, "body"), side)
	default:
		return part{}, errUnknownVariable
	}
	return p, nil
}

// bodyPart compiles a JSON path. Recursive descent and filters are not supported
// (guide: http-api-parameter-mapping.md).
func bodyPart(path string, side Side) (part, error) {
	if strings.Contains(path, "..") || strings.Contains(path, "?(") {
		return part{}, errors.New("recursive descent and filter expressions are not supported")
	}
	compiled, err := jsonpath.Compile("$" + path)
	if err != nil {
		return part{}, fmt.Errorf("reading the JSON path: %w", err)
	}
	return part{kind: bodyPath, side: side, text: path, path: compiled}, nil
}

// Text is the expression as it was written.
func (e *Expression) Text() string { return e.text }

// Static returns the value of an expression without variables.
func (e *Expression) Static() (string, bool) {
	switch {
	case len(e.parts) == 0:
		return "", true
	case len(e.parts) == 1 && e.parts[0].kind == literal:
		return e.parts[0].text, true
	default:
		return "", false
	}
}

// Eval evaluates the expression. ok is false when it is one variable without a value;
// within a text such a variable is empty (unconfirmed).
func (e *Expression) Eval(source Source) (text string, ok bool) {
	if len(e.parts) == 1 {
		return e.parts[0].eval(source)
	}
	var b strings.Builder
	for i := range e.parts {
		value, _ := e.parts[i].eval(source)
		b.WriteString(value)
	}
	return b.String(), true
}

func (p *part) eval(source Source) (string, bool) {
	switch p.kind {
	case header:
		return source.Header(p.side, p.text)
	case queryString:
		return source.QueryString(p.text)
	case pathParameter:
		return source.PathParameter(p.text)
	case wholePath:
		return source.Path(), true
	case wholeBody:
		body := source.Body(p.side)
		return string(body), len(body) > 0
	case bodyPath:
		return p.evalBody(source.Body(p.side))
	case contextVariable:
		return source.ContextVariable(p.text)
	case stageVariable:
		return source.StageVariable(p.text)
	default:
		return p.text, true
	}
}

// evalBody applies the JSON path. A string comes without quotes, anything else as JSON.
func (p *part) evalBody(body []byte) (string, bool) {
	root, err := value.ReadStrict(nil, string(body[:min(len(body), BodyLimit)]))
	if err != nil {
		return "", false
	}
	found, ok, err := p.path.Eval(nil, root)
	if err != nil || !ok || found.IsNull() {
		return "", false
	}
	if found.Kind() == value.KindString {
		return found.Str(), true
	}
	return string(value.AppendJSON(nil, found)), true
}
