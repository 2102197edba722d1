// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestDeleteAlias(t *testing.T) {
	f := newFixture(t)
	f.alias("live", "$LATEST")
	for range 2 { // deleting what is not there is no error
		output, err := f.client.DeleteAlias(f.ctx, &lambda.DeleteAliasInput{FunctionName: f.name, Name: aws.String("live")})
		must(t, output, err)
	}
	_, err := f.client.GetAlias(f.ctx, &lambda.GetAliasInput{FunctionName: f.name, Name: aws.String("live")})
	refused(t, err, notFoundCode, "")
}
