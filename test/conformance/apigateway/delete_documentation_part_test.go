// Known from: the service model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestDeleteDocumentationPart(t *testing.T) {
	f := newFixture(t)
	created := f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, "a")
	in := &apigateway.DeleteDocumentationPartInput{RestApiId: f.apiId, DocumentationPartId: created.Id}
	output, err := f.client.DeleteDocumentationPart(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteDocumentationPart(f.ctx, in)
	refused(t, err, notFoundCode, messageDocumentationPart)
	_, err = f.client.DeleteDocumentationPart(f.ctx, &apigateway.DeleteDocumentationPartInput{RestApiId: aws.String(missingId), DocumentationPartId: created.Id})
	refused(t, err, notFoundCode, messageApi)
}
