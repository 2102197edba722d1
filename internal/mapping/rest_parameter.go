package mapping

import (
	"strings"
)

// Declared reports whether a method has declared a request parameter, by its name in the method's requestParameters such as
// "method.request.header.X-Id". Multi-value sources are declared under their single-value name. nil declares everything.
type Declared func(parameter string) bool

// requestSources are the sources of a request mapping, behind "method.request." or "route.request.".
var requestSources = map[string]source{
	"path": sourcePath, "querystring": sourceQuerystring, "header": sourceHeader,
	"multivaluequerystring": sourceMultiQuerystring, "multivalueheader": sourceMultiHeader,
}

// responseSources are the sources of a response mapping, behind "integration.response.".
var responseSources = map[string]source{"header": sourceResponseHeader, "multivalueheader": sourceMultiResponseHeader}

// CompileRequestParameter compiles the value of a REST API's integration request parameter (guide: request-response-data-mappings.md). The
// error is a *MappingError.
func CompileRequestParameter(expression string, declared Declared) (*Parameter, error) {
	return compileParameter(expression, "method.request.", requestSources, declared)
}

// CompileResponseParameter compiles the value of a REST or WebSocket API's method or route response parameter. The Input it is given then is that of the
// response: its Header and Payload are the backend's. The error is a *MappingError.
func CompileResponseParameter(expression string) (*Parameter, error) {
	return compileParameter(expression, "integration.response.", responseSources, nil)
}

// compileParameter compiles an expression of which prefix is the only one that is not common to all.
func compileParameter(expression, prefix string, sources map[string]source, declared Declared) (*Parameter, error) {
	p := &Parameter{text: expression}
	invalid := &MappingError{Expression: expression}
	if text, ok := static(expression); ok {
		p.name = text
		return p, nil
	}
	if name, ok := strings.CutPrefix(expression, "stageVariables."); ok {
		p.source, p.name = sourceStageVariable, name
		return p.named(invalid)
	}
	if name, ok := strings.CutPrefix(expression, "context."); ok {
		p.source, p.name = sourceContext, name
		return p.named(invalid)
	}
	rest, ok := strings.CutPrefix(expression, prefix)
	if !ok {
		return nil, invalid
	}
	if behind, ok := strings.CutPrefix(rest, "body"); ok {
		p.source = sourceBody
		if p.path, ok = bodyPath(behind); !ok {
			return nil, invalid
		}
		return p, nil
	}
	location, name, _ := strings.Cut(rest, ".")
	if p.source, ok = sources[location]; !ok || !isParameterName(name) {
		return nil, invalid
	}
	p.name = name
	if single := strings.TrimPrefix(location, "multivalue"); declared != nil && !declared(prefix+single+"."+name) {
		return nil, &MappingError{Expression: expression, Undeclared: true}
	}
	return p, nil
}

// named checks the name of a variable. That AWS checks it against the list of context variables is documented, and left to who knows them.
func (p *Parameter) named(invalid error) (*Parameter, error) {
	if !isParameterName(p.name) {
		return nil, invalid
	}
	return p, nil
}
