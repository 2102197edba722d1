// Known from: the model.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func (f *fixture) validator(name string) *apigateway.CreateRequestValidatorOutput {
	f.Helper()
	output, err := f.client.CreateRequestValidator(f.ctx, &apigateway.CreateRequestValidatorInput{RestApiId: f.apiId, Name: &name, ValidateRequestBody: true})
	return must(f.T, output, err)
}

func TestCreateRequestValidator(t *testing.T) {
	got := newFixture(t).validator("body")
	is(t, "name", got.Name, "body")
	if !got.ValidateRequestBody || got.ValidateRequestParameters || len(*got.Id) != 6 {
		t.Errorf("%+v", got)
	}
}

func TestCreateRequestValidator_missing(t *testing.T) {
	_, err := client(t).CreateRequestValidator(context.Background(), &apigateway.CreateRequestValidatorInput{RestApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
