// Known from: the API reference; the conflict is observed.

package apigatewayv2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteIntegration(t *testing.T) {
	f := newHttp(t)
	in := &apigatewayv2.DeleteIntegrationInput{ApiId: f.apiId, IntegrationId: f.integration()}
	output, err := f.client.DeleteIntegration(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteIntegration(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid Integration identifier specified")
}

func TestDeleteIntegration_inUse(t *testing.T) {
	f := newHttp(t)
	routeId := f.route("GET /")
	output, err := f.client.GetRoute(f.ctx, &apigatewayv2.GetRouteInput{ApiId: f.apiId, RouteId: routeId})
	integrationId := strings.TrimPrefix(*must(t, output, err).Target, "integrations/")
	_, err = f.client.DeleteIntegration(f.ctx, &apigatewayv2.DeleteIntegrationInput{ApiId: f.apiId, IntegrationId: &integrationId})
	refused(t, err, conflictCode, "Cannot delete Integration because it is referenced by the following Routes with Ids: ["+*routeId+"]")
}
