// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestGetAlias(t *testing.T) {
	f := newFixture(t)
	f.alias("live", "$LATEST")
	got, err := f.client.GetAlias(f.ctx, &lambda.GetAliasInput{FunctionName: f.name, Name: aws.String("live")})
	must(t, got, err)
	is(t, "functionVersion", got.FunctionVersion, "$LATEST")
	_, err = f.client.GetAlias(f.ctx, &lambda.GetAliasInput{FunctionName: f.name, Name: aws.String("none")})
	refused(t, err, notFoundCode, "Cannot find alias arn: "+f.arn+":none")
}
