// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestListFunctionUrlConfigs(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.ListFunctionUrlConfigs(f.ctx, &lambda.ListFunctionUrlConfigsInput{FunctionName: f.name})
	must(t, got, err)
	if len(got.FunctionUrlConfigs) != 0 {
		t.Errorf("URLs %+v", got.FunctionUrlConfigs)
	}
}

func TestListFunctionUrlConfigs_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.ListFunctionUrlConfigs(f.ctx, &lambda.ListFunctionUrlConfigsInput{FunctionName: aws.String("none")})
	refused(t, err, notFoundCode, "")
}
