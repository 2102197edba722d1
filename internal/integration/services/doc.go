// Package services calls AWS services on behalf of integrations: it reads the URI of an
// AWS integration, finds the server that stands for the service, gives a request the form
// of the service's protocol where the URI names an action, and signs it.
//
// It contains no service, and sends nothing: the data plane's Client does. It knows no
// mapping template and no plan. Lambda's Invoke does not come here: functions run within
// this server (see package integration, Invoker).
//
// Begin at Uri (uri.go) and Endpoints (endpoints.go). protocols.go is the table of which
// service speaks what.
package services
