package restapi

import (
	"net/http"
	"strings"

	"gatehouse/internal/fault"
)

// Headers of responses, in the spelling that API Gateway sends.
const (
	headerRequestId         = "x-amzn-RequestId"
	headerExtendedRequestId = "x-amz-apigw-id"
	headerErrorType         = "x-amzn-ErrorType"
	headerTraceId           = "X-Amzn-Trace-Id"
	headerContentType       = "Content-Type"
	headerContentLength     = "Content-Length"
	headerContentEncoding   = "Content-Encoding"
	contentTypeJSON         = "application/json"
)

// ownHeaders counts what writeResponse adds.
const ownHeaders = 3

// writeResponse sends the response. It is the only place that touches w.
func writeResponse(e *exchange, w http.ResponseWriter) {
	compressResponse(e)
	if e.response.statusCode < http.StatusOK { // of a gateway response: a client would wait for a final one
		e.response.statusCode = http.StatusInternalServerError
	}
	header := w.Header()
	values := make([]string, 0, len(e.response.headers)+ownHeaders) // one allocation for all headers
	for _, field := range e.response.headers {
		values = addHeader(header, values, canonicalSpelling(header, field.Name), field.Value)
	}
	delete(header, headerRequestId)
	values = addHeader(header, values, headerRequestId, e.in.RequestId)
	delete(header, headerExtendedRequestId)
	values = addHeader(header, values, headerExtendedRequestId, e.in.ExtendedRequestId)
	if bodyAllowed(e.response.statusCode) {
		delete(header, headerContentLength)
		addHeader(header, values, headerContentLength, itoa(len(e.response.body)))
	} else {
		e.response.body = nil
	}
	fault.SetHelp(header, e.in.HelpBase, e.fault, e.in.RequestId)
	w.WriteHeader(e.response.statusCode)
	if len(e.response.body) > 0 {
		_, _ = w.Write(e.response.body) // a client that is gone needs no answer
	}
}

// canonicalSpelling returns the key under which header already has name, in whatever
// case: net/http would otherwise write two headers.
func canonicalSpelling(header http.Header, name string) string {
	if equalNames(name, headerContentType) {
		return headerContentType // net/http guesses a type of its own unless spelled so
	}
	if _, ok := header[name]; ok || len(header) == 0 {
		return name
	}
	for existing := range header {
		if strings.EqualFold(existing, name) {
			return existing
		}
	}
	return name
}

func bodyAllowed(statusCode int) bool {
	return statusCode >= http.StatusOK && statusCode != http.StatusNoContent && statusCode != http.StatusNotModified
}
