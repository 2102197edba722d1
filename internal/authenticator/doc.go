// Package authenticator says who calls, and lets policies decide what they may do: it
// verifies signatures with the access keys in the store, for the wire of AWS's service
// APIs and for the data plane, authorizes every operation of the control plane in
// secure mode, and decides the calls that API Gateway makes with the credentials of an
// integration.
//
// It keeps nothing of its own but a cache, and it never writes. How a signature is
// computed is package sigv4's, how policies are evaluated package iam's, what a session
// token is package sessions'. The data plane does not import it; app hands it over
// behind the data plane's own interface.
//
// Begin at Keyring (who is behind a key), then Signatures, Secure and Developer (the
// wire's two modes), Authorizer (secure mode's decisions; the ARNs of each service are
// in resource_*.go), and Integrations.
package authenticator
