package httpapi

import (
	"net/http"
	"strconv"

	"gatehouse/internal/fault"
)

const (
	headerContentType   = "Content-Type"
	headerContentLength = "Content-Length"
	headerRequestId     = "Apigw-Requestid"
	contentTypeJSON     = "application/json"
)

// writeResponse sends the response. It is the only place that touches w.
func writeResponse(e *exchange, w http.ResponseWriter) {
	header := w.Header()
	for name, values := range e.response.header {
		header[name] = values
	}
	header[headerRequestId] = []string{e.requestId()}
	if e.fault != nil {
		fault.SetHelp(header, e.in.HelpBase, e.fault, e.requestId())
	}
	if _, ok := header[headerContentType]; !ok {
		header[headerContentType] = nil // keeps net/http from guessing one
	}
	if !bodyAllowed(e.response.statusCode) {
		e.response.body = nil
	} else if _, ok := header[headerContentLength]; !ok {
		header[headerContentLength] = []string{strconv.Itoa(len(e.response.body))}
	}
	w.WriteHeader(e.response.statusCode)
	if len(e.response.body) > 0 {
		_, _ = w.Write(e.response.body) // a client that is gone needs no answer
	}
}

func bodyAllowed(statusCode int) bool {
	return statusCode >= http.StatusOK && statusCode != http.StatusNoContent && statusCode != http.StatusNotModified
}
