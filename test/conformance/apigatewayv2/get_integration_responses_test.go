// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetIntegrationResponses(t *testing.T) {
	f := newWebSocket(t)
	integrationId := f.integration()
	id := f.integrationResponse(integrationId)
	output, err := f.client.GetIntegrationResponses(f.ctx, &apigatewayv2.GetIntegrationResponsesInput{ApiId: f.apiId, IntegrationId: integrationId, MaxResults: aws.String("10")})
	items := must(t, output, err).Items
	count(t, "items", items, 1)
	is(t, "integrationResponseId", items[0].IntegrationResponseId, *id)
}
