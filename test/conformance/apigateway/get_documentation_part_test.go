// Known from: guide, api-gateway-documenting-api-quick-start-with-restapi.md and …-content-representation.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const messageDocumentationPart = "Invalid Documentation part identifier specified"

func TestGetDocumentationPart(t *testing.T) {
	f := newFixture(t)
	created := f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeModel, Name: aws.String("Pet")}, "a pet")
	output, err := f.client.GetDocumentationPart(f.ctx, &apigateway.GetDocumentationPartInput{RestApiId: f.apiId, DocumentationPartId: created.Id})
	is(t, "name", must(t, output, err).Location.Name, "Pet")
	_, err = f.client.GetDocumentationPart(f.ctx, &apigateway.GetDocumentationPartInput{RestApiId: f.apiId, DocumentationPartId: aws.String("none")})
	refused(t, err, notFoundCode, messageDocumentationPart)
}
