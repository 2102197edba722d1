// Package openapi reads definitions with API Gateway's extensions (x-amazon-apigateway-*),
// JSON or YAML, and writes them in the order of the document: OpenAPI 3.0 of HTTP APIs,
// into the nouns of package apigwv2, and OpenAPI 3.0 and Swagger 2.0 of REST APIs, into
// those of package apigw.
//
// It does not check what it reads as the operations do, keeps no record and knows no
// ids but those it is given: packages control/apis and control/restapis put what a
// definition says.
//
// Begin at Read and Write (definition.go, write.go) for HTTP APIs, at ReadRest and
// WriteRest (rest_definition.go, rest_write.go) for REST APIs; tree.go is the document
// that all share.
package openapi
