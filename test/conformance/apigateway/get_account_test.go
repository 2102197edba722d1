// Known from: guide limits.md (throttle); AWS command line's get-account example; features and apiKeyVersion: Terraform's provider.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetAccount_hasWhatClientsRead(t *testing.T) {
	output, err := client(t).GetAccount(context.Background(), &apigateway.GetAccountInput{})
	got := must(t, output, err)
	is(t, "burstLimit", &got.ThrottleSettings.BurstLimit, 5000)
	is(t, "rateLimit", &got.ThrottleSettings.RateLimit, 10000)
	is(t, "apiKeyVersion", got.ApiKeyVersion, "4")
	if len(got.Features) != 1 || got.Features[0] != "UsagePlans" {
		t.Errorf("%v", got.Features)
	}
}
