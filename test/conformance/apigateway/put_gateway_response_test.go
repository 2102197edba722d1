// Known from: guide set-up-gateway-response-using-the-api.md; the error observed; the template that nobody gave is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func (f *fixture) gatewayResponse(parameters map[string]string) (*apigateway.PutGatewayResponseOutput, error) {
	return f.client.PutGatewayResponse(f.ctx, &apigateway.PutGatewayResponseInput{
		RestApiId: f.apiId, ResponseType: types.GatewayResponseTypeThrottled, ResponseParameters: parameters,
	})
}

func TestPutGatewayResponse(t *testing.T) {
	f := newFixture(t)
	output, err := f.gatewayResponse(map[string]string{
		"gatewayresponse.header.A": "'*'", "gatewayresponse.header.B": "method.request.header.Origin", "gatewayresponse.header.C": "context.requestId",
	})
	got := must(t, output, err)
	is(t, "statusCode", got.StatusCode, "429")
	if got.DefaultResponse || len(got.ResponseParameters) != 3 || got.ResponseTemplates["application/json"] != `{"message":$context.error.messageString}` {
		t.Errorf("%+v", got)
	}
}

func TestPutGatewayResponse_refuses(t *testing.T) {
	f := newFixture(t)
	_, err := f.gatewayResponse(map[string]string{"gatewayresponse.header.A": "test-value"})
	refused(t, err, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: test-value]")
	_, err = f.gatewayResponse(map[string]string{"method.response.header.A": "'x'"})
	refused(t, err, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.A]")
}
