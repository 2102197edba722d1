// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"
)

func (f *fixture) tags() map[string]string {
	f.Helper()
	got, err := f.client.ListTags(f.ctx, &lambda.ListTagsInput{Resource: &f.arn})
	return must(f.T, got, err).Tags
}

func TestTagResource(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.TagResource(f.ctx, &lambda.TagResourceInput{Resource: &f.arn, Tags: map[string]string{"a": "1", "b": "2"}})
	must(t, output, err)
	if diff := cmp.Diff(map[string]string{"a": "1", "b": "2"}, f.tags()); diff != "" {
		t.Error(diff)
	}
}
