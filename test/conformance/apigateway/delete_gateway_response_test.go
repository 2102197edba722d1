// Known from: observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestDeleteGatewayResponse_onlyOnce(t *testing.T) {
	f := newFixture(t)
	output, err := f.gatewayResponse(nil)
	must(t, output, err)
	in := &apigateway.DeleteGatewayResponseInput{RestApiId: f.apiId, ResponseType: types.GatewayResponseTypeThrottled}
	_, err = f.client.DeleteGatewayResponse(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteGatewayResponse(f.ctx, in)
	refused(t, err, notFoundCode, "Gateway response type not defined on api")
}
