// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestUntagResource(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.TagResource(f.ctx, &apigateway.TagResourceInput{ResourceArn: f.arn(""), Tags: map[string]string{"a": "1", "b": "2"}})
	must(t, 0, err)
	_, err = f.client.UntagResource(f.ctx, &apigateway.UntagResourceInput{ResourceArn: f.arn(""), TagKeys: []string{"a", "never"}})
	must(t, 0, err)
	output, err := f.client.GetTags(f.ctx, &apigateway.GetTagsInput{ResourceArn: f.arn("")})
	if got := must(t, output, err).Tags; len(got) != 1 || got["b"] != "2" {
		t.Errorf("%v", got)
	}
}
