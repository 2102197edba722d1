// Known from: guide http-api-jwt-authorizer.md, http-api-lambda-authorizer.md.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestCreateAuthorizer_jwt(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.GetAuthorizer(f.ctx, &apigatewayv2.GetAuthorizerInput{ApiId: f.apiId, AuthorizerId: f.authorizer()})
	got := must(t, output, err)
	is(t, "authorizerType", &got.AuthorizerType, types.AuthorizerTypeJwt)
	is(t, "issuer", got.JwtConfiguration.Issuer, "https://accounts.google.com")
	count(t, "audiences", got.JwtConfiguration.Audience, 1)
}

func TestCreateAuthorizer_request(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.CreateAuthorizer(f.ctx, &apigatewayv2.CreateAuthorizerInput{
		ApiId: f.apiId, Name: aws.String("function"), AuthorizerType: types.AuthorizerTypeRequest, AuthorizerPayloadFormatVersion: aws.String("2.0"),
		AuthorizerUri:         aws.String("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"),
		EnableSimpleResponses: aws.Bool(true), IdentitySource: []string{"$request.header.Authorization"},
	})
	got := must(t, output, err)
	is(t, "authorizerResultTtlInSeconds", got.AuthorizerResultTtlInSeconds, 300)
	is(t, "enableSimpleResponses", got.EnableSimpleResponses, true)
}
