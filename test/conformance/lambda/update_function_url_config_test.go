// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func TestUpdateFunctionUrlConfig(t *testing.T) {
	f := newFixture(t)
	f.url()
	changed, err := f.client.UpdateFunctionUrlConfig(f.ctx, &lambda.UpdateFunctionUrlConfigInput{FunctionName: f.name, Cors: &types.Cors{AllowOrigins: []string{"https://a.example"}}})
	if must(t, changed, err); len(changed.Cors.AllowOrigins) != 1 {
		t.Errorf("got %+v", changed.Cors)
	}
}
