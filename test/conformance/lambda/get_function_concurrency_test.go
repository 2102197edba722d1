// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetFunctionConcurrency(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.GetFunctionConcurrency(f.ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: f.name})
	must(t, got, err)
	if got.ReservedConcurrentExecutions != nil {
		t.Errorf("reserved %d", *got.ReservedConcurrentExecutions)
	}
}

func TestGetFunctionConcurrency_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetFunctionConcurrency(f.ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: aws.String("none")})
	refused(t, err, notFoundCode, "")
}
