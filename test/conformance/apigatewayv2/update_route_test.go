// Known from: the API reference; the conflict is observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUpdateRoute(t *testing.T) {
	f := newHttp(t)
	routeId := f.route("GET /a")
	output, err := f.client.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: f.apiId, RouteId: routeId, RouteKey: aws.String("GET /b"), OperationName: aws.String("b")})
	got := must(t, output, err)
	is(t, "routeKey", got.RouteKey, "GET /b")
	is(t, "operationName", got.OperationName, "b")
	if got.Target == nil {
		t.Error("the target is gone")
	}
}

func TestUpdateRoute_conflict(t *testing.T) {
	f := newHttp(t)
	f.route("GET /a")
	_, err := f.client.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: f.apiId, RouteId: f.route("GET /b"), RouteKey: aws.String("GET /a")})
	refused(t, err, conflictCode, "Route with key GET /a already exists for this API")
}
