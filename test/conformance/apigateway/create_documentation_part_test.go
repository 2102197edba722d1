// Known from: guide, api-gateway-documenting-api-quick-start-with-restapi.md and …-content-representation.md. The texts about locations are unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// documentation adds a part; properties are a description.
func (f *fixture) documentation(location types.DocumentationPartLocation, description string) *apigateway.CreateDocumentationPartOutput {
	f.Helper()
	output, err := f.client.CreateDocumentationPart(f.ctx, &apigateway.CreateDocumentationPartInput{
		RestApiId: f.apiId, Location: &location, Properties: aws.String(`{"description":"` + description + `"}`),
	})
	return must(f.T, output, err)
}

func TestCreateDocumentationPart_completesTheLocation(t *testing.T) {
	f := newFixture(t)
	api := f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, "the API")
	if api.Location.Path != nil || api.Location.Method != nil {
		t.Errorf("the API's location is %v", api.Location)
	}
	is(t, "properties", api.Properties, `{"description":"the API"}`)
	method := f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeMethod}, "every method")
	is(t, "path", method.Location.Path, "/")
	is(t, "method", method.Location.Method, "*")
	response := f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeResponse, Path: aws.String("/pets"), Method: aws.String("GET")}, "r")
	is(t, "statusCode", response.Location.StatusCode, "*")
}

func TestCreateDocumentationPart_refuses(t *testing.T) {
	f := newFixture(t)
	f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, "the API")
	for _, row := range []struct {
		location      types.DocumentationPartLocation
		properties    string
		code, message string
	}{
		{types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, "{}", conflictCode, "Documentation part already exists for the specified location: type 'API'."},
		{types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi, Path: aws.String("/")}, "{}", badRequestCode,
			"Invalid location specified: path is not valid for the type (type 'API', path '/')"},
		{types.DocumentationPartLocation{Type: types.DocumentationPartTypeRequestHeader}, "{}", badRequestCode,
			"Invalid location specified: name is required for the type (type 'REQUEST_HEADER')"},
		{types.DocumentationPartLocation{Type: types.DocumentationPartTypeResource}, "[]", badRequestCode, "Documentation part properties must be a JSON object"},
	} {
		_, err := f.client.CreateDocumentationPart(f.ctx, &apigateway.CreateDocumentationPartInput{RestApiId: f.apiId, Location: &row.location, Properties: &row.properties})
		refused(t, err, row.code, row.message)
	}
	_, err := f.client.CreateDocumentationPart(f.ctx, &apigateway.CreateDocumentationPartInput{
		RestApiId: aws.String(missingId), Location: &types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, Properties: aws.String("{}"),
	})
	refused(t, err, notFoundCode, messageApi)
}
