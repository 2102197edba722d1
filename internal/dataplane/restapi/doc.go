// Package restapi is the road of a request through a REST API: from the method that
// its path finds to the response that the client gets. The order of everything is one
// literal, steps in pipeline.go; each step is the file of its name and returns a fault
// when it ends the exchange.
//
// It decides from the published plan (package plan) and the request (package inbound)
// alone. It does not listen, number requests or read bodies (package dataplane), does
// not compile (package compile) and does not speak to backends (package integration).
// Only gateway_response.go knows how a fault looks, only write_response.go touches the
// ResponseWriter.
//
// Begin at pipeline.go, then exchange.go. context_variables.go holds $context.
package restapi
