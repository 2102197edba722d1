// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetRouteResponse(t *testing.T) {
	f := newWebSocket(t)
	routeId := f.route("send")
	id := f.routeResponse(routeId)
	output, err := f.client.GetRouteResponse(f.ctx, &apigatewayv2.GetRouteResponseInput{ApiId: f.apiId, RouteId: routeId, RouteResponseId: id})
	is(t, "routeResponseId", must(t, output, err).RouteResponseId, *id)
}

func TestGetRouteResponse_missing(t *testing.T) {
	f := newWebSocket(t)
	routeId := f.route("send")
	_, err := f.client.GetRouteResponse(f.ctx, &apigatewayv2.GetRouteResponseInput{ApiId: f.apiId, RouteId: routeId, RouteResponseId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid RouteResponse identifier specified")
	_, err = f.client.GetRouteResponse(f.ctx, &apigatewayv2.GetRouteResponseInput{ApiId: aws.String(missingId), RouteId: routeId, RouteResponseId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
