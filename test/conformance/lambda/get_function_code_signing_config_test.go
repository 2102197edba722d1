// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetFunctionCodeSigningConfig(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.GetFunctionCodeSigningConfig(f.ctx, &lambda.GetFunctionCodeSigningConfigInput{FunctionName: f.name})
	must(t, got, err)
	is(t, "name", got.FunctionName, *f.name)
}

func TestGetFunctionCodeSigningConfig_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetFunctionCodeSigningConfig(f.ctx, &lambda.GetFunctionCodeSigningConfigInput{FunctionName: aws.String("none")})
	refused(t, err, notFoundCode, "")
}
