// Package unserved sees what net/http answers by itself, before a handler runs, and
// answers in its place: a malformed head, a Host header that is missing, an unknown
// Transfer-Encoding, expectation or version, a head that is too large or does not end, plain
// HTTP at a listener for TLS, TLS at one for plain HTTP, a handshake that fails.
//
// It finds out why and makes a fault of it; which bytes the client gets, and what is
// recorded, is its Refuser's. It never looks at a request that a handler has: once one
// begins, reading and writing are the connection's own.
//
// Which answers net/http has is written down, and compared with its source, in
// nethttp_test.go.
//
// Begin at Guard; conn.go recognises a refusal, explain.go says what was wrong with a
// head, handshake.go with TLS.
package unserved
