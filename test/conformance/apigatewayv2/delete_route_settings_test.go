// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestDeleteRouteSettings(t *testing.T) {
	f := newHttp(t)
	f.route("GET /a/{b}")
	created, err := f.client.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{
		ApiId: f.apiId, StageName: aws.String("s"), RouteSettings: map[string]types.RouteSettings{"GET /a/{b}": {ThrottlingBurstLimit: aws.Int32(5)}},
	})
	must(t, created, err)
	output, err := f.client.DeleteRouteSettings(f.ctx, &apigatewayv2.DeleteRouteSettingsInput{ApiId: f.apiId, StageName: aws.String("s"), RouteKey: aws.String("GET /a/{b}")})
	must(t, output, err)
	stage, err := f.client.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.apiId, StageName: aws.String("s")})
	if settings := must(t, stage, err).RouteSettings; len(settings) != 0 {
		t.Errorf("%v", settings)
	}
}
