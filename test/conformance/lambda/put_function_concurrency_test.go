// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestPutFunctionConcurrency(t *testing.T) {
	f := newFixture(t)
	put, err := f.client.PutFunctionConcurrency(f.ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: f.name, ReservedConcurrentExecutions: aws.Int32(2)})
	must(t, put, err)
	is(t, "reserved", put.ReservedConcurrentExecutions, 2)
	got, err := f.client.GetFunction(f.ctx, &lambda.GetFunctionInput{FunctionName: f.name})
	is(t, "reserved", must(t, got, err).Concurrency.ReservedConcurrentExecutions, 2)
}

func TestPutFunctionConcurrency_leavesSome(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.PutFunctionConcurrency(f.ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: f.name, ReservedConcurrentExecutions: aws.Int32(1000)})
	refused(t, err, invalidCode, "")
}
