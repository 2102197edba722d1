// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteRoute(t *testing.T) {
	f := newWebSocket(t)
	in := &apigatewayv2.DeleteRouteInput{ApiId: f.apiId, RouteId: f.route("$connect")}
	output, err := f.client.DeleteRoute(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteRoute(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid Route identifier specified")
}
