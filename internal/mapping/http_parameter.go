package mapping

import (
	"strings"
)

// Action is what an HTTP API's mapping does with its target.
type Action string

// The actions (guide: http-api-parameter-mapping.md).
const (
	ActionAppend    Action = "append"
	ActionOverwrite Action = "overwrite"
	ActionRemove    Action = "remove"
)

// Target is what an HTTP API's mapping changes. Location is "header", "querystring", "path" or "statuscode"; the last two have no Name.
type Target struct {
	Action   Action
	Location string
	Name     string
}

// The locations of an HTTP API's Target.
const (
	LocationHeader      = "header"
	LocationQuerystring = "querystring"
	LocationPath        = "path"
	LocationStatusCode  = "statuscode"
)

// TargetError says that the key of an HTTP API's mapping is wrong. Its text is one of the errors in AWS's message (InvalidMapping).
type TargetError struct {
	Key string
	// Reserved: the key names a header that cannot be mapped.
	Reserved string
}

// Error gives the text. That AWS words it so is unconfirmed for keys; for reserved headers it is as reported by users.
func (e *TargetError) Error() string {
	if e.Reserved != "" {
		return "Operations on header " + e.Reserved + " are restricted"
	}
	return "Invalid mapping expression specified: " + e.Key
}

// ParseRequestTarget reads the key of a request mapping of an HTTP API: append|overwrite|remove:header.NAME or querystring.NAME,
// overwrite:path. The error is a *TargetError.
func ParseRequestTarget(key string) (Target, error) {
	t, ok := cutTarget(key)
	switch t.Location {
	case LocationPath:
		ok = ok && t.Name == "" && t.Action == ActionOverwrite
	case LocationQuerystring:
		ok = ok && t.Name != ""
	case LocationHeader:
		return t, checkHeader(t, key, ok)
	default:
		ok = false
	}
	if !ok {
		return Target{}, &TargetError{Key: key}
	}
	return t, nil
}

// ParseResponseTarget reads the key of a response mapping of an HTTP API: append|overwrite|remove:header.NAME, overwrite:statuscode. The
// error is a *TargetError.
func ParseResponseTarget(key string) (Target, error) {
	t, ok := cutTarget(key)
	switch t.Location {
	case LocationStatusCode:
		ok = ok && t.Name == "" && t.Action == ActionOverwrite
	case LocationHeader:
		return t, checkHeader(t, key, ok)
	default:
		ok = false
	}
	if !ok {
		return Target{}, &TargetError{Key: key}
	}
	return t, nil
}

// cutTarget takes a key apart.
func cutTarget(key string) (Target, bool) {
	action, rest, ok := strings.Cut(key, ":")
	location, name, _ := strings.Cut(rest, ".")
	t := Target{Action: Action(action), Location: location, Name: name}
	switch t.Action {
	case ActionAppend, ActionOverwrite, ActionRemove:
		return t, ok
	}
	return t, false
}

func checkHeader(t Target, key string, ok bool) error {
	switch {
	case !ok || !isHeaderName(t.Name):
		return &TargetError{Key: key}
	case isReservedHeader(t.Name):
		return &TargetError{Key: key, Reserved: strings.ToLower(t.Name)}
	}
	return nil
}

// isHeaderName reports whether a name is a token of HTTP.
func isHeaderName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c <= ' ' || c >= 0x7F || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return name != ""
}

// reservedHeaders cannot be mapped (guide: http-api-parameter-mapping.md, "Reserved headers").
var reservedHeaders = map[string]bool{
	"authorization": true, "connection": true, "content-encoding": true, "content-length": true, "content-location": true,
	"forwarded": true, "keep-alive": true, "origin": true, "proxy-authenticate": true, "proxy-authorization": true, "te": true,
	"trailers": true, "transfer-encoding": true, "upgrade": true, "x-forwarded-for": true, "x-forwarded-host": true,
	"x-forwarded-proto": true, "via": true,
}

func isReservedHeader(name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range [...]string{"access-control-", "apigw-", "x-amz-", "x-amzn-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return reservedHeaders[name]
}

// The variables of an HTTP API's mappings.
var (
	httpRequestScope = scope{plainPaths: true, prefixes: map[string]variableKind{
		"request.header.": variableHeader, "request.querystring.": variableQuerystring, "request.body": variableBody,
		"request.path": variablePath, "context.": variableContext, "stageVariables.": variableStageVariable,
	}}
	httpResponseScope = scope{plainPaths: true, prefixes: map[string]variableKind{
		"response.header.": variableHeader, "response.body": variableBody,
		"context.": variableContext, "stageVariables.": variableStageVariable,
	}}
)

// CompileHTTPRequestValue compiles the value of a request mapping of an HTTP API. Evaluated with an Input of the request, of which
// RequestPath is the path without the stage. The error is a *MappingError.
func CompileHTTPRequestValue(expression string) (*Expression, error) {
	return compileExpression(expression, &httpRequestScope)
}

// CompileHTTPResponseValue compiles the value of a response mapping of an HTTP API. Its Input has the response's Header and Payload. The
// error is a *MappingError.
func CompileHTTPResponseValue(expression string) (*Expression, error) {
	return compileExpression(expression, &httpResponseScope)
}
