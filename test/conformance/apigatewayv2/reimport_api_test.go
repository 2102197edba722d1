// Known from: guide http-api-open-api.md.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestReimportApi(t *testing.T) {
	f := newHttp(t)
	f.route("GET /old")
	output, err := f.client.ReimportApi(f.ctx, &apigatewayv2.ReimportApiInput{ApiId: f.apiId, Body: aws.String(definition)})
	got := must(t, output, err)
	is(t, "apiId", got.ApiId, *f.apiId)
	is(t, "name", got.Name, "imported")
	routes, err := f.client.GetRoutes(f.ctx, &apigatewayv2.GetRoutesInput{ApiId: f.apiId})
	count(t, "routes", must(t, routes, err).Items, 1)
}
