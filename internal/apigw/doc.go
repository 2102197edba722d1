// Package apigw holds the nouns of API Gateway's REST APIs, as AWS names them:
// RestApi, Resource, Method, Integration, Deployment, Stage and so on, with the
// ids, ARNs, enumerations and limits that belong to them. The nouns of HTTP and
// WebSocket APIs live beside them in package apigwv2.
//
// It is what the control plane stores and what the compiler reads. It is not the
// wire form (package awsapi/apigateway) and not what the data plane executes
// (package plan). It does no I/O and imports nothing of ours.
//
// Begin at rest_api.go; a Resource carries its Methods, a Method its Integration.
package apigw
