// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetAuthorizers(t *testing.T) {
	f := newHttp(t)
	id := f.authorizer()
	output, err := f.client.GetAuthorizers(f.ctx, &apigatewayv2.GetAuthorizersInput{ApiId: f.apiId, MaxResults: aws.String("10")})
	items := must(t, output, err).Items
	count(t, "items", items, 1)
	is(t, "authorizerId", items[0].AuthorizerId, *id)
}
