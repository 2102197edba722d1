// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetDeployments(t *testing.T) {
	f := newHttp(t)
	f.route("GET /")
	id := f.deploy("")
	output, err := f.client.GetDeployments(f.ctx, &apigatewayv2.GetDeploymentsInput{ApiId: f.apiId, MaxResults: aws.String("10")})
	items := must(t, output, err).Items
	count(t, "items", items, 1)
	is(t, "deploymentId", items[0].DeploymentId, *id)
}
