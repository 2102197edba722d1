// Package message is what the protocols of AWS read and write: a request whose body has arrived
// and whose route is known, and a response that has not been written yet.
//
// It does no I/O; internal/wire reads and writes sockets, the protocols only see these values. Begin at
// Request.
package message

import (
	"net/http"
	"net/url"
)

// Request is a request to one operation.
type Request struct {
	// Header are the request's headers.
	Header http.Header
	// Query are the parameters of the URL, without those of its signature.
	Query url.Values
	// Labels are the decoded path labels by the name they have in the operation's route.
	Labels map[string]string
	// Body is the whole body, decompressed.
	Body []byte
}

// Response is a response to one operation.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// NewResponse returns a response with an empty header.
func NewResponse(status int) *Response {
	return &Response{Status: status, Header: http.Header{}}
}
