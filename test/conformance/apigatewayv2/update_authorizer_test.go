// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUpdateAuthorizer(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.UpdateAuthorizer(f.ctx, &apigatewayv2.UpdateAuthorizerInput{
		ApiId: f.apiId, AuthorizerId: f.authorizer(), IdentitySource: []string{"$request.querystring.token"},
	})
	got := must(t, output, err)
	is(t, "name", got.Name, "token")
	is(t, "identitySource", &got.IdentitySource[0], "$request.querystring.token")
}
