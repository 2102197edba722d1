package wire

import (
	"net/http"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/schema"
)

// The largest bodies that operations take, in bytes.
const (
	// MaxImport is API Gateway's quota "Maximum size of API definition file" for imports: 6 MB.
	MaxImport = 6 << 20
	// MaxFunctionUpload is the request of Lambda's CreateFunction and UpdateFunctionCode: the quota
	// "Deployment package (.zip file archive) size", 50 MB zipped, which base64 makes 70 MB.
	MaxFunctionUpload = 70 << 20
	// MaxInvocation is Lambda's quota "Invocation payload (request and response)", synchronous: 6 MB.
	MaxInvocation = 6 << 20
	// MaxPostToConnection is API Gateway's quota "WebSocket frame/message payload size": 128 KB.
	MaxPostToConnection = 128 << 10
	// MaxLogEvents holds a PutLogEvents batch: the quota is 1,048,576 bytes of messages, which JSON
	// escapes may make larger.
	MaxLogEvents = 4 << 20
	// MaxForm holds the query protocol's largest request: a CloudFormation template of 51,200
	// bytes or an IAM policy of 6,144 characters, percent-encoded, with room to spare.
	MaxForm = 1 << 20
	// smallBody is read whoever sends it: checking it once, with its signature, is cheaper.
	smallBody = 64 << 10
	// MaxRequest is for every other operation; AWS documents no number.
	MaxRequest = 2 << 20
)

// limit returns the largest body of an operation, which is nil for an unknown one.
func limit(service *schema.Service, operation *schema.Operation) int64 {
	name := ""
	if operation != nil {
		name = operation.Name
	}
	switch service.Name + "." + name {
	case "lambda.CreateFunction", "lambda.UpdateFunctionCode":
		return MaxFunctionUpload
	case "lambda.Invoke":
		return MaxInvocation
	case "apigateway.ImportRestApi", "apigateway.PutRestApi", "apigateway.ImportDocumentationParts", "apigateway.ImportApiKeys",
		"apigatewayv2.ImportApi", "apigatewayv2.ReimportApi":
		return MaxImport
	case "apigatewaymanagementapi.PostToConnection":
		return MaxPostToConnection
	case "logs.PutLogEvents":
		return MaxLogEvents
	}
	if service.Protocol == schema.Query {
		return MaxForm
	}
	return MaxRequest
}

// tooLarge is the error of a body over the limit: the service's own where its model has one.
func tooLarge(service *schema.Service) awsapi.Error {
	const text = "The request body is larger than this operation takes."
	switch service.Name {
	case "apigatewaymanagementapi":
		return &apigatewaymanagementapi.PayloadTooLargeException{Message: text}
	case "lambda":
		return &lambda.RequestTooLargeException{Message: text}
	}
	return &awsapi.Unmodelled{Code: "RequestEntityTooLargeException", Message: text, Status: http.StatusRequestEntityTooLarge}
}
