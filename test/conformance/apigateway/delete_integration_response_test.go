// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteIntegrationResponse_onlyOnce(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	f.integrationResponse(f.rootId)
	in := &apigateway.DeleteIntegrationResponseInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200")}
	_, err := f.client.DeleteIntegrationResponse(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteIntegrationResponse(f.ctx, in)
	refused(t, err, notFoundCode, messageStatusCode)
}
