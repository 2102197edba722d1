// Package awsapi holds what all AWS services have in common, and below it one generated package
// per service: its operations' inputs and outputs, its types, its errors and its Service interface.
//
// The generated packages know AWS's models and nothing else: no HTTP, no nouns of ours, no state.
// A control package implements a Service interface by embedding the service's Unimplemented;
// internal/wire decodes, calls and encodes.
//
// The subpackages are written by tools/awsgen from tools/awsgen/models; only this package and
// schema, the descriptors the generated tables fill, are written by hand. Begin reading at
// apigateway/service.go, then apigateway/op_create_api_key.go.
package awsapi

//go:generate go run gatehouse/tools/awsgen generate -out .
