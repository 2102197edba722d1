// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetStage(t *testing.T) {
	f := newHttp(t)
	f.stage("s")
	output, err := f.client.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.apiId, StageName: aws.String("s")})
	got := must(t, output, err)
	is(t, "stageName", got.StageName, "s")
	is(t, "detailedMetricsEnabled", got.DefaultRouteSettings.DetailedMetricsEnabled, false)
	if got.StageVariables == nil || got.RouteSettings == nil || got.Tags == nil || got.CreatedDate == nil {
		t.Errorf("%+v", got)
	}
}
