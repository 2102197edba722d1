// Package apis does what each operation of apigatewayv2 (2018-11-29) does for HTTP APIs
// and WebSocket APIs, custom domains and VPC links: it checks the input as AWS does,
// answers with AWS's errors, and changes the records of package apigw/records in one
// atomic update. Portals and portal products answer 501 (apigatewayv2.Unimplemented);
// settings that nothing enforces yet are refused by name (unsupported.go).
//
// Updates take whole members: one that is absent stays, and an empty text clears.
// Entries of requestParameters, responseParameters, stageVariables and routeSettings
// are merged, and an empty value removes one, which is how Terraform's provider does it.
//
// It does not know HTTP, does not serve APIs, and does not compile them: when an
// operation changes what is served, it waits on the Publisher until that is so. Reading
// and writing OpenAPI belongs to package control/openapi.
//
// Begin at Service, then api.go and auto_deploy.go; one file per noun. AWS's error
// texts are in messages.go.
package apis
