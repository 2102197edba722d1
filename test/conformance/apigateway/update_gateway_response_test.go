// Known from: API reference, patch operations; guide set-up-gateway-response-using-the-api.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateGatewayResponse_ofTheDefault(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.UpdateGatewayResponseInput{
		RestApiId: f.apiId, ResponseType: types.GatewayResponseTypeDefault4xx, PatchOperations: []types.PatchOperation{
			op(types.OpReplace, "/statusCode", "418"),
			op(types.OpAdd, "/responseParameters/gatewayresponse.header.X", "'y'"),
			op(types.OpAdd, "/responseTemplates/text~1plain", "no"),
		},
	}
	output, err := f.client.UpdateGatewayResponse(f.ctx, in)
	got := must(t, output, err)
	is(t, "statusCode", got.StatusCode, "418")
	if got.DefaultResponse || len(got.ResponseTemplates) != 2 || got.ResponseParameters["gatewayresponse.header.X"] != "'y'" {
		t.Errorf("%+v", got)
	}
	in.PatchOperations = replace("/responseType", "x")
	_, err = f.client.UpdateGatewayResponse(f.ctx, in)
	refused(t, err, badRequestCode, "Invalid patch path  '/responseType' specified for op 'replace'. Must be one of: [/responseParameters/{parameter}, /responseTemplates/{content_type}, /statusCode]")
}
