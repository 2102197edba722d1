// Known from: guide, api-gateway-export-api.md and api-gateway-documenting-api-quick-start-publishing.md.

package apigateway

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"gatehouse/test/conformance"
)

func (f *fixture) export(restApiId *string, kind, extensions string) string {
	f.Helper()
	in := &apigateway.GetExportInput{RestApiId: restApiId, StageName: aws.String("prod"), ExportType: &kind, Accepts: aws.String("application/json")}
	if extensions != "" {
		in.Parameters = map[string]string{"extensions": extensions}
	}
	output, err := f.client.GetExport(f.ctx, in)
	return string(must(f.T, output, err).Body)
}

// deployed imports a definition and deploys it to prod.
func (f *fixture) deployed(definition string) *string {
	f.Helper()
	output, err := f.imported(definition, map[string]string{"ignore": "documentation"})
	id := must(f.T, output, err).Id
	deployment, err := f.client.CreateDeployment(f.ctx, &apigateway.CreateDeploymentInput{RestApiId: id, StageName: aws.String("prod")})
	must(f.T, deployment, err)
	return id
}

// What is exported makes the same API again: the second export says what the first did.
func TestGetExport_isImportedAgain(t *testing.T) {
	f := newFixture(t)
	first := f.deployed(petsDefinition)
	for _, kind := range []string{"swagger", "oas30"} {
		exported := f.export(first, kind, "integrations,authorizers")
		second := f.deployed(exported)
		again := strings.ReplaceAll(f.export(second, kind, "integrations,authorizers"), *second, *first)
		if diff := cmp.Diff(exported, again); diff != "" {
			t.Errorf("%s (-first +second):\n%s", kind, diff)
		}
	}
}

func TestGetExport_extensions(t *testing.T) {
	f := newFixture(t)
	id := f.deployed(petsDefinition)
	for _, row := range []struct{ extensions, wanted, unwanted string }{
		{"", "", "x-amazon-apigateway"},
		{"integrations", "x-amazon-apigateway-integration", "x-amazon-apigateway-authorizer"},
		{"apigateway", "x-amazon-apigateway-request-validator", "x-amazon-apigateway-documentation"},
	} {
		exported := f.export(id, "oas30", row.extensions)
		if !json.Valid([]byte(exported)) || !strings.Contains(exported, row.wanted) || strings.Contains(exported, row.unwanted) {
			t.Errorf("with %q:\n%s", row.extensions, exported)
		}
	}
}

// The guide's exports (api-as-s3-proxy-export-swagger-with-extensions.md) show a default model
// where a method uses it, and no $schema.
func TestGetExport_models(t *testing.T) {
	f := newFixture(t)
	definition := strings.Replace(petsDefinition, `"404": {"description": "no such pet"}`, `"404": {"description": "no such pet", "schema": {"$ref": "#/definitions/Error"}}`, 1)
	exported := f.export(f.deployed(definition), "swagger", "")
	for text, want := range map[string]bool{`"Error Schema"`: true, `"Empty Schema"`: false, `"$schema"`: false, `"Owner"`: true} {
		if strings.Contains(exported, text) != want {
			t.Errorf("%s: want %v in\n%s", text, want, exported)
		}
	}
}

func TestGetExport_documentationOfTheStage(t *testing.T) {
	f := newFixture(t)
	output, err := f.imported(petsDefinition, nil)
	f.apiId = must(t, output, err).Id
	deployment, err := f.client.CreateDeployment(f.ctx, &apigateway.CreateDeploymentInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	must(t, deployment, err)
	const documented = `"description" : "no such pet"`
	if exported := f.export(f.apiId, "swagger", "documentation"); strings.Contains(exported, documented) {
		t.Errorf("a stage without documentation shows some:\n%s", exported)
	}
	f.documentationVersion("1.0.0", "prod")
	if exported := f.export(f.apiId, "swagger", "documentation"); strings.Count(exported, documented) != 2 || !strings.Contains(exported, `"version" : "1.0.0"`) {
		t.Errorf("%s", exported)
	}
}

// acceptYAML asks for YAML, which the SDK's own setting does not: it always sends JSON's type.
func acceptYAML(options *apigateway.Options) {
	options.APIOptions = append(options.APIOptions, func(stack *middleware.Stack) error {
		set := func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
			if request, ok := in.Request.(*smithyhttp.Request); ok {
				request.Header.Set("Accept", "application/yaml")
			}
			return next.HandleBuild(ctx, in)
		}
		return stack.Build.Add(middleware.BuildMiddlewareFunc("acceptYAML", set), middleware.After)
	})
}

func TestGetExport_yaml(t *testing.T) {
	f := newFixture(t)
	id := f.deployed(petsDefinition)
	output, err := f.client.GetExport(f.ctx, &apigateway.GetExportInput{RestApiId: id, StageName: aws.String("prod"), ExportType: aws.String("oas30")}, acceptYAML)
	exported := must(t, output, err)
	is(t, "contentType", exported.ContentType, "application/yaml")
	if !strings.HasPrefix(string(exported.Body), "openapi: ") {
		t.Errorf("%s", exported.Body)
	}
}

func TestGetExport_refuses(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	in := apigateway.GetExportInput{RestApiId: f.apiId, StageName: aws.String("none"), ExportType: aws.String("oas30")}
	_, err := f.client.GetExport(f.ctx, &in)
	refused(t, err, notFoundCode, messageStage)
	in.StageName, in.ExportType = aws.String("prod"), aws.String("raml")
	_, err = f.client.GetExport(f.ctx, &in)
	refused(t, err, badRequestCode, "Invalid export type specified. Valid options are oas30 and swagger")
	in.ExportType, in.Parameters = aws.String("swagger"), map[string]string{"extensions": "everything"}
	_, err = f.client.GetExport(f.ctx, &in)
	refused(t, err, badRequestCode, "Invalid parameter specified: extensions=everything")
	conformance.Ours(t)
	in.Parameters = map[string]string{"extensions": "postman"}
	_, err = f.client.GetExport(f.ctx, &in)
	refused(t, err, badRequestCode, "Gatehouse does not support extensions postman of an export of RestApi yet: what AWS writes for Postman is not published")
}
