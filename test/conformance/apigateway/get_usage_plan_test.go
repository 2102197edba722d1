// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

const messageUsagePlan = "Invalid Usage Plan ID specified"

func TestGetUsagePlan(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.GetUsagePlan(f.ctx, &apigateway.GetUsagePlanInput{UsagePlanId: usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")})})
	if got := must(t, output, err); *got.Name != "p" || got.Throttle != nil || got.Quota != nil || len(got.ApiStages) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestGetUsagePlan_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetUsagePlan(f.ctx, &apigateway.GetUsagePlanInput{UsagePlanId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageUsagePlan)
}
