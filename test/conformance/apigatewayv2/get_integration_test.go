// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetIntegration(t *testing.T) {
	f := newHttp(t)
	id := f.integration()
	output, err := f.client.GetIntegration(f.ctx, &apigatewayv2.GetIntegrationInput{ApiId: f.apiId, IntegrationId: id})
	is(t, "integrationId", must(t, output, err).IntegrationId, *id)
}

func TestGetIntegration_missing(t *testing.T) {
	f := newHttp(t)
	_, err := f.client.GetIntegration(f.ctx, &apigatewayv2.GetIntegrationInput{ApiId: f.apiId, IntegrationId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid Integration identifier specified")
	_, err = f.client.GetIntegration(f.ctx, &apigatewayv2.GetIntegrationInput{ApiId: aws.String(missingId), IntegrationId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
