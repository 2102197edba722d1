// Known from: the API reference; the unknown route is observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestUpdateStage(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	f.stage("s")
	output, err := f.client.UpdateStage(f.ctx, &apigatewayv2.UpdateStageInput{
		ApiId: f.apiId, StageName: aws.String("s"), StageVariables: map[string]string{"a": "b"},
		RouteSettings: map[string]types.RouteSettings{"GET /": {ThrottlingBurstLimit: aws.Int32(5), ThrottlingRateLimit: aws.Float64(2.5)}},
	})
	got := must(t, output, err)
	is(t, "throttlingBurstLimit", got.RouteSettings["GET /"].ThrottlingBurstLimit, 5)
	if got.StageVariables["a"] != "b" {
		t.Errorf("%v", got.StageVariables)
	}
}

func TestUpdateStage_unknownRoute(t *testing.T) {
	f := newHttp(t)
	f.stage("s")
	_, err := f.client.UpdateStage(f.ctx, &apigatewayv2.UpdateStageInput{
		ApiId: f.apiId, StageName: aws.String("s"), RouteSettings: map[string]types.RouteSettings{"GET /": {}},
	})
	refused(t, err, notFoundCode, "Unable to find Route by key GET / within the provided RouteSettings")
}
