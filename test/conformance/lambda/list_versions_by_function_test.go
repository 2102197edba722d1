// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestListVersionsByFunction(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.ListVersionsByFunction(f.ctx, &lambda.ListVersionsByFunctionInput{FunctionName: f.name})
	must(t, got, err)
	if len(got.Versions) != 1 || *got.Versions[0].FunctionArn != f.arn+":$LATEST" {
		t.Errorf("versions %+v", got.Versions)
	}
	f.publish()
	got, err = f.client.ListVersionsByFunction(f.ctx, &lambda.ListVersionsByFunctionInput{FunctionName: f.name, MaxItems: aws.Int32(1)})
	if must(t, got, err); len(got.Versions) != 1 || got.NextMarker == nil {
		t.Errorf("the first page: %+v", got)
	}
}

func TestListVersionsByFunction_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.ListVersionsByFunction(f.ctx, &lambda.ListVersionsByFunctionInput{FunctionName: aws.String("none")})
	refused(t, err, notFoundCode, "")
}
