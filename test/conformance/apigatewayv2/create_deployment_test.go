// Known from: the API reference; the errors are observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestCreateDeployment(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	f.stage("s")
	output, err := f.client.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.apiId, StageName: aws.String("s"), Description: aws.String("d")})
	got := must(t, output, err)
	is(t, "deploymentStatus", &got.DeploymentStatus, types.DeploymentStatusDeployed)
	is(t, "autoDeployed", got.AutoDeployed, false)
	stage, err := f.client.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.apiId, StageName: aws.String("s")})
	is(t, "deploymentId", must(t, stage, err).DeploymentId, *got.DeploymentId)
}

func TestCreateDeployment_noRoutes(t *testing.T) {
	f := newHttp(t)
	_, err := f.client.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.apiId})
	refused(t, err, badRequestCode, "Unable to deploy API because no routes exist in this API")
	w := newWebSocket(t)
	_, err = w.client.CreateDeployment(w.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: w.apiId})
	refused(t, err, badRequestCode, "At least one route is required before deploying the Api")
}
