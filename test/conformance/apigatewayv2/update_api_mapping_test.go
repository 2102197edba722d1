// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUpdateApiMapping(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	output, err := f.client.UpdateApiMapping(f.ctx, &apigatewayv2.UpdateApiMappingInput{
		DomainName: name, ApiId: f.apiId, ApiMappingId: f.mapping(name), ApiMappingKey: aws.String("v2"),
	})
	got := must(t, output, err)
	is(t, "apiMappingKey", got.ApiMappingKey, "v2")
	is(t, "stage", got.Stage, "s")
}
