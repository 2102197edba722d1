// Package fault is the registry of everything that can fail while a request is
// served: for each id, which gateway response API Gateway answers with, what it says
// and which article of the knowledge base explains it. A step of a pipeline that ends
// an exchange returns a [Fault] made by [New].
//
// An operation of the control plane that refuses returns AWS's exception (package
// awsapi); [Refuse] adds the fault that explains it, and [OfException] knows the id of
// one without.
//
// It does not render a response (gateway_response.go of a pipeline does), and it does
// not log.
//
// Begin at registry.go, which is data; fault.go is what a step returns, refusal.go what
// an operation returns.
package fault
