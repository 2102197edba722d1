// Known from: guide, api-gateway-documenting-api-quick-start-publishing.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

const messageDocumentationVersion = "Invalid Documentation version identifier specified"

func TestGetDocumentationVersion(t *testing.T) {
	f := newFixture(t)
	f.documentationVersion("1.0.0", "")
	output, err := f.client.GetDocumentationVersion(f.ctx, &apigateway.GetDocumentationVersionInput{RestApiId: f.apiId, DocumentationVersion: aws.String("1.0.0")})
	is(t, "version", must(t, output, err).Version, "1.0.0")
	_, err = f.client.GetDocumentationVersion(f.ctx, &apigateway.GetDocumentationVersionInput{RestApiId: f.apiId, DocumentationVersion: aws.String("none")})
	refused(t, err, notFoundCode, messageDocumentationVersion)
}
