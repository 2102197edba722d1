// Package testinvoke runs a method of a REST API, or one of its authorizers, as the API is
// edited: it compiles the one resource and takes a request through the pipeline that
// serves deployed stages. It is what TestInvokeMethod and TestInvokeAuthorizer do.
//
// It is not a way to serve: nobody is authorized, nothing is throttled, cached or kept,
// and no deployment is read. What the request does to its backend is real.
//
// Begin at Tester.
package testinvoke
