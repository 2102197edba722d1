// Known from: AWS command line's get-stages example; the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetStages_ofADeployment(t *testing.T) {
	f := newFixture(t)
	f.deploy("a")
	id := f.deploy("b")
	output, err := f.client.GetStages(f.ctx, &apigateway.GetStagesInput{RestApiId: f.apiId})
	if got := must(t, output, err).Item; len(got) != 2 {
		t.Errorf("%d stages", len(got))
	}
	output, err = f.client.GetStages(f.ctx, &apigateway.GetStagesInput{RestApiId: f.apiId, DeploymentId: id})
	if got := must(t, output, err).Item; len(got) != 1 || *got[0].StageName != "b" {
		t.Errorf("%v", got)
	}
}
