// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestPublishVersion(t *testing.T) {
	f := newFixture(t)
	if one := f.publish(); one != "1" {
		t.Errorf("the first version is %s", one)
	}
	if again := f.publish(); again != "1" {
		t.Errorf("publishing without a change makes %s", again)
	}
}

func TestPublishVersion_otherCode(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.PublishVersion(f.ctx, &lambda.PublishVersionInput{FunctionName: f.name, CodeSha256: aws.String("other")})
	refused(t, err, invalidCode, "")
}
