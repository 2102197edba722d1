// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetAccountSettings(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.GetAccountSettings(f.ctx, &lambda.GetAccountSettingsInput{})
	if must(t, got, err); got.AccountLimit.CodeSizeZipped != 52428800 || got.AccountUsage.FunctionCount < 1 {
		t.Errorf("got %+v %+v", got.AccountLimit, got.AccountUsage)
	}
}
