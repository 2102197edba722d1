// Known from: API reference, patch operations; guide rest-api-disable-default-endpoint.md ('True'); Terraform's provider (null minimumCompressionSize, types/0).

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateRestApi_everyPath(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: []types.PatchOperation{
		op(types.OpReplace, "/name", "renamed"),
		op(types.OpReplace, "/description", "d"),
		op(types.OpReplace, "/apiKeySource", "HEADER"),
		op(types.OpAdd, "/binaryMediaTypes/image~1png", "-"),
		op(types.OpAdd, "/binaryMediaTypes/image~1gif", "-"),
		op(types.OpRemove, "/binaryMediaTypes/image~1png", "-"),
		op(types.OpReplace, "/disableExecuteApiEndpoint", "True"),
		op(types.OpReplace, "/endpointConfiguration/types/0", "REGIONAL"),
		op(types.OpReplace, "/endpointConfiguration/ipAddressType", "dualstack"),
		op(types.OpReplace, "/minimumCompressionSize", "1024"),
	}})
	got := must(t, output, err)
	is(t, "name", got.Name, "renamed")
	is(t, "description", got.Description, "d")
	is(t, "minimumCompressionSize", got.MinimumCompressionSize, 1024)
	is(t, "types", &got.EndpointConfiguration.Types[0], types.EndpointTypeRegional)
	is(t, "ipAddressType", &got.EndpointConfiguration.IpAddressType, types.IpAddressTypeDualstack)
	if !got.DisableExecuteApiEndpoint || len(got.BinaryMediaTypes) != 1 || got.BinaryMediaTypes[0] != "image/gif" {
		t.Errorf("%v %v", got.DisableExecuteApiEndpoint, got.BinaryMediaTypes)
	}
	output, err = f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: []types.PatchOperation{op(types.OpRemove, "/description", "-")}})
	if got := must(t, output, err); got.Description != nil {
		t.Errorf("the description is still %q", *got.Description)
	}
}

func TestUpdateRestApi_nullMinimumCompressionSize(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: replace("/minimumCompressionSize", "0")})
	must(t, 0, err)
	output, err := f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: replace("/minimumCompressionSize", "-")})
	if got := must(t, output, err).MinimumCompressionSize; got != nil {
		t.Errorf("compression is still on at %d bytes", *got)
	}
}

func TestUpdateRestApi_policyIsExpandedAndEscaped(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: replace("/policy",
		`{ "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}`)})
	got := accountPattern.ReplaceAllString(aws.ToString(must(t, output, err).Policy), "{account}")
	want := `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"arn:aws:execute-api:us-east-1:{account}:` + *f.apiId + `\/*\"}]}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	output, err = f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: replace("/policy", "")})
	if got := must(t, output, err).Policy; got != nil {
		t.Errorf("the policy is still %s", *got)
	}
}

func TestUpdateRestApi_refusedPatchChangesNothing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.UpdateRestApi(f.ctx, &apigateway.UpdateRestApiInput{RestApiId: f.apiId, PatchOperations: []types.PatchOperation{
		op(types.OpReplace, "/description", "half"), op(types.OpReplace, "/minimumCompressionSize", "-1"),
	}})
	refused(t, err, badRequestCode, "Invalid minimum compression size, must be between 0 and 10485760")
	output, err := f.client.GetRestApi(f.ctx, &apigateway.GetRestApiInput{RestApiId: f.apiId})
	if got := must(t, output, err).Description; got != nil {
		t.Errorf("the description is %q", *got)
	}
}

func TestUpdateRestApi_missing(t *testing.T) {
	_, err := client(t).UpdateRestApi(context.Background(), &apigateway.UpdateRestApiInput{RestApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
