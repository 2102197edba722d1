// Known from: API reference, patch operations.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateApiKey(t *testing.T) {
	f := newFixture(t)
	created := apiKey(t, f, &apigateway.CreateApiKeyInput{Name: aws.String("n")})
	f.deploy("prod")
	output, err := f.client.UpdateApiKey(f.ctx, &apigateway.UpdateApiKeyInput{ApiKey: created.Id, PatchOperations: []types.PatchOperation{
		op(types.OpReplace, "/name", "m"), op(types.OpReplace, "/description", "d"), op(types.OpReplace, "/enabled", "true"),
		op(types.OpReplace, "/customerId", "c"), op(types.OpAdd, "/stages", *f.apiId+"/prod"),
	}})
	got := must(t, output, err)
	is(t, "name", got.Name, "m")
	is(t, "description", got.Description, "d")
	is(t, "customerId", got.CustomerId, "c")
	is(t, "enabled", &got.Enabled, true)
	if len(got.StageKeys) != 1 || got.StageKeys[0] != *f.apiId+"/prod" {
		t.Errorf("stageKeys %v", got.StageKeys)
	}
	output, err = f.client.UpdateApiKey(f.ctx, &apigateway.UpdateApiKeyInput{ApiKey: created.Id, PatchOperations: []types.PatchOperation{op(types.OpRemove, "/stages", *f.apiId+"/prod")}})
	if got := must(t, output, err); len(got.StageKeys) != 0 {
		t.Errorf("stageKeys %v", got.StageKeys)
	}
}

func TestUpdateApiKey_refuses(t *testing.T) {
	f := newFixture(t)
	created := apiKey(t, f, &apigateway.CreateApiKeyInput{})
	_, err := f.client.UpdateApiKey(f.ctx, &apigateway.UpdateApiKeyInput{ApiKey: created.Id, PatchOperations: replace("/value", "x")})
	refused(t, err, badRequestCode, "Invalid patch path  '/value' specified for op 'replace'. Must be one of: [/customerId, /description, /enabled, /name]")
	_, err = f.client.UpdateApiKey(f.ctx, &apigateway.UpdateApiKeyInput{ApiKey: aws.String(missingId), PatchOperations: replace("/name", "x")})
	refused(t, err, notFoundCode, messageApiKey)
}
