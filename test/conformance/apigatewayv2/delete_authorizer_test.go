// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteAuthorizer(t *testing.T) {
	f := newHttp(t)
	in := &apigatewayv2.DeleteAuthorizerInput{ApiId: f.apiId, AuthorizerId: f.authorizer()}
	output, err := f.client.DeleteAuthorizer(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteAuthorizer(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid Authorizer identifier specified")
}
