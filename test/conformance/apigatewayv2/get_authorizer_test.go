// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetAuthorizer(t *testing.T) {
	f := newHttp(t)
	id := f.authorizer()
	output, err := f.client.GetAuthorizer(f.ctx, &apigatewayv2.GetAuthorizerInput{ApiId: f.apiId, AuthorizerId: id})
	is(t, "authorizerId", must(t, output, err).AuthorizerId, *id)
}

func TestGetAuthorizer_missing(t *testing.T) {
	f := newHttp(t)
	_, err := f.client.GetAuthorizer(f.ctx, &apigatewayv2.GetAuthorizerInput{ApiId: f.apiId, AuthorizerId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid Authorizer identifier specified")
	_, err = f.client.GetAuthorizer(f.ctx, &apigatewayv2.GetAuthorizerInput{ApiId: aws.String(missingId), AuthorizerId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
