// Known from: guide http-api-mappings.md; the errors are observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestCreateApiMapping(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.mapping(name)
	output, err := f.client.CreateApiMapping(f.ctx, &apigatewayv2.CreateApiMappingInput{DomainName: name, ApiId: f.apiId, Stage: aws.String("s"), ApiMappingKey: aws.String("v1/pets")})
	id := must(t, output, err).ApiMappingId
	is(t, "apiMappingKey", output.ApiMappingKey, "v1/pets")
	for _, row := range []struct{ key, stage, code, message string }{
		{"", "s", conflictCode, "ApiMapping key already exists for this domain name"},
		{"a b", "s", badRequestCode, "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),"},
		{"x", "none", badRequestCode, "Invalid stage identifier specified"},
	} {
		_, err := f.client.CreateApiMapping(f.ctx, &apigatewayv2.CreateApiMappingInput{DomainName: name, ApiId: f.apiId, Stage: &row.stage, ApiMappingKey: &row.key})
		refused(t, err, row.code, row.message)
	}
	_, err = f.client.DeleteApiMapping(f.ctx, &apigatewayv2.DeleteApiMappingInput{DomainName: name, ApiMappingId: id})
	if err != nil {
		t.Error(err)
	}
}
