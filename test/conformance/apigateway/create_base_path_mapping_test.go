// Known from: the service model; guide rest-api-mappings.md; the messages about slashes and an empty base path were reported by users.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

// mapping maps a base path to a stage of the fixture's API; it goes when the test ends.
func (f *fixture) mapping(domainName *string, basePath, stage string) *apigateway.CreateBasePathMappingOutput {
	f.Helper()
	in := &apigateway.CreateBasePathMappingInput{DomainName: domainName, RestApiId: f.apiId}
	if basePath != "" {
		in.BasePath = &basePath
	}
	if stage != "" {
		in.Stage = &stage
	}
	created, err := f.client.CreateBasePathMapping(f.ctx, in)
	return must(f.T, created, err)
}

func TestCreateBasePathMapping(t *testing.T) {
	f := newFixture(t)
	name := f.domainName("create-mapping.example.com").DomainName
	f.deploy("prod")
	got := f.mapping(name, "v1", "prod")
	is(t, "base path", got.BasePath, "v1")
	is(t, "API", got.RestApiId, *f.apiId)
	is(t, "stage", got.Stage, "prod")
	got = f.mapping(name, "", "")
	is(t, "no base path", got.BasePath, "(none)")
	is(t, "no stage", got.Stage, "(none)")
}

func TestCreateBasePathMapping_refuses(t *testing.T) {
	f := newFixture(t)
	name := f.domainName("refuse-mapping.example.com").DomainName
	f.deploy("prod")
	f.mapping(name, "v1", "prod")
	f.mapping(name, "(none)", "prod")
	for message, row := range map[string]struct{ code, basePath, apiId, stage string }{
		"Base path already exists for this domain name":                    {conflictCode, "v1", *f.apiId, "prod"}, // unconfirmed
		"Only one base path mapping is allowed if the base path is empty.": {conflictCode, "", *f.apiId, "prod"},
		"API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.": {badRequestCode, "a/b", *f.apiId, "prod"},
		"A base path may contain only letters, numbers and one of $-_.+!*'(),":                                                                         {badRequestCode, "a b", *f.apiId, "prod"}, // unconfirmed
		"Invalid REST API identifier specified": {badRequestCode, "v2", missingId, "prod"}, // unconfirmed
		messageStage:                            {badRequestCode, "v2", *f.apiId, "none"},
	} {
		_, err := f.client.CreateBasePathMapping(f.ctx, &apigateway.CreateBasePathMappingInput{
			DomainName: name, BasePath: aws.String(row.basePath), RestApiId: aws.String(row.apiId), Stage: aws.String(row.stage),
		})
		refused(t, err, row.code, message)
	}
	_, err := f.client.CreateBasePathMapping(f.ctx, &apigateway.CreateBasePathMappingInput{DomainName: aws.String("none.example.com"), RestApiId: f.apiId})
	refused(t, err, notFoundCode, messageDomainName)
}

// What a domain name leads to cannot be deleted.
func TestCreateBasePathMapping_holdsApiAndStage(t *testing.T) {
	f := newFixture(t)
	name := f.domainName("held.example.com").DomainName
	f.deploy("prod")
	f.mapping(name, "v1", "prod")
	_, err := f.client.DeleteStage(f.ctx, &apigateway.DeleteStageInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	refused(t, err, badRequestCode, "Deleting stage prod failed. Please remove all base path mappings related to the stage in your domains: held.example.com.")
	_, err = f.client.DeleteRestApi(f.ctx, &apigateway.DeleteRestApiInput{RestApiId: f.apiId})
	refused(t, err, badRequestCode, "Deleting RestApi "+*f.apiId+" failed. Please remove all base path mappings related to the RestApi in your domains: held.example.com.")
}
