// Known from: AWS command line's get-stage example; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetStage(t *testing.T) {
	f := newFixture(t)
	id := f.deploy("prod")
	output, err := f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	is(t, "deploymentId", must(t, output, err).DeploymentId, *id)
	_, err = f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("dev")})
	refused(t, err, notFoundCode, messageStage)
}
