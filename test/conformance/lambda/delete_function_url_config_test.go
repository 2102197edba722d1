// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestDeleteFunctionUrlConfig(t *testing.T) {
	f := newFixture(t)
	f.url()
	deleted, err := f.client.DeleteFunctionUrlConfig(f.ctx, &lambda.DeleteFunctionUrlConfigInput{FunctionName: f.name})
	must(t, deleted, err)
	_, err = f.client.DeleteFunctionUrlConfig(f.ctx, &lambda.DeleteFunctionUrlConfigInput{FunctionName: f.name})
	refused(t, err, notFoundCode, "")
}
