// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUpdateModel(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.UpdateModel(f.ctx, &apigatewayv2.UpdateModelInput{ApiId: f.apiId, ModelId: f.model(), Description: aws.String("d")})
	got := must(t, output, err)
	is(t, "description", got.Description, "d")
	is(t, "name", got.Name, "Message")
}
