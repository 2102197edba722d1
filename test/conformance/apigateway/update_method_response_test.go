// Known from: API reference, patch operations; the model (status 201).

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateMethodResponse_everyPath(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.methodResponse(f.rootId, map[string]bool{"method.response.header.Old": false})
	in := &apigateway.UpdateMethodResponseInput{
		RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"),
		PatchOperations: []types.PatchOperation{
			op(types.OpRemove, "/responseParameters/method.response.header.Old", "-"),
			op(types.OpAdd, "/responseParameters/method.response.header.New", "false"),
			op(types.OpAdd, "/responseModels/application~1json", "Error"),
		},
	}
	output, err := f.client.UpdateMethodResponse(f.ctx, in)
	got := must(t, output, err)
	if _, ok := got.ResponseParameters["method.response.header.New"]; !ok || len(got.ResponseParameters) != 1 || got.ResponseModels["application/json"] != "Error" {
		t.Errorf("%v %v", got.ResponseParameters, got.ResponseModels)
	}
	in.PatchOperations = replace("/statusCode", "201")
	_, err = f.client.UpdateMethodResponse(f.ctx, in)
	refused(t, err, badRequestCode, "Invalid patch path  '/statusCode' specified for op 'replace'. Must be one of: [/responseModels/{content_type}, /responseParameters/{parameter}]")
	in.StatusCode = aws.String("404")
	_, err = f.client.UpdateMethodResponse(f.ctx, in)
	refused(t, err, notFoundCode, messageStatusCode)
}
