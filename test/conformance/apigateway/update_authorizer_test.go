// Known from: the model; the error's text is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestUpdateAuthorizer_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.UpdateAuthorizer(f.ctx, &apigateway.UpdateAuthorizerInput{RestApiId: f.apiId, AuthorizerId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, "Invalid Authorizer identifier specified")
}
