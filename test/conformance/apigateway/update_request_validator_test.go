// Known from: API reference, patch operations.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateRequestValidator(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.UpdateRequestValidatorInput{RestApiId: f.apiId, RequestValidatorId: f.validator("v").Id, PatchOperations: []types.PatchOperation{
		op(types.OpReplace, "/name", "w"), op(types.OpReplace, "/validateRequestBody", "false"), op(types.OpReplace, "/validateRequestParameters", "true"),
	}}
	output, err := f.client.UpdateRequestValidator(f.ctx, in)
	got := must(t, output, err)
	is(t, "name", got.Name, "w")
	if got.ValidateRequestBody || !got.ValidateRequestParameters {
		t.Errorf("%+v", got)
	}
	in.RequestValidatorId = aws.String("zzzzzz")
	_, err = f.client.UpdateRequestValidator(f.ctx, in)
	refused(t, err, notFoundCode, messageValidator)
}
