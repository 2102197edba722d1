// Known from: the article on passing a connectionId to a VPC link; Terraform's provider for removals.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestUpdateIntegration_connectionId(t *testing.T) {
	f := newWebSocket(t)
	created, err := f.client.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: f.apiId, IntegrationType: types.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("POST"), IntegrationUri: aws.String("https://example.com"),
	})
	id := must(t, created, err).IntegrationId
	output, err := f.client.UpdateIntegration(f.ctx, &apigatewayv2.UpdateIntegrationInput{
		ApiId: f.apiId, IntegrationId: id, RequestParameters: map[string]string{"integration.request.header.ConnectionId": "context.connectionId"},
	})
	got := must(t, output, err)
	if got.RequestParameters["integration.request.header.ConnectionId"] != "context.connectionId" {
		t.Errorf("%v", got.RequestParameters)
	}
	is(t, "integrationUri", got.IntegrationUri, "https://example.com")
}

func TestUpdateIntegration_removes(t *testing.T) {
	f := newHttp(t)
	id := f.integration()
	for _, parameters := range []map[string]string{{"append:header.a": "1", "append:header.b": "2"}, {"append:header.a": ""}} {
		output, err := f.client.UpdateIntegration(f.ctx, &apigatewayv2.UpdateIntegrationInput{ApiId: f.apiId, IntegrationId: id, RequestParameters: parameters})
		must(t, output, err)
	}
	output, err := f.client.GetIntegration(f.ctx, &apigatewayv2.GetIntegrationInput{ApiId: f.apiId, IntegrationId: id})
	if left := must(t, output, err).RequestParameters; len(left) != 1 || left["append:header.b"] != "2" {
		t.Errorf("%v", left)
	}
}
