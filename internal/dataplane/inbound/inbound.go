// Package inbound is a client's request as every pipeline of the data plane gets it:
// numbered, timed, its body read, its API found, its headers as the client spelled
// them.
//
// It decides nothing about the request and answers nothing: package dataplane fills
// it, the pipelines (restapi and its siblings) read it.
//
// Begin at Request.
package inbound

import (
	"net/http"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/origin"
	"gatehouse/internal/tracing"
)

// Request is one request of a client. It is valid until the pipeline has returned.
type Request struct {
	HTTP *http.Request
	// RequestId is the UUID that $context.requestId shows; a client may choose it.
	RequestId string
	// ExtendedRequestId is ours alone: 15 characters and "=".
	ExtendedRequestId string
	// TraceId is the value of X-Amzn-Trace-Id that backends get, "Root=1-…".
	TraceId string
	// Trace is the request's place in a trace; nil while it is not traced.
	Trace    *tracing.Context
	Received time.Time

	// Path is the path within the API as the client sent it, percent-encoded, with its
	// leading slash: without the stage, the base path or the prefix of a path-style URL.
	Path string
	// EventPath is Path with the base path of a custom domain in front, if there is one.
	EventPath string
	// BasePath is the base path of a custom domain that matched, "/v1"; empty without one.
	BasePath string
	// ContextPath is what $context.path shows: "/{stage}" and Path, or EventPath on a
	// custom domain.
	ContextPath string
	// Host is the Host header without its port; DomainPrefix its first label.
	Host, DomainPrefix string
	SourceIp           string
	// VpcEndpoint is the one that a private API was called through; nil for a public API.
	VpcEndpoint *origin.VpcEndpoint
	// Headers are the client's headers in its order and spelling, without those that
	// API Gateway drops (integration.DropsRequestHeader). For HTTP APIs their names are in
	// lower case, and only the connection's own are dropped.
	Headers []integration.Field
	// Query are the query parameters, decoded, in the client's order.
	Query []integration.Field
	// SentBody is the body as it came, which a signature covers; Body has its
	// Content-Encoding undone.
	SentBody, Body []byte
	// DefaultEndpoint says that the request came to the API's own host name or to a
	// path-style URL, not to a custom domain.
	DefaultEndpoint bool
	// HelpBase is where fault.SetHelp finds articles; empty where clients are told nothing.
	HelpBase string
	// Fault is what was wrong with the request before a pipeline saw it; nil otherwise.
	Fault *fault.Fault
}

// DomainName is the custom domain name that the request came to; empty without one.
func (r *Request) DomainName() string {
	if r.DefaultEndpoint {
		return ""
	}
	return r.Host
}

// Header returns the last value of a header spelled exactly so.
func (r *Request) Header(name string) (string, bool) { return Last(r.Headers, name) }

// TraceIdFor is the X-Amzn-Trace-Id for what a step calls.
func (r *Request) TraceIdFor(step string) string {
	if r.Trace == nil {
		return r.TraceId
	}
	return r.Trace.AmznTraceId(step)
}

// Last returns the last value of a name, compared exactly.
func Last(fields []integration.Field, name string) (string, bool) {
	for i := len(fields) - 1; i >= 0; i-- {
		if fields[i].Name == name {
			return fields[i].Value, true
		}
	}
	return "", false
}
