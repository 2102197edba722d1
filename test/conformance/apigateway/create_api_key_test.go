// Known from: the model; the messages were reported by users (hashicorp/terraform-provider-aws#30894, rrahul963/serverless-add-api-key#27).

package apigateway

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// apiKey makes a key that goes when the test ends.
func apiKey(t *testing.T, f *fixture, in *apigateway.CreateApiKeyInput) *apigateway.CreateApiKeyOutput {
	t.Helper()
	created, err := f.client.CreateApiKey(f.ctx, in)
	got := must(t, created, err)
	t.Cleanup(func() { _, _ = f.client.DeleteApiKey(f.ctx, &apigateway.DeleteApiKeyInput{ApiKey: got.Id}) })
	return got
}

func TestCreateApiKey(t *testing.T) {
	f := newFixture(t)
	got := apiKey(t, f, &apigateway.CreateApiKeyInput{
		Name: aws.String("mobile"), Description: aws.String("d"), Enabled: true, CustomerId: aws.String("c"), Tags: map[string]string{"k": "v"},
	})
	is(t, "name", got.Name, "mobile")
	is(t, "description", got.Description, "d")
	is(t, "customerId", got.CustomerId, "c")
	is(t, "enabled", &got.Enabled, true)
	if len(*got.Id) != 10 || len(*got.Value) != 40 || *got.Id == *got.Value || got.Tags["k"] != "v" || got.CreatedDate == nil {
		t.Errorf("%+v", got)
	}
}

func TestCreateApiKey_disabledByDefault(t *testing.T) {
	f := newFixture(t)
	is(t, "enabled", &apiKey(t, f, &apigateway.CreateApiKeyInput{}).Enabled, false)
}

func TestCreateApiKey_ofAValue(t *testing.T) {
	f := newFixture(t)
	value := "conformance" + strings.ToLower(rand.Text())
	is(t, "value", apiKey(t, f, &apigateway.CreateApiKeyInput{Value: &value}).Value, value)
	_, err := f.client.CreateApiKey(f.ctx, &apigateway.CreateApiKeyInput{Name: aws.String("other"), Value: &value})
	refused(t, err, conflictCode, "API Key already exists")
}

func TestCreateApiKey_refuses(t *testing.T) {
	f := newFixture(t)
	for message, in := range map[string]*apigateway.CreateApiKeyInput{
		"API Key value should be at least 20 characters":       {Value: aws.String("12345")},
		"API Key value exceeds maximum size of 128 characters": {Value: aws.String(strings.Repeat("x", 129))},
		"Invalid stage identifier specified":                   {StageKeys: []types.StageKey{{RestApiId: f.apiId, StageName: aws.String("none")}}}, // unconfirmed
		"API Key name can have at most 1024 characters":        {Name: aws.String(strings.Repeat("x", 1025))},                                      // unconfirmed
	} {
		_, err := f.client.CreateApiKey(f.ctx, in)
		refused(t, err, badRequestCode, message)
	}
}
