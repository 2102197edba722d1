// Known from: guide http-api-develop-integrations.md, websocket-api-data-mapping.md; the first two errors are observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestCreateIntegration_http(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: f.apiId, IntegrationType: types.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("ANY"), PayloadFormatVersion: aws.String("1.0"),
		IntegrationUri: aws.String("https://example.com/{proxy}"), RequestParameters: map[string]string{"append:header.a": "$request.querystring.b"},
		ResponseParameters: map[string]map[string]string{"404": {"overwrite:statuscode": "410"}},
	})
	got := must(t, output, err)
	is(t, "connectionType", &got.ConnectionType, types.ConnectionTypeInternet)
	is(t, "timeoutInMillis", got.TimeoutInMillis, 30000)
	if got.ResponseParameters["404"]["overwrite:statuscode"] != "410" {
		t.Errorf("%v", got.ResponseParameters)
	}
}

func TestCreateIntegration_function(t *testing.T) {
	f := newHttp(t)
	uri := "arn:aws:lambda:us-east-1:123456789012:function:f"
	output, err := f.client.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: f.apiId, IntegrationType: types.IntegrationTypeAwsProxy, PayloadFormatVersion: aws.String("2.0"), IntegrationUri: &uri,
	})
	got := must(t, output, err)
	is(t, "integrationUri", got.IntegrationUri, uri)
	is(t, "payloadFormatVersion", got.PayloadFormatVersion, "2.0")
}

func TestCreateIntegration_service(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: f.apiId, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationSubtype: aws.String("SQS-SendMessage"), PayloadFormatVersion: aws.String("1.0"),
		CredentialsArn:    aws.String("arn:aws:iam::123456789012:role/send"),
		RequestParameters: map[string]string{"QueueUrl": "$request.header.queue", "MessageBody": "$request.body.message"},
	})
	is(t, "integrationSubtype", must(t, output, err).IntegrationSubtype, "SQS-SendMessage")
}

func TestCreateIntegration_webSocket(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: f.apiId, IntegrationType: types.IntegrationTypeHttp, IntegrationMethod: aws.String("POST"), IntegrationUri: aws.String("https://example.com"),
		RequestParameters: map[string]string{"integration.request.header.connectionId": "context.connectionId"},
	})
	got := must(t, output, err)
	is(t, "passthroughBehavior", &got.PassthroughBehavior, types.PassthroughBehaviorWhenNoMatch)
	is(t, "timeoutInMillis", got.TimeoutInMillis, 29000)
	is(t, "integrationResponseSelectionExpression", got.IntegrationResponseSelectionExpression, "${integration.response.statuscode}")
}

func TestCreateIntegration_refuses(t *testing.T) {
	f := newHttp(t)
	for _, row := range []struct {
		in      apigatewayv2.CreateIntegrationInput
		message string
	}{
		{
			apigatewayv2.CreateIntegrationInput{IntegrationType: types.IntegrationTypeAws, IntegrationUri: aws.String("arn:aws:lambda:us-east-1:123456789012:function:f")},
			"Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)",
		},
		{
			apigatewayv2.CreateIntegrationInput{IntegrationType: types.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("GET"), PayloadFormatVersion: aws.String("1.0"), ConnectionType: types.ConnectionTypeVpcLink, ConnectionId: aws.String("abc123"), IntegrationUri: aws.String("https://example.com")},
			"For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.",
		},
		{
			apigatewayv2.CreateIntegrationInput{IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String("arn:aws:lambda:us-east-1:123456789012:function:f")},
			"PayloadFormatVersion is a required parameter for integration type AWS_PROXY",
		},
	} {
		row.in.ApiId = f.apiId
		_, err := f.client.CreateIntegration(f.ctx, &row.in)
		refused(t, err, badRequestCode, row.message)
	}
}
