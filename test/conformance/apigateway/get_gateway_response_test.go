// Known from: guide supported-gateway-response-types.md; observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestGetGatewayResponse_default(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.GetGatewayResponse(f.ctx, &apigateway.GetGatewayResponseInput{RestApiId: f.apiId, ResponseType: types.GatewayResponseTypeIntegrationFailure})
	got := must(t, output, err)
	is(t, "statusCode", got.StatusCode, "504")
	if !got.DefaultResponse || got.ResponseTemplates["application/json"] != `{"message":$context.error.messageString}` {
		t.Errorf("%+v", got)
	}
}
