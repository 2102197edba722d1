// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestRemovePermission(t *testing.T) {
	f := newFixture(t)
	added, err := f.permit("api")
	must(t, added, err)
	removed, err := f.client.RemovePermission(f.ctx, &lambda.RemovePermissionInput{FunctionName: f.name, StatementId: aws.String("api")})
	must(t, removed, err)
	_, err = f.client.RemovePermission(f.ctx, &lambda.RemovePermissionInput{FunctionName: f.name, StatementId: aws.String("api")})
	refused(t, err, notFoundCode, "")
}
