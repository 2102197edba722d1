// Package integration calls the backends of methods and routes: HTTP endpoints and
// Lambda functions. It builds what API Gateway sends (the AWS_PROXY event, the
// headers that are dropped or added) and reads what comes back (the proxy response,
// the headers that are remapped, the conversion between binary and text).
//
// It is not a step of a pipeline: it knows no plan, no gateway response and no
// mapping template, and it decides nothing about what the client gets. The steps
// call_integration, map_request and map_response of the data plane do that.
//
// Begin at client.go for HTTP backends, at function.go for Lambda functions.
package integration
