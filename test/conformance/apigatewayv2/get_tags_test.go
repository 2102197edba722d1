// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetTags(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.GetTags(f.ctx, &apigatewayv2.GetTagsInput{ResourceArn: f.arn()})
	if tags := must(t, output, err).Tags; len(tags) != 0 {
		t.Errorf("%v", tags)
	}
}
