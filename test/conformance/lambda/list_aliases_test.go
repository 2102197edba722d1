// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestListAliases(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.ListAliases(f.ctx, &lambda.ListAliasesInput{FunctionName: f.name})
	must(t, got, err)
	if len(got.Aliases) != 0 {
		t.Errorf("aliases %+v", got.Aliases)
	}
}

func TestListAliases_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.ListAliases(f.ctx, &lambda.ListAliasesInput{FunctionName: aws.String("none")})
	refused(t, err, notFoundCode, "")
}
