// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"gatehouse/test/conformance"
)

func TestUpdateRouteResponse(t *testing.T) {
	f := newWebSocket(t)
	routeId := f.route("send")
	model, err := f.client.CreateModel(f.ctx, &apigatewayv2.CreateModelInput{ApiId: f.apiId, Name: aws.String("Message"), Schema: aws.String(`{"type":"object"}`), ContentType: aws.String("application/json")})
	must(t, model, err)
	in := &apigatewayv2.UpdateRouteResponseInput{
		ApiId: f.apiId, RouteId: routeId, RouteResponseId: f.routeResponse(routeId), ResponseModels: map[string]string{"m": "Message"},
	}
	output, err := f.client.UpdateRouteResponse(f.ctx, in)
	if got := must(t, output, err).ResponseModels; got["m"] != "Message" {
		t.Errorf("models %v", got)
	}
	in.ResponseParameters = map[string]types.ParameterConstraints{"route.response.header.a": {Required: aws.Bool(true)}}
	if conformance.Target() != conformance.Aws {
		_, err = f.client.UpdateRouteResponse(f.ctx, in)
		refused(t, err, badRequestCode, "Gatehouse does not support responseParameters of RouteResponse yet: WebSocket messages have no headers")
	}
}
