// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetFunction(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.GetFunction(f.ctx, &lambda.GetFunctionInput{FunctionName: f.name})
	must(t, got, err)
	is(t, "name", got.Configuration.FunctionName, *f.name)
	if got.Code == nil || aws.ToString(got.Code.RepositoryType) != "S3" {
		t.Errorf("code %+v", got.Code)
	}
}

func TestGetFunction_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetFunction(f.ctx, &lambda.GetFunctionInput{FunctionName: aws.String("none")})
	refused(t, err, notFoundCode, "")
}
