// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetRoute(t *testing.T) {
	f := newWebSocket(t)
	id := f.route("$connect")
	output, err := f.client.GetRoute(f.ctx, &apigatewayv2.GetRouteInput{ApiId: f.apiId, RouteId: id})
	is(t, "routeId", must(t, output, err).RouteId, *id)
}

func TestGetRoute_missing(t *testing.T) {
	f := newWebSocket(t)
	_, err := f.client.GetRoute(f.ctx, &apigatewayv2.GetRouteInput{ApiId: f.apiId, RouteId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid Route identifier specified")
	_, err = f.client.GetRoute(f.ctx, &apigatewayv2.GetRouteInput{ApiId: aws.String(missingId), RouteId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
