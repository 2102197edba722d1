// Package apigwv2 holds the nouns of HTTP APIs and WebSocket APIs, as AWS's
// apigatewayv2 names them: Api, Route, Integration, Stage and so on.
//
// It is what the control plane stores and what the compiler reads, as package apigw is
// for REST APIs. It is neither the wire form nor what the data plane executes. It does
// no I/O and imports nothing of ours.
//
// Begin at api.go.
package apigwv2
