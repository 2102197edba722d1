// Known from: the model; the error's text is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteAuthorizer_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.DeleteAuthorizer(f.ctx, &apigateway.DeleteAuthorizerInput{RestApiId: f.apiId, AuthorizerId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, "Invalid Authorizer identifier specified")
}
