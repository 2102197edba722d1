// Known from: guide apigateway-websocket-api-route-response.md.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

// routeResponse adds $default.
func (f *fixture) routeResponse(routeId *string) *string {
	f.Helper()
	created, err := f.client.CreateRouteResponse(f.ctx, &apigatewayv2.CreateRouteResponseInput{
		ApiId: f.apiId, RouteId: routeId, RouteResponseKey: aws.String("$default"),
	})
	return must(f.T, created, err).RouteResponseId
}

func TestCreateRouteResponse(t *testing.T) {
	f := newWebSocket(t)
	f.model()
	output, err := f.client.CreateRouteResponse(f.ctx, &apigatewayv2.CreateRouteResponseInput{
		ApiId: f.apiId, RouteId: f.route("send"), RouteResponseKey: aws.String("$default"), ResponseModels: map[string]string{"$default": "Message"},
	})
	got := must(t, output, err)
	is(t, "routeResponseKey", got.RouteResponseKey, "$default")
	if got.RouteResponseId == nil || got.ResponseModels["$default"] != "Message" {
		t.Errorf("%+v", got)
	}
}
