// Known from: the service model; errors from public reports.

package lambda

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetPolicy(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetPolicy(f.ctx, &lambda.GetPolicyInput{FunctionName: f.name})
	refused(t, err, notFoundCode, "The resource you requested does not exist.")
	added, err := f.permit("api")
	must(t, added, err)
	got, err := f.client.GetPolicy(f.ctx, &lambda.GetPolicyInput{FunctionName: f.name})
	if must(t, got, err); !strings.Contains(*got.Policy, `"Sid":"api"`) || !strings.Contains(*got.Policy, `"Id":"default"`) {
		t.Errorf("policy %s", *got.Policy)
	}
}
