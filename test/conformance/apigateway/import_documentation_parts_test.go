// Known from: guide, api-gateway-documenting-api-quick-start-import-export.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func (f *fixture) importDocumentation(mode types.PutMode, parts string) (*apigateway.ImportDocumentationPartsOutput, error) {
	return f.client.ImportDocumentationParts(f.ctx, &apigateway.ImportDocumentationPartsInput{
		RestApiId: f.apiId, Mode: mode, Body: []byte(`{"swagger": "2.0", "info": {"title": "doc", "version": "1", "description": "not a part"}, "paths": {},
			"x-amazon-apigateway-documentation": {"version": "1.0.3", "documentationParts": [` + parts + `]}}`),
	})
}

func TestImportDocumentationParts_modes(t *testing.T) {
	f := newFixture(t)
	api := f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, "the API")
	f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeResource}, "the root")
	const parts = `{"location": {"type": "API"}, "properties": {"tags": ["a"]}}, {"location": {"type": "METHOD", "method": "GET"}, "properties": {"summary": "s"}}`
	output, err := f.importDocumentation(types.PutModeMerge, parts)
	if ids := must(t, output, err).Ids; len(ids) != 2 || ids[0] != *api.Id {
		t.Errorf("ids %v, the API's part was %s", ids, *api.Id)
	}
	merged, err := f.client.GetDocumentationPart(f.ctx, &apigateway.GetDocumentationPartInput{RestApiId: f.apiId, DocumentationPartId: api.Id})
	is(t, "properties", must(t, merged, err).Properties, "{\n  \"description\" : \"the API\",\n  \"tags\" : [\n    \"a\"\n  ]\n}")
	for _, row := range []struct {
		mode types.PutMode
		want int
	}{{types.PutModeMerge, 3}, {types.PutModeOverwrite, 2}} {
		output, err := f.importDocumentation(row.mode, parts)
		must(t, output, err)
		all, err := f.client.GetDocumentationParts(f.ctx, &apigateway.GetDocumentationPartsInput{RestApiId: f.apiId})
		if got := len(must(t, all, err).Items); got != row.want {
			t.Errorf("%d parts after %s, want %d", got, row.mode, row.want)
		}
	}
}

func TestImportDocumentationParts_refuses(t *testing.T) {
	f := newFixture(t)
	_, err := f.importDocumentation(types.PutModeOverwrite, `{"location": {"type": "PLANET"}, "properties": {}}`)
	refused(t, err, badRequestCode, "Errors found during import:\n\tUnable to create documentation part: there is no type 'PLANET'")
	f.apiId = aws.String(missingId)
	_, err = f.importDocumentation(types.PutModeMerge, "")
	refused(t, err, notFoundCode, messageApi)
}
