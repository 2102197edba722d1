// Known from: guide, api-gateway-documenting-api-quick-start-publishing.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetDocumentationVersions(t *testing.T) {
	f := newFixture(t)
	f.documentationVersion("1.0.0", "")
	f.documentationVersion("1.1.0", "")
	output, err := f.client.GetDocumentationVersions(f.ctx, &apigateway.GetDocumentationVersionsInput{RestApiId: f.apiId})
	if got := must(t, output, err).Items; len(got) != 2 || *got[0].Version != "1.0.0" {
		t.Errorf("%v", got)
	}
	_, err = f.client.GetDocumentationVersions(f.ctx, &apigateway.GetDocumentationVersionsInput{RestApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
