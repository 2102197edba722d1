// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"
)

func TestUntagResource(t *testing.T) {
	f := newFixture(t)
	tagged, err := f.client.TagResource(f.ctx, &lambda.TagResourceInput{Resource: &f.arn, Tags: map[string]string{"a": "1", "b": "2"}})
	must(t, tagged, err)
	output, err := f.client.UntagResource(f.ctx, &lambda.UntagResourceInput{Resource: &f.arn, TagKeys: []string{"a", "unknown"}})
	must(t, output, err)
	if diff := cmp.Diff(map[string]string{"b": "2"}, f.tags()); diff != "" {
		t.Error(diff)
	}
}
