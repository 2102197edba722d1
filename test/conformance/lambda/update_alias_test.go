// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestUpdateAlias(t *testing.T) {
	f := newFixture(t)
	f.alias("live", "$LATEST")
	version := f.publish()
	changed, err := f.client.UpdateAlias(f.ctx, &lambda.UpdateAliasInput{FunctionName: f.name, Name: aws.String("live"), FunctionVersion: &version})
	must(t, changed, err)
	is(t, "functionVersion", changed.FunctionVersion, version)
}
