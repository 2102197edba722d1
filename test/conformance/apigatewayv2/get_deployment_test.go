// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetDeployment(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	id := f.deploy("")
	output, err := f.client.GetDeployment(f.ctx, &apigatewayv2.GetDeploymentInput{ApiId: f.apiId, DeploymentId: id})
	is(t, "deploymentId", must(t, output, err).DeploymentId, *id)
}

func TestGetDeployment_missing(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	_, err := f.client.GetDeployment(f.ctx, &apigatewayv2.GetDeploymentInput{ApiId: f.apiId, DeploymentId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid Deployment identifier specified")
	_, err = f.client.GetDeployment(f.ctx, &apigatewayv2.GetDeploymentInput{ApiId: aws.String(missingId), DeploymentId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
