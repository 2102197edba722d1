// Package dataplane serves the requests of clients to APIs: it finds the API and stage
// that host and path name, numbers the request, reads its body within the payload
// limit, and hands it to the pipeline of the API's kind (packages restapi, httpapi and
// websocketapi).
//
// It serves from the published plan alone and never waits on the control plane. What a
// request goes through inside an API is the pipeline's; listeners, TLS and the choice
// between the data plane and AWS's service APIs on one port are package app's, with
// the help of Match.
//
// Begin at serve.go; match.go says which URLs name an API, serve_domain.go where custom
// domain names lead.
package dataplane
