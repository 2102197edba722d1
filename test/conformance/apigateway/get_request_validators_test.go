// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetRequestValidators(t *testing.T) {
	f := newFixture(t)
	f.validator("a")
	f.validator("b")
	output, err := f.client.GetRequestValidators(f.ctx, &apigateway.GetRequestValidatorsInput{RestApiId: f.apiId, Limit: aws.Int32(1)})
	first := must(t, output, err)
	output, err = f.client.GetRequestValidators(f.ctx, &apigateway.GetRequestValidatorsInput{RestApiId: f.apiId, Position: first.Position})
	second := must(t, output, err)
	if len(first.Items) != 1 || len(second.Items) != 1 || *first.Items[0].Id == *second.Items[0].Id || second.Position != nil {
		t.Errorf("%v %v", first.Items, second.Items)
	}
}
