// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetRequestValidator(t *testing.T) {
	f := newFixture(t)
	created := f.validator("v")
	output, err := f.client.GetRequestValidator(f.ctx, &apigateway.GetRequestValidatorInput{RestApiId: f.apiId, RequestValidatorId: created.Id})
	is(t, "name", must(t, output, err).Name, "v")
	_, err = f.client.GetRequestValidator(f.ctx, &apigateway.GetRequestValidatorInput{RestApiId: f.apiId, RequestValidatorId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, messageValidator)
}
