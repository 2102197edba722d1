// Package httpapi takes a request through an HTTP API: it finds the route, authorizes,
// answers CORS preflights, throttles, maps the request, calls the integration and maps
// what came back. Each step is the file of its name; their order is one literal in
// pipeline.go.
//
// What HTTP APIs do otherwise than REST APIs is here and not in flags: no gateway
// responses (render_fault.go fixes what clients see), no templates, no trailing-slash
// equivalence, header names in lower case, bodies passed on as they came.
//
// It finds neither host nor stage (package dataplane), compiles nothing, and never
// waits on the control plane.
//
// Begin at pipeline.go, then exchange.go.
package httpapi
