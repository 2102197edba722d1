// Known from: errors observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteDeployment_inUse(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.DeleteDeploymentInput{RestApiId: f.apiId, DeploymentId: f.deploy("prod")}
	_, err := f.client.DeleteDeployment(f.ctx, in)
	refused(t, err, badRequestCode, "Active stages pointing to this deployment must be moved or deleted")
	f.deploy("prod")
	_, err = f.client.DeleteDeployment(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteDeployment(f.ctx, in)
	refused(t, err, notFoundCode, messageDeployment)
}
