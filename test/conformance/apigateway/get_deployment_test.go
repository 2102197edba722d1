// Known from: AWS command line's get-deployment example; the model (apiSummary); error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetDeployment_apiSummary(t *testing.T) {
	f := newFixture(t)
	id := f.deploy("")
	in := &apigateway.GetDeploymentInput{RestApiId: f.apiId, DeploymentId: id}
	output, err := f.client.GetDeployment(f.ctx, in)
	if got := must(t, output, err).ApiSummary; got != nil {
		t.Errorf("%v", got)
	}
	in.Embed = []string{"apisummary"}
	output, err = f.client.GetDeployment(f.ctx, in)
	is(t, "authorizationType", must(t, output, err).ApiSummary["/"]["GET"].AuthorizationType, "NONE")
}

func TestGetDeployment_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetDeployment(f.ctx, &apigateway.GetDeploymentInput{RestApiId: f.apiId, DeploymentId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, messageDeployment)
}
