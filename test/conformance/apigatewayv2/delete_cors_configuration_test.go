// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestDeleteCorsConfiguration(t *testing.T) {
	f := newFixture(t, &apigatewayv2.CreateApiInput{ProtocolType: types.ProtocolTypeHttp, CorsConfiguration: &types.Cors{AllowOrigins: []string{"*"}}})
	output, err := f.client.DeleteCorsConfiguration(f.ctx, &apigatewayv2.DeleteCorsConfigurationInput{ApiId: f.apiId})
	must(t, output, err)
	found, err := f.client.GetApi(f.ctx, &apigatewayv2.GetApiInput{ApiId: f.apiId})
	if cors := must(t, found, err).CorsConfiguration; cors != nil {
		t.Errorf("%+v", cors)
	}
}
