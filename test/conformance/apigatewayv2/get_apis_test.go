// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetApis(t *testing.T) {
	f := newHttp(t)
	pages := 0
	for token := (*string)(nil); ; pages++ {
		output, err := f.client.GetApis(f.ctx, &apigatewayv2.GetApisInput{NextToken: token})
		for _, item := range must(t, output, err).Items {
			if *item.ApiId == *f.apiId {
				return
			}
		}
		if token = output.NextToken; token == nil {
			t.Fatalf("the API is on none of %d pages", pages+1)
		}
	}
}
