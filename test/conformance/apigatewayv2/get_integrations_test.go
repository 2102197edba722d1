// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetIntegrations(t *testing.T) {
	f := newHttp(t)
	id := f.integration()
	output, err := f.client.GetIntegrations(f.ctx, &apigatewayv2.GetIntegrationsInput{ApiId: f.apiId, MaxResults: aws.String("10")})
	items := must(t, output, err).Items
	count(t, "items", items, 1)
	is(t, "integrationId", items[0].IntegrationId, *id)
}
