// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetModels(t *testing.T) {
	f := newWebSocket(t)
	id := f.model()
	output, err := f.client.GetModels(f.ctx, &apigatewayv2.GetModelsInput{ApiId: f.apiId, MaxResults: aws.String("10")})
	items := must(t, output, err).Items
	count(t, "items", items, 1)
	is(t, "modelId", items[0].ModelId, *id)
}
