// Known from: the service model; errors from public reports.

package lambda

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"
)

func (f *fixture) permit(statementId string) (*lambda.AddPermissionOutput, error) {
	f.Helper()
	return f.client.AddPermission(f.ctx, &lambda.AddPermissionInput{
		FunctionName: f.name, StatementId: &statementId, Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:us-east-1:000000000000:abc/*/GET/pets"),
	})
}

func TestAddPermission(t *testing.T) {
	f := newFixture(t)
	output, err := f.permit("api")
	var statement map[string]any
	if err := json.Unmarshal([]byte(*must(t, output, err).Statement), &statement); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"Sid": "api", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": f.arn,
		"Principal": map[string]any{"Service": "apigateway.amazonaws.com"},
		"Condition": map[string]any{"ArnLike": map[string]any{"AWS:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*/GET/pets"}},
	}
	if diff := cmp.Diff(want, statement); diff != "" {
		t.Error(diff)
	}
}

func TestAddPermission_refuses(t *testing.T) {
	f := newFixture(t)
	output, err := f.permit("api")
	must(t, output, err)
	_, err = f.permit("api")
	refused(t, err, conflictCode, "The statement id (api) provided already exists. Please provide a new statement id, or remove the existing statement.")
	_, err = f.client.AddPermission(f.ctx, &lambda.AddPermissionInput{FunctionName: f.name, StatementId: aws.String("x"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("nobody")})
	refused(t, err, invalidCode, "The provided principal was invalid. Please check the principal and try again.")
}
