// Known from: guide, api-gateway-import-api.md and …-errors-warnings.md; the text about an integration is observed.

package apigateway

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// petsDefinition has one of everything that needs no function.
const petsDefinition = `{
  "swagger": "2.0", "info": {"title": "pets", "description": "All pets", "version": "7"}, "basePath": "/a/b",
  "x-amazon-apigateway-binary-media-types": ["image/png"],
  "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true, "validateRequestParameters": true}},
  "x-amazon-apigateway-request-validator": "all",
  "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.A": "'b'"}}},
  "paths": {
    "/pets/{id}": {
      "post": {
        "consumes": ["application/json"],
        "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"}, {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}],
        "responses": {"200": {"description": "good", "schema": {"$ref": "#/definitions/Pet"}}, "404": {"description": "no such pet"}},
        "x-amazon-apigateway-integration": {
          "type": "http", "httpMethod": "GET", "uri": "http://backend.example/{id}", "requestParameters": {"integration.request.path.id": "method.request.path.id"},
          "responses": {"default": {"statusCode": "200"}, "4\\d{2}": {"statusCode": "404", "responseTemplates": {"application/json": "{}"}}}
        }
      }
    }
  },
  "definitions": {"Pet": {"type": "object", "properties": {"owner": {"$ref": "#/definitions/Owner"}}}, "Owner": {"type": "object"}}
}`

// imported imports a definition; the API goes when the test ends.
func (f *fixture) imported(definition string, parameters map[string]string) (*apigateway.ImportRestApiOutput, error) {
	f.Helper()
	output, err := f.client.ImportRestApi(f.ctx, &apigateway.ImportRestApiInput{Body: []byte(definition), Parameters: parameters})
	if err == nil {
		f.Cleanup(func() {
			_, err := f.client.DeleteRestApi(f.ctx, &apigateway.DeleteRestApiInput{RestApiId: output.Id})
			if err != nil {
				f.Errorf("deleting the API: %v", err)
			}
		})
	}
	return output, err
}

// resourceAt finds a resource by its path.
func (f *fixture) resourceAt(restApiId *string, path string) *types.Resource {
	f.Helper()
	output, err := f.client.GetResources(f.ctx, &apigateway.GetResourcesInput{RestApiId: restApiId, Embed: []string{"methods"}, Limit: aws.Int32(500)})
	for _, resource := range must(f.T, output, err).Items {
		if *resource.Path == path {
			return &resource
		}
	}
	f.Errorf("there is no resource %s", path)
	return &types.Resource{}
}

func TestImportRestApi(t *testing.T) {
	f := newFixture(t)
	output, err := f.imported(petsDefinition, map[string]string{"endpointConfigurationTypes": "REGIONAL", "basepath": "prepend"})
	created := must(t, output, err)
	is(t, "name", created.Name, "pets")
	is(t, "description", created.Description, "All pets")
	is(t, "version", created.Version, "7")
	if types := created.EndpointConfiguration.Types; len(types) != 1 || types[0] != "REGIONAL" {
		t.Errorf("endpoint %v", types)
	}
	if len(created.Warnings) > 0 {
		t.Errorf("warnings %v", created.Warnings)
	}
	f.resourceAt(created.Id, "/a/b/pets")
	method := f.resourceAt(created.Id, "/a/b/pets/{id}").ResourceMethods["POST"]
	is(t, "request model", aws.String(method.RequestModels["application/json"]), "Pet")
	if required, ok := method.RequestParameters["method.request.path.id"]; !ok || !required {
		t.Errorf("parameters %v", method.RequestParameters)
	}
	integration := method.MethodIntegration
	is(t, "passthroughBehavior", integration.PassthroughBehavior, "WHEN_NO_MATCH")
	is(t, "selectionPattern", integration.IntegrationResponses["404"].SelectionPattern, `4\d{2}`)
	if pattern := integration.IntegrationResponses["200"].SelectionPattern; pattern != nil {
		t.Errorf("the default response has the pattern %q", *pattern)
	}
	validators, err := f.client.GetRequestValidators(f.ctx, &apigateway.GetRequestValidatorsInput{RestApiId: created.Id})
	if items := must(t, validators, err).Items; len(items) != 1 || *items[0].Id != *method.RequestValidatorId || *items[0].Name != "all" {
		t.Errorf("validators %v, the method's is %v", items, method.RequestValidatorId)
	}
	model, err := f.client.GetModel(f.ctx, &apigateway.GetModelInput{RestApiId: created.Id, ModelName: aws.String("Pet")})
	if schema := *must(t, model, err).Schema; !strings.Contains(schema, "https://apigateway.amazonaws.com/restapis/"+*created.Id+"/models/Owner") {
		t.Errorf("schema %s", schema)
	}
	response, err := f.client.GetGatewayResponse(f.ctx, &apigateway.GetGatewayResponseInput{RestApiId: created.Id, ResponseType: types.GatewayResponseTypeDefault4xx})
	is(t, "gateway response", aws.String(must(t, response, err).ResponseParameters["gatewayresponse.header.A"]), "'b'")
	parts, err := f.client.GetDocumentationParts(f.ctx, &apigateway.GetDocumentationPartsInput{RestApiId: created.Id, Type: types.DocumentationPartTypeResponse})
	if got := len(must(t, parts, err).Items); got != 2 {
		t.Errorf("%d documented responses", got)
	}
}

