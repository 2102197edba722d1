// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestDeleteAccessLogSettings(t *testing.T) {
	f := newHttp(t)
	created, err := f.client.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{
		ApiId: f.apiId, StageName: aws.String("s"),
		AccessLogSettings: &types.AccessLogSettings{DestinationArn: aws.String("arn:aws:logs:us-east-1:000000000000:log-group:g"), Format: aws.String("$context.requestId")},
	})
	if must(t, created, err).AccessLogSettings == nil {
		t.Error("the stage has no access log")
	}
	output, err := f.client.DeleteAccessLogSettings(f.ctx, &apigatewayv2.DeleteAccessLogSettingsInput{ApiId: f.apiId, StageName: aws.String("s")})
	must(t, output, err)
	stage, err := f.client.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.apiId, StageName: aws.String("s")})
	if settings := must(t, stage, err).AccessLogSettings; settings != nil {
		t.Errorf("%+v", settings)
	}
}
