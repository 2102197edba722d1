// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

const messageApiKey = "Invalid API Key identifier specified"

func TestGetApiKey(t *testing.T) {
	f := newFixture(t)
	created := apiKey(t, f, &apigateway.CreateApiKeyInput{Name: aws.String("n"), Enabled: true})
	output, err := f.client.GetApiKey(f.ctx, &apigateway.GetApiKeyInput{ApiKey: created.Id})
	if got := must(t, output, err); got.Value != nil || *got.Name != "n" || !got.Enabled {
		t.Errorf("%+v", got)
	}
	output, err = f.client.GetApiKey(f.ctx, &apigateway.GetApiKeyInput{ApiKey: created.Id, IncludeValue: aws.Bool(true)})
	is(t, "value", must(t, output, err).Value, *created.Value)
}

func TestGetApiKey_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetApiKey(f.ctx, &apigateway.GetApiKeyInput{ApiKey: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApiKey)
}
