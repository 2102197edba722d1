package mapping

// CompileRouteParameter compiles the value of a WebSocket API's integration request parameter (guide: websocket-api-data-mapping.md):
// route.request.querystring, .header and their multi-value forms, which only $connect has values for, route.request.body, stage variables,
// context variables and static values. The error is a *MappingError.
func CompileRouteParameter(expression string, declared Declared) (*Parameter, error) {
	return compileParameter(expression, "route.request.", routeSources, declared)
}

var routeSources = map[string]source{
	"querystring": sourceQuerystring, "header": sourceHeader,
	"multivaluequerystring": sourceMultiQuerystring, "multivalueheader": sourceMultiHeader,
}

// selectionScope are the variables of selection expressions of a WebSocket API
// (guide: apigateway-websocket-api-selection-expressions.md).
var selectionScope = scope{
	printed: true,
	prefixes: map[string]variableKind{
		"request.body": variableBody, "request.header.": variableHeader, "request.querystring.": variableQuerystring,
		"context.": variableContext, "stageVariables.": variableStageVariable,
		"integration.response.header.": variableHeader, "integration.response.multivalueheader.": variableHeader,
		"integration.response.statuscode": variableStatusCode,
	},
}

// CompileSelection compiles a selection expression: $request.body.action, texts with ${…} in them, \$default. Evaluated with
// Expression.Select it gives a key. The error is a *MappingError.
func CompileSelection(expression string) (*Expression, error) {
	return compileExpression(expression, &selectionScope)
}
