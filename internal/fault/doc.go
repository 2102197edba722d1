// Package fault is the registry of everything that can fail while a request is
// served: for each id, which gateway response API Gateway answers with, what it says
// and which article of the knowledge base explains it. A step of a pipeline that ends
// an exchange returns a [Fault] made by [New].
//
// It does not render a response (gateway_response.go of a pipeline does), it does not
// log, and the exceptions of the control plane are not in it (package awsapi).
//
// Begin at registry.go, which is data; fault.go is what a step returns.
package fault
