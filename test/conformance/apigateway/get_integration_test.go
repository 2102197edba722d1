// Known from: AWS command line's get-integration example; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestGetIntegration(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	in := &apigateway.GetIntegrationInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")}
	_, err := f.client.GetIntegration(f.ctx, in)
	refused(t, err, notFoundCode, messageIntegration)
	f.mock(f.rootId)
	output, err := f.client.GetIntegration(f.ctx, in)
	got := must(t, output, err)
	is(t, "type", &got.Type, types.IntegrationTypeMock)
	if got.RequestTemplates["application/json"] != `{"statusCode": 200}` {
		t.Errorf("%v", got.RequestTemplates)
	}
}
