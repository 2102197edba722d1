// Known from: guide apigateway-websocket-api-integration-responses.md.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// integrationResponse adds $default.
func (f *fixture) integrationResponse(integrationId *string) *string {
	f.Helper()
	created, err := f.client.CreateIntegrationResponse(f.ctx, &apigatewayv2.CreateIntegrationResponseInput{
		ApiId: f.apiId, IntegrationId: integrationId, IntegrationResponseKey: aws.String("$default"),
	})
	return must(f.T, created, err).IntegrationResponseId
}

func TestCreateIntegrationResponse(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.CreateIntegrationResponse(f.ctx, &apigatewayv2.CreateIntegrationResponseInput{
		ApiId: f.apiId, IntegrationId: f.integration(), IntegrationResponseKey: aws.String(`/4\d\d/`), TemplateSelectionExpression: aws.String("error"),
		ResponseTemplates: map[string]string{"error": `{"failed":true}`}, ContentHandlingStrategy: types.ContentHandlingStrategyConvertToText,
	})
	got := must(t, output, err)
	is(t, "integrationResponseKey", got.IntegrationResponseKey, `/4\d\d/`)
	is(t, "contentHandlingStrategy", &got.ContentHandlingStrategy, types.ContentHandlingStrategyConvertToText)
}
