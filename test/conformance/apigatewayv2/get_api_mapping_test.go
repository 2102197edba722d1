// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetApiMapping(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	output, err := f.client.GetApiMapping(f.ctx, &apigatewayv2.GetApiMappingInput{DomainName: name, ApiMappingId: f.mapping(name)})
	got := must(t, output, err)
	is(t, "apiId", got.ApiId, *f.apiId)
	is(t, "stage", got.Stage, "s")
	is(t, "apiMappingKey", got.ApiMappingKey, "")
}
