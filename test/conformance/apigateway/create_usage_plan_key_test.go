// Known from: the model and guide api-gateway-api-usage-plans.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

// usagePlanKey puts a key into a plan.
func usagePlanKey(t *testing.T, f *fixture, plan, key *string) {
	t.Helper()
	output, err := f.client.CreateUsagePlanKey(f.ctx, &apigateway.CreateUsagePlanKeyInput{UsagePlanId: plan, KeyId: key, KeyType: aws.String("API_KEY")})
	must(t, output, err)
}

func TestCreateUsagePlanKey(t *testing.T) {
	f := newFixture(t)
	plan, key := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")}), apiKey(t, f, &apigateway.CreateApiKeyInput{Name: aws.String("k")}).Id
	in := &apigateway.CreateUsagePlanKeyInput{UsagePlanId: plan, KeyId: key, KeyType: aws.String("API_KEY")}
	output, err := f.client.CreateUsagePlanKey(f.ctx, in)
	got := must(t, output, err)
	is(t, "id", got.Id, *key)
	is(t, "type", got.Type, "API_KEY")
	is(t, "name", got.Name, "k")
	_, err = f.client.CreateUsagePlanKey(f.ctx, in)
	refused(t, err, conflictCode, "API Key is already in the Usage Plan") // unconfirmed
}

func TestCreateUsagePlanKey_refuses(t *testing.T) {
	f := newFixture(t)
	plan, key := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")}), apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	for message, row := range map[string]struct {
		code            string
		plan, key, kind string
	}{
		messageApiKey:    {notFoundCode, *plan, missingId, "API_KEY"},
		messageUsagePlan: {notFoundCode, missingId, *key, "API_KEY"},
		"Invalid key type specified. Must be API_KEY": {badRequestCode, *plan, *key, "OTHER"}, // unconfirmed
	} {
		_, err := f.client.CreateUsagePlanKey(f.ctx, &apigateway.CreateUsagePlanKeyInput{UsagePlanId: &row.plan, KeyId: &row.key, KeyType: &row.kind})
		refused(t, err, row.code, message)
	}
}

func TestCreateUsagePlanKey_twoPlansOfAStage(t *testing.T) {
	conformance.Ours(t) // the text is unconfirmed
	f := newFixture(t)
	f.deploy("prod")
	stage := []types.ApiStage{{ApiId: f.apiId, Stage: aws.String("prod")}}
	first, second := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p"), ApiStages: stage}), usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("q"), ApiStages: stage})
	key := apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	usagePlanKey(t, f, first, key)
	_, err := f.client.CreateUsagePlanKey(f.ctx, &apigateway.CreateUsagePlanKeyInput{UsagePlanId: second, KeyId: key, KeyType: aws.String("API_KEY")})
	refused(t, err, conflictCode, "API Key "+*key+" is in Usage Plan "+*first+" already, which has the API Stage "+*f.apiId+":prod: a key can be in one Usage Plan of a stage")
}

// Guide limits.md: usage plans per API key.
func TestCreateUsagePlanKey_limit(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	key := apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	for range 10 {
		usagePlanKey(t, f, usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")}), key)
	}
	_, err := f.client.CreateUsagePlanKey(f.ctx, &apigateway.CreateUsagePlanKeyInput{
		UsagePlanId: usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")}), KeyId: key, KeyType: aws.String("API_KEY"),
	})
	refused(t, err, "LimitExceededException", "Maximum number of Usage Plans for this API Key has been reached. Please contact AWS if you need additional Usage Plans.")
}
