// Package bench measures the whole server from outside: processor time per request of
// its process, against a bare reverse proxy and a bare handler in the same run; warm
// functions; WebSocket messages; the start with and without APIs; idle memory; what recording requests costs.
//
// `make bench` runs it. It asserts nothing about time, so it never fails for a busy
// machine. Begin at gateway_test.go.
package bench
