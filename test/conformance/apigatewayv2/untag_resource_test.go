// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUntagResource(t *testing.T) {
	f := newHttp(t)
	f.tag(map[string]string{"a": "b", "c": "d"})
	output, err := f.client.UntagResource(f.ctx, &apigatewayv2.UntagResourceInput{ResourceArn: f.arn(), TagKeys: []string{"a"}})
	must(t, output, err)
	found, err := f.client.GetTags(f.ctx, &apigatewayv2.GetTagsInput{ResourceArn: f.arn()})
	if tags := must(t, found, err).Tags; len(tags) != 1 || tags["c"] != "d" {
		t.Errorf("%v", tags)
	}
}
