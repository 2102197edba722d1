// Known from: AWS command line's get-models example.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetModels_hasTheDefaults(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.GetModels(f.ctx, &apigateway.GetModelsInput{RestApiId: f.apiId})
	names := map[string]bool{}
	for _, item := range must(t, output, err).Items {
		names[*item.Name] = true
	}
	if len(names) != 2 || !names["Empty"] || !names["Error"] {
		t.Errorf("%v", names)
	}
}
