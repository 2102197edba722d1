// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestListFunctions(t *testing.T) {
	f := newFixture(t)
	found := false
	pages := lambda.NewListFunctionsPaginator(f.client, &lambda.ListFunctionsInput{MaxItems: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(f.ctx)
		for _, function := range must(t, page, err).Functions {
			found = found || *function.FunctionName == *f.name
		}
	}
	if !found {
		t.Errorf("%s is not listed", *f.name)
	}
}
