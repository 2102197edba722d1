// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func (f *fixture) alias(name, version string) *lambda.CreateAliasOutput {
	f.Helper()
	created, err := f.client.CreateAlias(f.ctx, &lambda.CreateAliasInput{FunctionName: f.name, Name: &name, FunctionVersion: &version})
	return must(f.T, created, err)
}

func TestCreateAlias(t *testing.T) {
	f := newFixture(t)
	version := f.publish()
	alias := f.alias("live", version)
	is(t, "aliasArn", alias.AliasArn, f.arn+":live")
	answer, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name, Qualifier: aws.String("live"), Payload: []byte("1")})
	must(t, answer, err)
	is(t, "executedVersion", answer.ExecutedVersion, version)
}

func TestCreateAlias_refuses(t *testing.T) {
	f := newFixture(t)
	f.alias("live", f.publish())
	_, err := f.client.CreateAlias(f.ctx, &lambda.CreateAliasInput{FunctionName: f.name, Name: aws.String("live"), FunctionVersion: aws.String("1")})
	refused(t, err, conflictCode, "Alias already exists: "+f.arn+":live")
	_, err = f.client.CreateAlias(f.ctx, &lambda.CreateAliasInput{FunctionName: f.name, Name: aws.String("next"), FunctionVersion: aws.String("9")})
	refused(t, err, notFoundCode, "Function not found: "+f.arn+":9")
}
