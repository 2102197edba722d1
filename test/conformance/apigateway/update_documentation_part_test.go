// Known from: guide, api-gateway-documenting-api-quick-start-with-restapi.md and …-content-representation.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateDocumentationPart(t *testing.T) {
	f := newFixture(t)
	created := f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, "a")
	output, err := f.client.UpdateDocumentationPart(f.ctx, &apigateway.UpdateDocumentationPartInput{
		RestApiId: f.apiId, DocumentationPartId: created.Id, PatchOperations: replace("/properties", `{"tags":["pets"]}`),
	})
	is(t, "properties", must(t, output, err).Properties, `{"tags":["pets"]}`)
	_, err = f.client.UpdateDocumentationPart(f.ctx, &apigateway.UpdateDocumentationPartInput{
		RestApiId: f.apiId, DocumentationPartId: aws.String("none"), PatchOperations: replace("/properties", "{}"),
	})
	refused(t, err, notFoundCode, messageDocumentationPart)
}
