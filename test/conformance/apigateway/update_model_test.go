// Known from: API reference, patch operations; AWS command line's update-model example.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateModel(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.UpdateModelInput{RestApiId: f.apiId, ModelName: aws.String("Empty"), PatchOperations: []types.PatchOperation{
		op(types.OpReplace, "/description", "new"), op(types.OpReplace, "/schema", `{"type":"object"}`),
	}}
	output, err := f.client.UpdateModel(f.ctx, in)
	got := must(t, output, err)
	is(t, "description", got.Description, "new")
	is(t, "schema", got.Schema, `{"type":"object"}`)
	in.PatchOperations = replace("/schema", "{")
	_, err = f.client.UpdateModel(f.ctx, in)
	refused(t, err, badRequestCode, "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]")
	in.PatchOperations = replace("/name", "x")
	_, err = f.client.UpdateModel(f.ctx, in)
	refused(t, err, badRequestCode, "Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]")
}
