// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestListTags(t *testing.T) {
	f := newFixture(t)
	if tags := f.tags(); len(tags) != 0 {
		t.Errorf("got %v", tags)
	}
	_, err := f.client.ListTags(f.ctx, &lambda.ListTagsInput{Resource: aws.String(f.arn + "x")})
	refused(t, err, notFoundCode, "")
}
