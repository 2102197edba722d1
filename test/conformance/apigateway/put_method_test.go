// Known from: guide create-api-using-awscli.md; errors observed, those of a model, a type and an httpMethod unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestPutMethod_defaults(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.PutMethod(f.ctx, &apigateway.PutMethodInput{
		RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("ANY"), AuthorizationType: aws.String("NONE"), OperationName: aws.String("pets"),
		RequestParameters: map[string]bool{"method.request.header.X-Y": true}, RequestModels: map[string]string{"application/json": "Empty"},
	})
	got := must(t, output, err)
	is(t, "httpMethod", got.HttpMethod, "ANY")
	is(t, "authorizationType", got.AuthorizationType, "NONE")
	is(t, "apiKeyRequired", got.ApiKeyRequired, false)
	is(t, "operationName", got.OperationName, "pets")
	if !got.RequestParameters["method.request.header.X-Y"] || got.RequestModels["application/json"] != "Empty" {
		t.Errorf("%v %v", got.RequestParameters, got.RequestModels)
	}
}

func TestPutMethod_refuses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	for _, row := range []struct {
		in            apigateway.PutMethodInput
		code, message string
	}{
		{apigateway.PutMethodInput{HttpMethod: aws.String("GET")}, conflictCode, "Method already exists for this resource"},
		{apigateway.PutMethodInput{AuthorizationType: aws.String("CUSTOM")}, badRequestCode, "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."},
		{apigateway.PutMethodInput{AuthorizationType: aws.String("OAUTH")}, badRequestCode, "Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM and COGNITO_USER_POOLS"},
		{apigateway.PutMethodInput{RequestValidatorId: aws.String("zzzzzz")}, badRequestCode, messageValidator},
		{apigateway.PutMethodInput{RequestModels: map[string]string{"application/json": "Nothing"}}, badRequestCode, "Invalid model identifier specified: Nothing"},
		{
			apigateway.PutMethodInput{RequestParameters: map[string]bool{"method.request.body.x": true}}, badRequestCode,
			"Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.request.body.x]",
		},
		{apigateway.PutMethodInput{HttpMethod: aws.String("FETCH")}, badRequestCode, "Invalid HttpMethod specified. Valid options are GET, PUT, POST, DELETE, PATCH, OPTIONS, HEAD and ANY"},
		{apigateway.PutMethodInput{ResourceId: aws.String("zzzzzz")}, notFoundCode, messageResource},
	} {
		in := row.in
		in.RestApiId = f.apiId
		in.ResourceId = cmpOr(in.ResourceId, f.rootId)
		in.HttpMethod = cmpOr(in.HttpMethod, aws.String("POST"))
		in.AuthorizationType = cmpOr(in.AuthorizationType, aws.String("NONE"))
		_, err := f.client.PutMethod(f.ctx, &in)
		refused(t, err, row.code, row.message)
	}
}

// cmpOr is the first of two that is not nil.
func cmpOr[T any](first, second *T) *T {
	if first != nil {
		return first
	}
	return second
}
