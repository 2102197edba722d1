// Known from: API reference, patch operations; AWS command line's update-integration-response example.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateIntegrationResponse_everyPath(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	f.methodResponse(f.rootId, map[string]bool{"method.response.header.X": false})
	f.integrationResponse(f.rootId)
	in := &apigateway.UpdateIntegrationResponseInput{
		RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"),
		PatchOperations: []types.PatchOperation{
			op(types.OpReplace, "/selectionPattern", "2.."), op(types.OpReplace, "/contentHandling", "CONVERT_TO_BINARY"),
			op(types.OpAdd, "/responseParameters/method.response.header.X", "'*'"), op(types.OpAdd, "/responseTemplates/text~1plain", "x"),
		},
	}
	output, err := f.client.UpdateIntegrationResponse(f.ctx, in)
	got := must(t, output, err)
	is(t, "selectionPattern", got.SelectionPattern, "2..")
	is(t, "contentHandling", &got.ContentHandling, types.ContentHandlingStrategyConvertToBinary)
	if got.ResponseParameters["method.response.header.X"] != "'*'" || got.ResponseTemplates["text/plain"] != "x" {
		t.Errorf("%v %v", got.ResponseParameters, got.ResponseTemplates)
	}
	in.PatchOperations = replace("/statusCode", "201")
	_, err = f.client.UpdateIntegrationResponse(f.ctx, in)
	refused(t, err, badRequestCode, "Invalid patch path  '/statusCode' specified for op 'replace'. Must be one of: [/contentHandling, /responseParameters/{parameter}, /responseTemplates/{content_type}, /selectionPattern]")
}
