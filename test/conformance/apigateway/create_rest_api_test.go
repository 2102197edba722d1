// Known from: guide create-api-using-awscli.md (defaults); the model; errors unconfirmed.

package apigateway

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func create(t *testing.T, c *apigateway.Client, in *apigateway.CreateRestApiInput) *apigateway.CreateRestApiOutput {
	t.Helper()
	created, err := c.CreateRestApi(context.Background(), in)
	must(t, created, err)
	t.Cleanup(func() {
		_, err := c.DeleteRestApi(context.Background(), &apigateway.DeleteRestApiInput{RestApiId: created.Id})
		if err != nil {
			t.Error(err)
		}
	})
	return created
}

func TestCreateRestApi_defaults(t *testing.T) {
	got := create(t, client(t), &apigateway.CreateRestApiInput{Name: aws.String("pets")})
	is(t, "name", got.Name, "pets")
	if len(*got.Id) != 10 || len(*got.RootResourceId) != 10 {
		t.Errorf("ids %q %q", *got.Id, *got.RootResourceId)
	}
	is(t, "apiKeySource", &got.ApiKeySource, types.ApiKeySourceTypeHeader)
	is(t, "endpointConfiguration.types", &got.EndpointConfiguration.Types[0], types.EndpointTypeEdge)
	is(t, "endpointConfiguration.ipAddressType", &got.EndpointConfiguration.IpAddressType, types.IpAddressTypeIpv4)
	if got.DisableExecuteApiEndpoint || got.CreatedDate == nil {
		t.Errorf("%v %v", got.DisableExecuteApiEndpoint, got.CreatedDate)
	}
}

func TestCreateRestApi_everyMember(t *testing.T) {
	got := create(t, client(t), &apigateway.CreateRestApiInput{
		Name: aws.String("pets"), Description: aws.String("d"), Version: aws.String("v"), BinaryMediaTypes: []string{"image/png", "*/*"},
		MinimumCompressionSize: aws.Int32(0), DisableExecuteApiEndpoint: true, Tags: map[string]string{"a": "b"},
		EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}, IpAddressType: types.IpAddressTypeDualstack},
	})
	is(t, "description", got.Description, "d")
	is(t, "version", got.Version, "v")
	is(t, "minimumCompressionSize", got.MinimumCompressionSize, 0)
	is(t, "endpointConfiguration.types", &got.EndpointConfiguration.Types[0], types.EndpointTypeRegional)
	if len(got.BinaryMediaTypes) != 2 || !got.DisableExecuteApiEndpoint || got.Tags["a"] != "b" {
		t.Errorf("%v %v %v", got.BinaryMediaTypes, got.DisableExecuteApiEndpoint, got.Tags)
	}
}

func TestCreateRestApi_customId(t *testing.T) {
	conformance.Ours(t)
	c := client(t)
	in := &apigateway.CreateRestApiInput{Name: aws.String("pinned"), Tags: map[string]string{"_custom_id_": "my-pets"}}
	is(t, "id", create(t, c, in).Id, "my-pets")
	_, err := c.CreateRestApi(context.Background(), in)
	refused(t, err, conflictCode, "Another API already has the id that the tag _custom_id_ asks for: my-pets")
	in.Tags["_custom_id_"] = "My.Pets"
	_, err = c.CreateRestApi(context.Background(), in)
	refused(t, err, badRequestCode, "The tag _custom_id_ must hold 1 to 63 lower-case letters, digits and inner hyphens, not: My.Pets")
}

func TestCreateRestApi_badInput(t *testing.T) {
	c := client(t)
	for _, row := range []struct {
		in      apigateway.CreateRestApiInput
		message string
	}{
		{apigateway.CreateRestApiInput{Name: aws.String(" ")}, "A name must be specified"},
		{apigateway.CreateRestApiInput{MinimumCompressionSize: aws.Int32(-1)}, "Invalid minimum compression size, must be between 0 and 10485760"},
		{apigateway.CreateRestApiInput{BinaryMediaTypes: []string{"png"}}, "Invalid binary media type specified"},
		{apigateway.CreateRestApiInput{Policy: aws.String("{")}, "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."},
		{
			apigateway.CreateRestApiInput{EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{"EDGE", "REGIONAL"}}},
			"An API must have exactly one endpoint configuration type",
		},
	} {
		if row.in.Name == nil {
			row.in.Name = aws.String("bad")
		}
		_, err := c.CreateRestApi(context.Background(), &row.in)
		refused(t, err, badRequestCode, row.message)
	}
}

// Known from: the service model; that stages are not copied is unconfirmed.
func TestCreateRestApi_cloneFrom(t *testing.T) {
	f := newFixture(t)
	source, err := f.imported(petsDefinition, nil)
	output, err2 := f.client.CreateRestApi(f.ctx, &apigateway.CreateRestApiInput{Name: aws.String("clone"), CloneFrom: must(t, source, err).Id})
	clone := must(t, output, err2)
	t.Cleanup(func() { _, _ = f.client.DeleteRestApi(f.ctx, &apigateway.DeleteRestApiInput{RestApiId: clone.Id}) })
	is(t, "name", clone.Name, "clone")
	is(t, "description", clone.Description, "All pets")
	method := f.resourceAt(clone.Id, "/pets/{id}").ResourceMethods["POST"]
	is(t, "uri", method.MethodIntegration.Uri, "http://backend.example/{id}")
	model, err := f.client.GetModel(f.ctx, &apigateway.GetModelInput{RestApiId: clone.Id, ModelName: aws.String("Pet"), Flatten: true})
	if schema := *must(t, model, err).Schema; strings.Contains(schema, *source.Id) {
		t.Errorf("the clone's model names the source: %s", schema)
	}
	_, err = f.client.CreateRestApi(f.ctx, &apigateway.CreateRestApiInput{Name: aws.String("clone"), CloneFrom: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
