// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUpdateIntegrationResponse(t *testing.T) {
	f := newWebSocket(t)
	integrationId := f.integration()
	output, err := f.client.UpdateIntegrationResponse(f.ctx, &apigatewayv2.UpdateIntegrationResponseInput{
		ApiId: f.apiId, IntegrationId: integrationId, IntegrationResponseId: f.integrationResponse(integrationId),
		ResponseTemplates: map[string]string{"$default": "{}"},
	})
	got := must(t, output, err)
	is(t, "integrationResponseKey", got.IntegrationResponseKey, "$default")
	if got.ResponseTemplates["$default"] != "{}" {
		t.Errorf("%v", got.ResponseTemplates)
	}
}
