// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestUpdateApi(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.UpdateApi(f.ctx, &apigatewayv2.UpdateApiInput{
		ApiId: f.apiId, Description: aws.String("d"), DisableExecuteApiEndpoint: aws.Bool(true),
		CorsConfiguration: &types.Cors{AllowOrigins: []string{"https://example.com"}, AllowMethods: []string{"GET"}, MaxAge: aws.Int32(60)},
	})
	got := must(t, output, err)
	is(t, "description", got.Description, "d")
	is(t, "disableExecuteApiEndpoint", got.DisableExecuteApiEndpoint, true)
	is(t, "maxAge", got.CorsConfiguration.MaxAge, 60)
	is(t, "name", got.Name, "conformance "+t.Name())
}
