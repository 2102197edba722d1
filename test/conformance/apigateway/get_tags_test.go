// Known from: the model; error observed.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetTags_none(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.GetTags(f.ctx, &apigateway.GetTagsInput{ResourceArn: f.arn("")})
	if got := must(t, output, err).Tags; got == nil || len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestGetTags_missing(t *testing.T) {
	_, err := client(t).GetTags(context.Background(), &apigateway.GetTagsInput{ResourceArn: aws.String("arn:aws:apigateway:us-east-1::/restapis/" + missingId)})
	refused(t, err, notFoundCode, messageApi)
}
