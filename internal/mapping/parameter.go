package mapping

import (
	"errors"
	"fmt"
	"strings"

	"gatehouse/internal/jsonpath"
	"gatehouse/internal/value"
)

// Parameter is a compiled parameter mapping: where a value comes from. It never changes.
type Parameter struct {
	text   string
	source source
	name   string         // of the parameter or variable; the value of a static one
	path   *jsonpath.Path // into a body; nil is the whole body
}

// source is what a parameter mapping reads.
type source uint8

const (
	sourceStatic source = iota
	sourcePath
	sourceQuerystring
	sourceHeader
	sourceMultiQuerystring
	sourceMultiHeader
	sourceBody
	sourceContext
	sourceStageVariable
	sourceResponseHeader // integration.response.header: names are compared without case
	sourceMultiResponseHeader
)

// MappingError says that a mapping expression is wrong. Its text is one of the errors in AWS's message (InvalidMapping).
type MappingError struct {
	Expression string
	// Undeclared: the expression is right, but the method has no such parameter.
	Undeclared bool
}

// Error gives AWS's text.
func (e *MappingError) Error() string {
	if e.Undeclared {
		return "Invalid mapping expression parameter specified: " + e.Expression
	}
	return "Invalid mapping expression specified: " + e.Expression
}

// InvalidMapping gives AWS's message for the errors of one operation's mappings, "" if there are none.
func InvalidMapping(errs []error) string {
	if len(errs) == 0 {
		return ""
	}
	texts := make([]string, len(errs))
	for i, err := range errs {
		texts[i] = err.Error()
	}
	return fmt.Sprintf("Invalid mapping expression specified: Validation Result: warnings : [], errors : [%s]", strings.Join(texts, ", "))
}

// String gives the expression.
func (p *Parameter) String() string { return p.text }

// Append appends the values the mapping has for a request, none if the source is not there. The error is a *PayloadError (400) or a path
// that cannot be evaluated.
func (p *Parameter) Append(dst []string, in *Input) ([]string, error) {
	switch p.source {
	case sourceStatic:
		return append(dst, p.name), nil
	case sourcePath:
		return appendLast(dst, in.Path, p.name), nil
	case sourceQuerystring:
		return appendLast(dst, in.Querystring, p.name), nil
	case sourceHeader:
		return appendLast(dst, in.Header, p.name), nil
	case sourceMultiQuerystring:
		return appendAll(dst, in.Querystring, p.name), nil
	case sourceMultiHeader:
		return appendAll(dst, in.Header, p.name), nil
	case sourceStageVariable:
		return appendLast(dst, in.StageVariables, p.name), nil
	case sourceContext:
		v, ok := in.Context.variable(p.name)
		if !ok || v.IsNull() || v.Kind() == value.KindObject {
			return dst, nil
		}
		return append(dst, v.String()), nil
	case sourceResponseHeader, sourceMultiResponseHeader:
		return p.appendResponseHeader(dst, in), nil
	}
	return p.appendBody(dst, in)
}

// appendLast appends the last value: of several, that is the one a single-value mapping takes.
func appendLast(dst []string, values Values, name string) []string {
	if v, ok := values.Get(name); ok {
		dst = append(dst, v)
	}
	return dst
}

func appendAll(dst []string, values Values, name string) []string {
	for i := range values {
		if values[i].Name == name {
			dst = append(dst, values[i].Value)
		}
	}
	return dst
}

// appendResponseHeader finds a header of the backend's response, whose case HTTP/2 does not keep.
func (p *Parameter) appendResponseHeader(dst []string, in *Input) []string {
	found := dst
	for _, header := range in.Header {
		if !strings.EqualFold(header.Name, p.name) {
			continue
		}
		if p.source == sourceResponseHeader {
			found = dst
		}
		found = append(found, header.Value)
	}
	return found
}

// appendBody appends the body or what the path finds in it. The body is parsed only if it begins like JSON; what begins so and is not
// fails (observed). A path into any other text finds nothing.
func (p *Parameter) appendBody(dst []string, in *Input) ([]string, error) {
	if in.Payload == nil || in.Payload.text == "" {
		return dst, nil
	}
	text := in.Payload.text
	if strings.IndexByte(`{["'`, text[0]) < 0 {
		if p.path == nil {
			dst = append(dst, text)
		}
		return dst, nil
	}
	if p.path == nil {
		_, err := in.Payload.value(in.Context.arena)
		if err != nil {
			return dst, err
		}
		return append(dst, text), nil
	}
	v, found, err := in.Payload.find(in.Context.arena, p.path)
	switch {
	case errors.Is(err, ErrPayload):
		return dst, err
	case err != nil, !found, v.IsNull():
		return dst, nil
	}
	return append(dst, textOf(v)), nil
}

// textOf gives a selected value as a parameter: a string as it is, anything else as JSON.
func textOf(v value.Value) string {
	if v.Kind() == value.KindString {
		return v.Str()
	}
	return string(value.AppendJSON(nil, v))
}

// isParameterName reports whether a name matches ^[a-zA-Z0-9._$-]+$ (guide: request-response-data-mappings.md).
func isParameterName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("._$-", c) < 0 {
			return false
		}
	}
	return name != ""
}

// bodyPath compiles what stands behind "…body": nothing, .path or [index].
func bodyPath(rest string) (path *jsonpath.Path, ok bool) {
	if rest == "" {
		return nil, true
	}
	if rest == "." || rest[0] != '.' && rest[0] != '[' {
		return nil, false
	}
	path, err := jsonpath.Compile("$" + rest)
	return path, err == nil
}

// static gives the text between single quotes.
func static(expression string) (string, bool) {
	n := len(expression)
	if n < 2 || expression[0] != '\'' || expression[n-1] != '\'' {
		return "", false
	}
	return expression[1 : n-1], true
}
