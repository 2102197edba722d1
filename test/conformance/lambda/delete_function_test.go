// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestDeleteFunction(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.DeleteFunction(f.ctx, &lambda.DeleteFunctionInput{FunctionName: f.name})
	must(t, output, err)
	_, err = f.client.GetFunction(f.ctx, &lambda.GetFunctionInput{FunctionName: f.name})
	refused(t, err, notFoundCode, "")
}

func TestDeleteFunction_versionOfAlias(t *testing.T) {
	f := newFixture(t)
	version := f.publish()
	alias, err := f.client.CreateAlias(f.ctx, &lambda.CreateAliasInput{FunctionName: f.name, Name: aws.String("live"), FunctionVersion: &version})
	must(t, alias, err)
	_, err = f.client.DeleteFunction(f.ctx, &lambda.DeleteFunctionInput{FunctionName: f.name, Qualifier: &version})
	refused(t, err, conflictCode, "")
}
