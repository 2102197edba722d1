// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteRouteResponse(t *testing.T) {
	f := newWebSocket(t)
	routeId := f.route("send")
	in := &apigatewayv2.DeleteRouteResponseInput{ApiId: f.apiId, RouteId: routeId, RouteResponseId: f.routeResponse(routeId)}
	output, err := f.client.DeleteRouteResponse(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteRouteResponse(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid RouteResponse identifier specified")
}
