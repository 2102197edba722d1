// Package app wires the parts of Gatehouse into one server and nothing else: New makes
// them, Start begins to listen, Stop ends them in reverse order.
//
// It holds no behaviour of an API, an operation or a step; what it adds of its own is
// which part gets a request (front.go) and the adapters that fill an interface of one
// part with another (function_invoker.go).
//
// Begin at App.Start.
package app
