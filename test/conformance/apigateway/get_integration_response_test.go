// Known from: the model; errors observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetIntegrationResponse(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	in := &apigateway.GetIntegrationResponseInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200")}
	_, err := f.client.GetIntegrationResponse(f.ctx, in)
	refused(t, err, notFoundCode, messageIntegration)
	f.mock(f.rootId)
	_, err = f.client.GetIntegrationResponse(f.ctx, in)
	refused(t, err, notFoundCode, messageStatusCode)
	f.integrationResponse(f.rootId)
	output, err := f.client.GetIntegrationResponse(f.ctx, in)
	is(t, "statusCode", must(t, output, err).StatusCode, "200")
}
