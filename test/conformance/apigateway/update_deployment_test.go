// Known from: AWS command line's update-deployment example.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestUpdateDeployment(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.UpdateDeploymentInput{RestApiId: f.apiId, DeploymentId: f.deploy(""), PatchOperations: replace("/description", "new")}
	output, err := f.client.UpdateDeployment(f.ctx, in)
	is(t, "description", must(t, output, err).Description, "new")
	in.PatchOperations = replace("/id", "x")
	_, err = f.client.UpdateDeployment(f.ctx, in)
	refused(t, err, badRequestCode, "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description]")
	in.DeploymentId = aws.String("zzzzzz")
	_, err = f.client.UpdateDeployment(f.ctx, in)
	refused(t, err, notFoundCode, messageDeployment)
}
