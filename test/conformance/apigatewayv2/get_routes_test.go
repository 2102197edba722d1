// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetRoutes(t *testing.T) {
	f := newWebSocket(t)
	id := f.route("$connect")
	output, err := f.client.GetRoutes(f.ctx, &apigatewayv2.GetRoutesInput{ApiId: f.apiId, MaxResults: aws.String("10")})
	items := must(t, output, err).Items
	count(t, "items", items, 1)
	is(t, "routeId", items[0].RouteId, *id)
}
