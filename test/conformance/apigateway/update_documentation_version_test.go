// Known from: guide, api-gateway-documenting-api-quick-start-publishing.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestUpdateDocumentationVersion(t *testing.T) {
	f := newFixture(t)
	f.documentationVersion("1.0.0", "")
	output, err := f.client.UpdateDocumentationVersion(f.ctx, &apigateway.UpdateDocumentationVersionInput{
		RestApiId: f.apiId, DocumentationVersion: aws.String("1.0.0"), PatchOperations: replace("/description", "new"),
	})
	is(t, "description", must(t, output, err).Description, "new")
	_, err = f.client.UpdateDocumentationVersion(f.ctx, &apigateway.UpdateDocumentationVersionInput{
		RestApiId: f.apiId, DocumentationVersion: aws.String("none"), PatchOperations: replace("/description", "new"),
	})
	refused(t, err, notFoundCode, messageDocumentationVersion)
}
