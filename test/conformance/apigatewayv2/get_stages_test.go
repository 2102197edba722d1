// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetStages_pages(t *testing.T) {
	f := newHttp(t)
	for _, name := range []string{"a", "b", "c"} {
		f.stage(name)
	}
	first, err := f.client.GetStages(f.ctx, &apigatewayv2.GetStagesInput{ApiId: f.apiId, MaxResults: aws.String("2")})
	count(t, "stages", must(t, first, err).Items, 2)
	second, err := f.client.GetStages(f.ctx, &apigatewayv2.GetStagesInput{ApiId: f.apiId, MaxResults: aws.String("2"), NextToken: first.NextToken})
	count(t, "stages", must(t, second, err).Items, 1)
	if second.NextToken != nil {
		t.Error("the last page has a token")
	}
}
