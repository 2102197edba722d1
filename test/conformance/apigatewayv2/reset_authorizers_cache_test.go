// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestResetAuthorizersCache(t *testing.T) {
	f := newHttp(t)
	f.stage("s")
	output, err := f.client.ResetAuthorizersCache(f.ctx, &apigatewayv2.ResetAuthorizersCacheInput{ApiId: f.apiId, StageName: aws.String("s")})
	must(t, output, err)
}
