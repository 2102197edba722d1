// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteIntegration_onlyOnce(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	in := &apigateway.DeleteIntegrationInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")}
	_, err := f.client.DeleteIntegration(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteIntegration(f.ctx, in)
	refused(t, err, notFoundCode, messageIntegration)
}
