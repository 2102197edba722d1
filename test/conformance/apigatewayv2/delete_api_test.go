// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteApi(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.DeleteApi(f.ctx, &apigatewayv2.DeleteApiInput{ApiId: f.apiId})
	must(t, output, err)
	_, err = f.client.DeleteApi(f.ctx, &apigatewayv2.DeleteApiInput{ApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
