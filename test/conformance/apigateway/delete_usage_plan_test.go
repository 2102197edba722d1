// Known from: the model; the message was reported by users (aws/aws-sdk-js#3841).

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestDeleteUsagePlan(t *testing.T) {
	f := newFixture(t)
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")})
	usagePlanKey(t, f, plan, apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id)
	output, err := f.client.DeleteUsagePlan(f.ctx, &apigateway.DeleteUsagePlanInput{UsagePlanId: plan})
	must(t, output, err)
	_, err = f.client.DeleteUsagePlan(f.ctx, &apigateway.DeleteUsagePlanInput{UsagePlanId: plan})
	refused(t, err, notFoundCode, messageUsagePlan)
}

func TestDeleteUsagePlan_withStages(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p"), ApiStages: []types.ApiStage{{ApiId: f.apiId, Stage: aws.String("prod")}}})
	_, err := f.client.DeleteUsagePlan(f.ctx, &apigateway.DeleteUsagePlanInput{UsagePlanId: plan})
	refused(t, err, badRequestCode, "Cannot delete Usage Plan "+*plan+" because there are API Stages associated with it, including "+*f.apiId+":prod")
}

// A stage that goes leaves its plans (hashicorp/terraform-provider-aws#14100).
func TestDeleteUsagePlan_afterItsStage(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p"), ApiStages: []types.ApiStage{{ApiId: f.apiId, Stage: aws.String("prod")}}})
	deleted, err := f.client.DeleteStage(f.ctx, &apigateway.DeleteStageInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	must(t, deleted, err)
	output, err := f.client.DeleteUsagePlan(f.ctx, &apigateway.DeleteUsagePlanInput{UsagePlanId: plan})
	must(t, output, err)
}
