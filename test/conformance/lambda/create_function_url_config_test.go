// Known from: the service model; errors from public reports.

package lambda

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func (f *fixture) url() *lambda.CreateFunctionUrlConfigOutput {
	f.Helper()
	created, err := f.client.CreateFunctionUrlConfig(f.ctx, &lambda.CreateFunctionUrlConfigInput{FunctionName: f.name, AuthType: types.FunctionUrlAuthTypeNone})
	return must(f.T, created, err)
}

func TestCreateFunctionUrlConfig(t *testing.T) {
	f := newFixture(t)
	url := f.url()
	if !strings.Contains(*url.FunctionUrl, ".lambda-url.us-east-1.") || *url.FunctionArn != f.arn || *url.CreationTime == "" {
		t.Errorf("got %+v", url)
	}
	_, err := f.client.CreateFunctionUrlConfig(f.ctx, &lambda.CreateFunctionUrlConfigInput{FunctionName: f.name, AuthType: types.FunctionUrlAuthTypeNone})
	refused(t, err, conflictCode, "")
}
