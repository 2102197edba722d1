// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetFunctionConfiguration(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.GetFunctionConfiguration(f.ctx, &lambda.GetFunctionConfigurationInput{FunctionName: f.name})
	must(t, got, err)
	is(t, "handler", got.Handler, "index.handler")
}

func TestGetFunctionConfiguration_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetFunctionConfiguration(f.ctx, &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("none")})
	refused(t, err, notFoundCode, "")
}
