// Known from: the API reference; that of a deployment in use is observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteDeployment(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	in := &apigatewayv2.DeleteDeploymentInput{ApiId: f.apiId, DeploymentId: f.deploy("")}
	output, err := f.client.DeleteDeployment(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteDeployment(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid Deployment identifier specified")
}

func TestDeleteDeployment_inUse(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	f.stage("s")
	_, err := f.client.DeleteDeployment(f.ctx, &apigatewayv2.DeleteDeploymentInput{ApiId: f.apiId, DeploymentId: f.deploy("s")})
	refused(t, err, badRequestCode, "Active stages pointing to this deployment must be moved or deleted")
}
