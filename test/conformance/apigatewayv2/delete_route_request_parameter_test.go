// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestDeleteRouteRequestParameter(t *testing.T) {
	f := newWebSocket(t)
	created, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{
		ApiId: f.apiId, RouteKey: aws.String("$connect"),
		RequestParameters: map[string]types.ParameterConstraints{"route.request.header.a": {Required: aws.Bool(false)}, "route.request.header.b": {Required: aws.Bool(false)}},
	})
	routeId := must(t, created, err).RouteId
	output, err := f.client.DeleteRouteRequestParameter(f.ctx, &apigatewayv2.DeleteRouteRequestParameterInput{
		ApiId: f.apiId, RouteId: routeId, RequestParameterKey: aws.String("route.request.header.a"),
	})
	must(t, output, err)
	found, err := f.client.GetRoute(f.ctx, &apigatewayv2.GetRouteInput{ApiId: f.apiId, RouteId: routeId})
	if left := must(t, found, err).RequestParameters; len(left) != 1 {
		t.Errorf("%v", left)
	}
}
