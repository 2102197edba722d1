// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestCreateModel(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.GetModel(f.ctx, &apigatewayv2.GetModelInput{ApiId: f.apiId, ModelId: f.model()})
	got := must(t, output, err)
	is(t, "name", got.Name, "Message")
	is(t, "contentType", got.ContentType, "application/json")
}
