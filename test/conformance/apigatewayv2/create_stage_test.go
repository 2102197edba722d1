// Known from: the API reference; both errors and the status message are observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestCreateStage_autoDeploy(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	output, err := f.client.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.apiId, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	is(t, "autoDeploy", must(t, output, err).AutoDeploy, true)
	stage, err := f.client.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.apiId, StageName: aws.String("$default")})
	got := must(t, stage, err)
	is(t, "lastDeploymentStatusMessage", got.LastDeploymentStatusMessage, "Successfully deployed stage with deployment ID '"+*got.DeploymentId+"'")
	deployment, err := f.client.GetDeployment(f.ctx, &apigatewayv2.GetDeploymentInput{ApiId: f.apiId, DeploymentId: got.DeploymentId})
	is(t, "autoDeployed", must(t, deployment, err).AutoDeployed, true)
}

func TestCreateStage_refuses(t *testing.T) {
	f := newHttp(t)
	f.stage("s")
	_, err := f.client.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.apiId, StageName: aws.String("s")})
	refused(t, err, conflictCode, "Stage already exists")
	_, err = f.client.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{
		ApiId: f.apiId, StageName: aws.String("t"), DefaultRouteSettings: &types.RouteSettings{LoggingLevel: types.LoggingLevelInfo},
	})
	refused(t, err, badRequestCode, "Execution logs are not supported on protocolType HTTP")
}
