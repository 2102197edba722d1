// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetFunctionUrlConfig(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetFunctionUrlConfig(f.ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: f.name})
	refused(t, err, notFoundCode, "The resource you requested does not exist.")
	url := f.url()
	got, err := f.client.GetFunctionUrlConfig(f.ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: f.name})
	is(t, "functionUrl", must(t, got, err).FunctionUrl, *url.FunctionUrl)
}
