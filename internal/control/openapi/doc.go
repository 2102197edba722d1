// Package openapi reads OpenAPI 3.0 definitions of HTTP APIs with API Gateway's
// extensions (x-amazon-apigateway-*) into the nouns of package apigwv2, and writes such
// definitions of them: JSON or YAML, in the order of the document.
//
// It does not check what it reads as the operations do, keeps no record and knows no
// ids but those it is given: package control/apis puts what a Definition says.
// Definitions of REST APIs are not read yet.
//
// Begin at Read (definition.go) and Write (write.go); tree.go is the document that both
// share.
package openapi
