// Known from: guide, api-gateway-import-api-update.md. Which settings an overwrite resets is in part unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// methodsDefinition has GET and POST of /a, and what GET answers.
func methodsDefinition(title, codes string) string {
	return `{"swagger": "2.0", "info": {"title": "` + title + `", "version": "1"}, "paths": {"/a": {"get": {"responses": {` + codes +
		`}, "x-amazon-apigateway-integration": {"type": "mock"}}}}}`
}

func (f *fixture) put(mode types.PutMode, definition string) (*apigateway.PutRestApiOutput, error) {
	return f.client.PutRestApi(f.ctx, &apigateway.PutRestApiInput{RestApiId: f.apiId, Mode: mode, Body: []byte(definition)})
}

func TestPutRestApi_merges(t *testing.T) {
	f := newFixture(t)
	a := f.resource(f.rootId, "a")
	f.method(a, nil)
	f.methodResponse(a, nil)
	b := f.resource(f.rootId, "b")
	f.method(b, nil)
	output, err := f.put("", methodsDefinition("merged", `"201": {"description": ""}, "400": {"description": ""}`))
	is(t, "name", must(t, output, err).Name, "merged")
	merged := f.resourceAt(f.apiId, "/a")
	is(t, "id", merged.Id, *a)
	responses := merged.ResourceMethods["GET"].MethodResponses
	if _, old := responses["200"]; old || len(responses) != 2 {
		t.Errorf("the method's responses are %v", responses)
	}
	if _, ok := f.resourceAt(f.apiId, "/b").ResourceMethods["GET"]; !ok {
		t.Error("a method that the definition does not have is gone")
	}
}

func TestPutRestApi_overwrites(t *testing.T) {
	f := newFixture(t)
	deploymentId := f.deploy("prod")
	a := f.resource(f.rootId, "a")
	f.resource(f.rootId, "b")
	_, err := f.model("Pet", "{}")
	if err != nil {
		t.Fatal(err)
	}
	patched, err := f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: []types.PatchOperation{
		op(types.OpReplace, "/description", "old"), op(types.OpAdd, "/binaryMediaTypes/image~1png", "-"),
	}})
	must(t, patched, err)
	output, err := f.put(types.PutModeOverwrite, methodsDefinition("new", `"200": {"description": ""}`))
	put := must(t, output, err)
	is(t, "rootResourceId", put.RootResourceId, *f.rootId)
	if put.Description != nil || len(put.BinaryMediaTypes) > 0 {
		t.Errorf("settings %v %v are left", put.Description, put.BinaryMediaTypes)
	}
	is(t, "id of /a", f.resourceAt(f.apiId, "/a").Id, *a)
	all, err := f.client.GetResources(f.ctx, &apigateway.GetResourcesInput{RestApiId: f.apiId})
	if got := len(must(t, all, err).Items); got != 2 {
		t.Errorf("%d resources", got)
	}
	_, err = f.client.GetModel(f.ctx, &apigateway.GetModelInput{RestApiId: f.apiId, ModelName: aws.String("Pet")})
	refused(t, err, notFoundCode, "Invalid model name specified: Pet")
	stage, err := f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	is(t, "deploymentId", must(t, stage, err).DeploymentId, *deploymentId)
}

func TestPutRestApi_refuses(t *testing.T) {
	f := newFixture(t)
	f.resource(f.rootId, "b")
	for _, mode := range []types.PutMode{types.PutModeMerge, types.PutModeOverwrite} {
		_, err := f.put(mode, `{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"x-amazon-apigateway-request-validator": "none"}}}}`)
		refused(t, err, badRequestCode, "Errors found during import:\n\tUnable to put method 'GET' on resource at path '/a': "+messageValidator)
	}
	f.resourceAt(f.apiId, "/b")
	_, err := f.client.PutRestApi(f.ctx, &apigateway.PutRestApiInput{RestApiId: aws.String(missingId), Body: []byte(methodsDefinition("t", ""))})
	refused(t, err, notFoundCode, messageApi)
	_, err = f.client.PutRestApi(f.ctx, &apigateway.PutRestApiInput{
		RestApiId: f.apiId, Body: []byte(methodsDefinition("t", "")), Parameters: map[string]string{"endpointConfigurationTypes": "PRIVATE"},
	})
	refused(t, err, badRequestCode, "The endpoint configuration of an API cannot be changed by an import")
}
