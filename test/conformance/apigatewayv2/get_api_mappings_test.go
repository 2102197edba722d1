// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetApiMappings(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.mapping(name)
	output, err := f.client.GetApiMappings(f.ctx, &apigatewayv2.GetApiMappingsInput{DomainName: name})
	count(t, "mappings", must(t, output, err).Items, 1)
}
