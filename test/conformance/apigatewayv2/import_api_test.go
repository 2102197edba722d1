// Known from: guide http-api-open-api.md.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

const definition = `{"openapi": "3.0.1", "info": {"title": "imported", "version": "1"}, "paths": {"/a": {"get": {"x-amazon-apigateway-integration": {
	"type": "HTTP_PROXY", "httpMethod": "GET", "uri": "https://example.com", "payloadFormatVersion": "1.0"}}}}}`

func TestImportApi(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.ImportApi(f.ctx, &apigatewayv2.ImportApiInput{Body: aws.String(definition)})
	got := must(t, output, err)
	t.Cleanup(func() { f.deleteApi(got.ApiId) })
	is(t, "name", got.Name, "imported")
	is(t, "protocolType", &got.ProtocolType, types.ProtocolTypeHttp)
	routes, err := f.client.GetRoutes(f.ctx, &apigatewayv2.GetRoutesInput{ApiId: got.ApiId})
	count(t, "routes", must(t, routes, err).Items, 1)
	is(t, "routeKey", routes.Items[0].RouteKey, "GET /a")
}