func TestImportRestApi_ignoresDocumentation(t *testing.T) {
	f := newFixture(t)
	output, err := f.imported(petsDefinition, map[string]string{"ignore": "documentation"})
	parts, err2 := f.client.GetDocumentationParts(f.ctx, &apigateway.GetDocumentationPartsInput{RestApiId: must(t, output, err).Id})
	if got := len(must(t, parts, err2).Items); got != 0 {
		t.Errorf("%d parts", got)
	}
}

func TestImportRestApi_refusesAsAWhole(t *testing.T) {
	f := newFixture(t)
	before, err := f.client.GetRestApis(f.ctx, &apigateway.GetRestApisInput{Limit: aws.Int32(500)})
	count := len(must(t, before, err).Items)
	_, err = f.imported(`{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {
		"/": {"get": {"x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "nowhere"}}},
		"/{proxy+}": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "ANY", "uri": "nowhere"}}}}}`, nil)
	refused(t, err, badRequestCode, "Errors found during import:\n\tUnable to put integration on 'GET' for resource at path '/': Invalid HTTP endpoint specified for URI"+
		"\n\tUnable to put integration on 'ANY' for resource at path '/{proxy+}': Invalid HTTP endpoint specified for URI")
	after, err := f.client.GetRestApis(f.ctx, &apigateway.GetRestApisInput{Limit: aws.Int32(500)})
	if got := len(must(t, after, err).Items); got != count {
		t.Errorf("%d APIs after an import that failed, %d before", got, count)
	}
	_, err = f.imported(`{"swagger": "2.0"`, nil)
	refused(t, err, badRequestCode, "Errors found during import:\n\tUnable to parse the API definition: EOF")
	_, err = f.imported(petsDefinition, map[string]string{"basepath": "join"})
	refused(t, err, badRequestCode, "Invalid parameter specified: basepath=join")
}

// The guide's sample (api-gateway-request-validation-sample-api-swagger.md) maps headers of a
// response that its method does not declare.
func TestImportRestApi_undeclaredMethodResponse(t *testing.T) {
	f := newFixture(t)
	definition := strings.Replace(petsDefinition, `"default": {"statusCode": "200"}`,
		`"default": {"statusCode": "400", "responseParameters": {"method.response.header.x": "'static value'"}}`, 1)
	output, err := f.imported(definition, nil)
	if got := must(t, output, err); len(got.Warnings) != 0 {
		t.Errorf("%v", got.Warnings)
	}
	_, err = f.imported(strings.Replace(definition, `"statusCode": "400"`, `"statusCode": "200"`, 1), nil)
	if err == nil || !strings.Contains(err.Error(), "Invalid mapping expression parameter specified: method.response.header.x") {
		t.Errorf("a response that declares no header: %v", err)
	}
}

func TestImportRestApi_warnings(t *testing.T) {
	f := newFixture(t)
	definition := `{"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/": {"get": {
		"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/None"}}}},
		"x-amazon-apigateway-integration": {"type": "mock"}}}}}`
	const warning = "Reference to model 'None' not found. Ignoring."
	output, err := f.imported(definition, nil)
	if warnings := must(t, output, err).Warnings; len(warnings) != 1 || warnings[0] != warning {
		t.Errorf("warnings %v", warnings)
	}
	_, err = f.client.ImportRestApi(f.ctx, &apigateway.ImportRestApiInput{Body: []byte(definition), FailOnWarnings: true})
	refused(t, err, badRequestCode, "Warnings found during import:\n\t"+warning)
}
