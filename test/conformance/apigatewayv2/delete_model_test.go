// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteModel(t *testing.T) {
	f := newWebSocket(t)
	in := &apigatewayv2.DeleteModelInput{ApiId: f.apiId, ModelId: f.model()}
	output, err := f.client.DeleteModel(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteModel(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid Model identifier specified")
}
