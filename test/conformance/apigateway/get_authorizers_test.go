// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetAuthorizers_none(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.GetAuthorizers(f.ctx, &apigateway.GetAuthorizersInput{RestApiId: f.apiId})
	if got := must(t, output, err); got.Items == nil || len(got.Items) != 0 || got.Position != nil {
		t.Errorf("%+v", got)
	}
}
