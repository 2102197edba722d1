// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func TestUpdateFunctionConfiguration(t *testing.T) {
	f := newFixture(t)
	changed, err := f.client.UpdateFunctionConfiguration(f.ctx, &lambda.UpdateFunctionConfigurationInput{
		FunctionName: f.name, Timeout: aws.Int32(7), MemorySize: aws.Int32(256), Description: aws.String("d"),
		Environment: &types.Environment{Variables: map[string]string{"KEY": "1"}},
	})
	must(t, changed, err)
	is(t, "timeout", changed.Timeout, 7)
	is(t, "memorySize", changed.MemorySize, 256)
	is(t, "handler", changed.Handler, "index.handler")
	if changed.Environment.Variables["KEY"] != "1" {
		t.Errorf("environment %+v", changed.Environment)
	}
}

func TestUpdateFunctionConfiguration_reservedVariable(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.UpdateFunctionConfiguration(f.ctx, &lambda.UpdateFunctionConfigurationInput{
		FunctionName: f.name, Environment: &types.Environment{Variables: map[string]string{"AWS_REGION": "x"}},
	})
	refused(t, err, invalidCode, "")
}
