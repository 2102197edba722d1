// Known from: guide, api-gateway-documenting-api-quick-start-publishing.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// documentationVersion keeps the documentation; stageName may be empty.
func (f *fixture) documentationVersion(version, stageName string) *apigateway.CreateDocumentationVersionOutput {
	f.Helper()
	in := &apigateway.CreateDocumentationVersionInput{RestApiId: f.apiId, DocumentationVersion: &version, Description: aws.String("first")}
	if stageName != "" {
		in.StageName = &stageName
	}
	output, err := f.client.CreateDocumentationVersion(f.ctx, in)
	return must(f.T, output, err)
}

func TestCreateDocumentationVersion_givesItToAStage(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	f.documentation(types.DocumentationPartLocation{Type: types.DocumentationPartTypeApi}, "a")
	created := f.documentationVersion("1.0.0", "prod")
	is(t, "version", created.Version, "1.0.0")
	is(t, "description", created.Description, "first")
	stage, err := f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	is(t, "documentationVersion", must(t, stage, err).DocumentationVersion, "1.0.0")
}

func TestCreateDocumentationVersion_refuses(t *testing.T) {
	f := newFixture(t)
	f.documentationVersion("1.0.0", "")
	_, err := f.client.CreateDocumentationVersion(f.ctx, &apigateway.CreateDocumentationVersionInput{RestApiId: f.apiId, DocumentationVersion: aws.String("1.0.0")})
	refused(t, err, conflictCode, "Documentation version already exists")
	_, err = f.client.CreateDocumentationVersion(f.ctx, &apigateway.CreateDocumentationVersionInput{
		RestApiId: f.apiId, DocumentationVersion: aws.String("2"), StageName: aws.String("none"),
	})
	refused(t, err, notFoundCode, messageStage)
	_, err = f.client.GetDocumentationVersion(f.ctx, &apigateway.GetDocumentationVersionInput{RestApiId: f.apiId, DocumentationVersion: aws.String("2")})
	refused(t, err, notFoundCode, messageDocumentationVersion)
}
