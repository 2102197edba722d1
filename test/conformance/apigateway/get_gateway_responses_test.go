// Known from: guide supported-gateway-response-types.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestGetGatewayResponses_hasAllTypes(t *testing.T) {
	f := newFixture(t)
	output, err := f.gatewayResponse(nil)
	must(t, output, err)
	all, err := f.client.GetGatewayResponses(f.ctx, &apigateway.GetGatewayResponsesInput{RestApiId: f.apiId})
	found := map[types.GatewayResponseType]bool{}
	for _, item := range must(t, all, err).Items {
		found[item.ResponseType] = true
		if set := item.ResponseType == types.GatewayResponseTypeThrottled; item.DefaultResponse == set {
			t.Errorf("%s: defaultResponse %v", item.ResponseType, item.DefaultResponse)
		}
	}
	if want := types.GatewayResponseType("").Values(); len(found) != len(want) {
		t.Errorf("%d types, want %d", len(found), len(want))
	}
}
