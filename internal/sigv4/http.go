package sigv4

import (
	"net/http"
	"strconv"
	"strings"
)

// FromHTTP describes a request that a net/http server received, with its body as read. The path and the query
// are taken from the request line, so nothing that handlers did to r.URL matters.
func FromHTTP(r *http.Request, body []byte) Request {
	path, query := rawTarget(r)
	req := Request{
		Method: r.Method, Path: path, RawQuery: query, Host: r.Host, Body: body,
		Headers: make([]Header, 0, len(r.Header)+1),
	}
	for name, values := range r.Header {
		for _, value := range values {
			req.Headers = append(req.Headers, Header{name, value})
		}
	}
	if _, found := r.Header["Content-Length"]; !found && r.ContentLength > 0 {
		// net/http takes this header out of the map in some cases, but signers may have covered it.
		req.Headers = append(req.Headers, Header{"Content-Length", strconv.FormatInt(r.ContentLength, 10)})
	}
	return req
}

// rawTarget splits the request target as sent.
func rawTarget(r *http.Request) (path, query string) {
	if r.RequestURI == "" { // a request that no server parsed, as in tests
		return r.URL.EscapedPath(), r.URL.RawQuery
	}
	target := r.RequestURI
	if !strings.HasPrefix(target, "/") { // absolute form
		if _, after, found := strings.Cut(target, "://"); found {
			if slash := strings.IndexAny(after, "/?"); slash >= 0 {
				target = after[slash:]
			} else {
				target = "/"
			}
		}
	}
	path, query, _ = strings.Cut(target, "?")
	return path, query
}
