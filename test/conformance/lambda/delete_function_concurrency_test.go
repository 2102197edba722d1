// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestDeleteFunctionConcurrency(t *testing.T) {
	f := newFixture(t)
	put, err := f.client.PutFunctionConcurrency(f.ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: f.name, ReservedConcurrentExecutions: aws.Int32(0)})
	must(t, put, err)
	deleted, err := f.client.DeleteFunctionConcurrency(f.ctx, &lambda.DeleteFunctionConcurrencyInput{FunctionName: f.name})
	must(t, deleted, err)
	answer, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name, Payload: []byte("1")})
	if must(t, answer, err); string(answer.Payload) != "1" {
		t.Errorf("got %s", answer.Payload)
	}
}
