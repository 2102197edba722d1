// Known from: API reference, patch operations; AWS command line's update-method example.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func (f *fixture) patchMethod(operations ...types.PatchOperation) (*apigateway.UpdateMethodOutput, error) {
	return f.client.UpdateMethod(f.ctx, &apigateway.UpdateMethodInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), PatchOperations: operations})
}

func TestUpdateMethod_everyPath(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, map[string]bool{"method.request.querystring.old": false})
	validator, err := f.client.CreateRequestValidator(f.ctx, &apigateway.CreateRequestValidatorInput{RestApiId: f.apiId, Name: aws.String("v")})
	must(t, validator, err)
	output, err := f.patchMethod(
		op(types.OpReplace, "/authorizationType", "NONE"),
		op(types.OpReplace, "/apiKeyRequired", "false"),
		op(types.OpReplace, "/operationName", "list"),
		op(types.OpAdd, "/requestModels/application~1json", "Error"),
		op(types.OpRemove, "/requestParameters/method.request.querystring.old", "-"),
		op(types.OpAdd, "/requestParameters/method.request.querystring.new", "true"),
		op(types.OpReplace, "/requestValidatorId", *validator.Id),
	)
	got := must(t, output, err)
	is(t, "operationName", got.OperationName, "list")
	is(t, "requestValidatorId", got.RequestValidatorId, *validator.Id)
	if len(got.RequestParameters) != 1 || !got.RequestParameters["method.request.querystring.new"] || got.RequestModels["application/json"] != "Error" {
		t.Errorf("%v %v", got.RequestParameters, got.RequestModels)
	}
}

func TestUpdateMethod_refuses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	_, err := f.patchMethod(op(types.OpReplace, "/httpMethod", "POST"))
	refused(t, err, badRequestCode, "Invalid patch path  '/httpMethod' specified for op 'replace'. Must be one of: [/apiKeyRequired, /authorizationType, /authorizerId, /operationName, /requestModels/{content_type}, /requestParameters/{parameter}, /requestValidatorId]")
	_, err = f.patchMethod(op(types.OpReplace, "/requestValidatorId", "zzzzzz"))
	refused(t, err, badRequestCode, messageValidator)
}

func TestUpdateMethod_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.patchMethod()
	refused(t, err, notFoundCode, messageMethod)
}
