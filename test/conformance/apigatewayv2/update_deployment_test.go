// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUpdateDeployment(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	output, err := f.client.UpdateDeployment(f.ctx, &apigatewayv2.UpdateDeploymentInput{ApiId: f.apiId, DeploymentId: f.deploy(""), Description: aws.String("d")})
	is(t, "description", must(t, output, err).Description, "d")
}
