// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

// arn is the API's.
func (f *fixture) arn() *string {
	return aws.String("arn:aws:apigateway:" + f.client.Options().Region + "::/apis/" + *f.apiId)
}

func (f *fixture) tag(tags map[string]string) {
	f.Helper()
	output, err := f.client.TagResource(f.ctx, &apigatewayv2.TagResourceInput{ResourceArn: f.arn(), Tags: tags})
	must(f.T, output, err)
}

func TestTagResource(t *testing.T) {
	f := newHttp(t)
	f.tag(map[string]string{"a": "b"})
	output, err := f.client.GetApi(f.ctx, &apigatewayv2.GetApiInput{ApiId: f.apiId})
	if tags := must(t, output, err).Tags; tags["a"] != "b" {
		t.Errorf("%v", tags)
	}
}
