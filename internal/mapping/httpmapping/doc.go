// Package httpmapping is the parameter mapping of HTTP APIs: keys such as
// append:header.name and overwrite:path, and expressions such as
// $request.header.name and ${context.requestId}. The control plane compiles them to
// refuse what is wrong, the data plane to evaluate them.
//
// It does not change requests or responses (the pipeline of HTTP APIs does), and it has
// nothing of REST APIs' mapping expressions or templates.
//
// Begin at key.go, then expression.go.
package httpmapping
