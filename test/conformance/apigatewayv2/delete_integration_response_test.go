// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteIntegrationResponse(t *testing.T) {
	f := newWebSocket(t)
	integrationId := f.integration()
	in := &apigatewayv2.DeleteIntegrationResponseInput{ApiId: f.apiId, IntegrationId: integrationId, IntegrationResponseId: f.integrationResponse(integrationId)}
	output, err := f.client.DeleteIntegrationResponse(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteIntegrationResponse(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid IntegrationResponse identifier specified")
}
