// Known from: the model; the refusal of one in use is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestDeleteRequestValidator_inUse(t *testing.T) {
	f := newFixture(t)
	id := f.validator("v").Id
	f.method(f.rootId, nil)
	output, err := f.patchMethod(op(types.OpReplace, "/requestValidatorId", *id))
	must(t, output, err)
	in := &apigateway.DeleteRequestValidatorInput{RestApiId: f.apiId, RequestValidatorId: id}
	_, err = f.client.DeleteRequestValidator(f.ctx, in)
	refused(t, err, conflictCode, "Cannot delete request validator '"+*id+"', is referenced in method request: /GET")
	output, err = f.patchMethod(op(types.OpReplace, "/requestValidatorId", ""))
	must(t, output, err)
	_, err = f.client.DeleteRequestValidator(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteRequestValidator(f.ctx, in)
	refused(t, err, notFoundCode, messageValidator)
}
