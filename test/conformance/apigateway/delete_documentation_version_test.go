// Known from: the service model. That a stage keeps its version is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteDocumentationVersion(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	f.documentationVersion("1.0.0", "prod")
	f.documentationVersion("1.1.0", "")
	_, err := f.client.DeleteDocumentationVersion(f.ctx, &apigateway.DeleteDocumentationVersionInput{RestApiId: f.apiId, DocumentationVersion: aws.String("1.0.0")})
	refused(t, err, badRequestCode, "Cannot delete documentation version '1.0.0', is referenced in stage: prod")
	in := &apigateway.DeleteDocumentationVersionInput{RestApiId: f.apiId, DocumentationVersion: aws.String("1.1.0")}
	output, err := f.client.DeleteDocumentationVersion(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteDocumentationVersion(f.ctx, in)
	refused(t, err, notFoundCode, messageDocumentationVersion)
}
