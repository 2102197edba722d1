// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetIntegrationResponse(t *testing.T) {
	f := newWebSocket(t)
	integrationId := f.integration()
	id := f.integrationResponse(integrationId)
	output, err := f.client.GetIntegrationResponse(f.ctx, &apigatewayv2.GetIntegrationResponseInput{ApiId: f.apiId, IntegrationId: integrationId, IntegrationResponseId: id})
	is(t, "integrationResponseId", must(t, output, err).IntegrationResponseId, *id)
}

func TestGetIntegrationResponse_missing(t *testing.T) {
	f := newWebSocket(t)
	integrationId := f.integration()
	_, err := f.client.GetIntegrationResponse(f.ctx, &apigatewayv2.GetIntegrationResponseInput{ApiId: f.apiId, IntegrationId: integrationId, IntegrationResponseId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid IntegrationResponse identifier specified")
	_, err = f.client.GetIntegrationResponse(f.ctx, &apigatewayv2.GetIntegrationResponseInput{ApiId: aws.String(missingId), IntegrationId: integrationId, IntegrationResponseId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
