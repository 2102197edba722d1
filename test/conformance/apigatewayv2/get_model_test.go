// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetModel(t *testing.T) {
	f := newWebSocket(t)
	id := f.model()
	output, err := f.client.GetModel(f.ctx, &apigatewayv2.GetModelInput{ApiId: f.apiId, ModelId: id})
	is(t, "modelId", must(t, output, err).ModelId, *id)
}

func TestGetModel_missing(t *testing.T) {
	f := newWebSocket(t)
	_, err := f.client.GetModel(f.ctx, &apigatewayv2.GetModelInput{ApiId: f.apiId, ModelId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid Model identifier specified")
	_, err = f.client.GetModel(f.ctx, &apigatewayv2.GetModelInput{ApiId: aws.String(missingId), ModelId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
