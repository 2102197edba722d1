// Package mapping is what API Gateway makes of requests and responses: mapping templates (Template), with $input, $util, $context and
// $stageVariables bound to package vtl, and parameter mappings of REST, HTTP and WebSocket APIs (Parameter). All of them are compiled once,
// at deployment, and refused there with AWS's message when they are wrong.
//
// Payloads are read the way API Gateway reads them (Payload): permissively, in order, at most once per request and only when something
// asks for them.
//
// It does not choose a template by content type, does not apply what it maps to a request, and does not check overrides: that belongs to
// the pipeline. Package vtl knows the language, package jsonpath the paths, package value the payloads.
//
// Begin with template.go (Compile, Input, Render), then input.go ($input), context.go ($context and the overrides), parameter.go.
package mapping
