// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestUpdateRouteResponse(t *testing.T) {
	f := newWebSocket(t)
	routeId := f.route("send")
	output, err := f.client.UpdateRouteResponse(f.ctx, &apigatewayv2.UpdateRouteResponseInput{
		ApiId: f.apiId, RouteId: routeId, RouteResponseId: f.routeResponse(routeId),
		ResponseParameters: map[string]types.ParameterConstraints{"route.response.header.a": {Required: aws.Bool(true)}},
	})
	is(t, "required", must(t, output, err).ResponseParameters["route.response.header.a"].Required, true)
}
