// Known from: the service model; errors from public reports.

package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestUpdateFunctionCode(t *testing.T) {
	f := newFixture(t)
	before, err := f.client.GetFunctionConfiguration(f.ctx, &lambda.GetFunctionConfigurationInput{FunctionName: f.name})
	must(t, before, err)
	changed, err := f.client.UpdateFunctionCode(f.ctx, &lambda.UpdateFunctionCodeInput{FunctionName: f.name, ZipFile: archive(t, "def handler(e, c):\n    return 'new'\n")})
	if must(t, changed, err); *changed.CodeSha256 == *before.CodeSha256 || *changed.RevisionId == *before.RevisionId {
		t.Errorf("nothing changed: %+v", changed)
	}
	f.waitUntilActive()
	answer, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name})
	if must(t, answer, err); string(answer.Payload) != `"new"` {
		t.Errorf("the old code answers: %s", answer.Payload)
	}
}

func TestUpdateFunctionCode_oldRevision(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.UpdateFunctionCode(f.ctx, &lambda.UpdateFunctionCodeInput{FunctionName: f.name, ZipFile: archive(t, echo), RevisionId: aws.String("old")})
	refused(t, err, "PreconditionFailedException", "")
}
