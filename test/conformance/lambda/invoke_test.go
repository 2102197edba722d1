// Known from: the service model; errors from public reports.

package lambda

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"gatehouse/test/conformance"
)

func TestInvoke(t *testing.T) {
	f := newFixture(t)
	answer, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name, Payload: []byte(`{"a":1}`), LogType: types.LogTypeTail})
	if must(t, answer, err); string(answer.Payload) != `{"a": 1}` || answer.StatusCode != 200 || answer.FunctionError != nil {
		t.Errorf("got %d %s %v", answer.StatusCode, answer.Payload, aws.ToString(answer.FunctionError))
	}
	is(t, "executedVersion", answer.ExecutedVersion, "$LATEST")
	log, err := base64.StdEncoding.DecodeString(aws.ToString(answer.LogResult))
	if err != nil || !strings.Contains(string(log), `saw {"a": 1}`) || !strings.Contains(string(log), "START RequestId: ") || !strings.Contains(string(log), "REPORT RequestId: ") {
		t.Errorf("log %q %v", log, err)
	}
}

func TestInvoke_functionError(t *testing.T) {
	f := newFixture(t)
	answer, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name, Payload: []byte(`"fail"`)})
	must(t, answer, err)
	is(t, "functionError", answer.FunctionError, "Unhandled")
	var document struct {
		ErrorType    string   `json:"errorType"`
		ErrorMessage string   `json:"errorMessage"`
		StackTrace   []string `json:"stackTrace"`
	}
	if err := json.Unmarshal(answer.Payload, &document); err != nil || document.ErrorType != "ValueError" || document.ErrorMessage != "asked to" || len(document.StackTrace) == 0 {
		t.Errorf("got %s %v", answer.Payload, err)
	}
}

func TestInvoke_otherTypes(t *testing.T) {
	f := newFixture(t)
	for kind, want := range map[types.InvocationType]int32{types.InvocationTypeEvent: 202, types.InvocationTypeDryRun: 204} {
		answer, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name, InvocationType: kind, Payload: []byte(`{}`)})
		if must(t, answer, err); answer.StatusCode != want || len(answer.Payload) > 0 {
			t.Errorf("%s: got %d %s", kind, answer.StatusCode, answer.Payload)
		}
	}
}

func TestInvoke_badPayload(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name, Payload: []byte(`{`)})
	refused(t, err, "InvalidRequestContentException", "")
}

func TestInvoke_unknown(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: aws.String("none")})
	message := "Function not found: " + missingArn("none")
	if conformance.Target() == conformance.Aws {
		message = ""
	}
	refused(t, err, notFoundCode, message)
}

func TestInvoke_throttled(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.PutFunctionConcurrency(f.ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: f.name, ReservedConcurrentExecutions: aws.Int32(0)})
	must(t, output, err)
	_, err = f.client.Invoke(f.ctx, &lambda.InvokeInput{FunctionName: f.name})
	refused(t, err, "TooManyRequestsException", "Rate Exceeded.")
}
