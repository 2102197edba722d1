// Known from: the model; that the newest comes first is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetDeployments_pages(t *testing.T) {
	f := newFixture(t)
	f.deploy("")
	last := f.deploy("")
	output, err := f.client.GetDeployments(f.ctx, &apigateway.GetDeploymentsInput{RestApiId: f.apiId, Limit: aws.Int32(1)})
	got := must(t, output, err)
	if len(got.Items) != 1 || *got.Items[0].Id != *last || got.Position == nil {
		t.Errorf("%+v", got)
	}
	output, err = f.client.GetDeployments(f.ctx, &apigateway.GetDeploymentsInput{RestApiId: f.apiId, Position: got.Position})
	if rest := must(t, output, err); len(rest.Items) != 1 || rest.Position != nil {
		t.Errorf("%+v", rest)
	}
}
