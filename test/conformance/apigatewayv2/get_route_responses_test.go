// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetRouteResponses(t *testing.T) {
	f := newWebSocket(t)
	routeId := f.route("send")
	id := f.routeResponse(routeId)
	output, err := f.client.GetRouteResponses(f.ctx, &apigatewayv2.GetRouteResponsesInput{ApiId: f.apiId, RouteId: routeId, MaxResults: aws.String("10")})
	items := must(t, output, err).Items
	count(t, "items", items, 1)
	is(t, "routeResponseId", items[0].RouteResponseId, *id)
}
