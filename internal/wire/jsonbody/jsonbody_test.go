package jsonbody_test

import (
	"reflect"
	"strings"
	"testing"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/wire/jsonbody"
	"gatehouse/internal/wire/validate"
)

func decodeLogEvents(text string) (logs.PutLogEventsInput, string, error) {
	var input logs.PutLogEventsInput
	var report validate.Report
	shape := logs.Schema().Operation("PutLogEvents").Input
	err := jsonbody.Decode([]byte(text), shape, reflect.ValueOf(&input).Elem(), &report)
	report.Check(shape, reflect.ValueOf(input))
	return input, report.Message(), err
}

func TestDecode(t *testing.T) {
	for _, test := range []struct{ name, text, wantError, wantMissing string }{
		{name: "all", text: `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1e3,"message":"m"}]}`},
		{name: "unknown members", text: `{"logGroupName":"g","x":{"y":[1]},"logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`},
		{name: "null element", text: `{"logGroupName":"g","logStreamName":"s","logEvents":[null,{"timestamp":1,"message":"m"}]}`},
		{name: "last one wins", text: `{"logGroupName":"a b","logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`},
		{name: "null is missing", text: `{"logGroupName":null,"logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`, wantMissing: "Value null at 'logGroupName'"},
		{name: "missing below", text: `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1}]}`, wantMissing: "Value null at 'logEvents.1.member.message'"},
		{name: "empty body", text: ` `, wantMissing: "3 validation errors detected"},
		{name: "text for number", text: `{"logEvents":[{"timestamp":"1"}]}`, wantError: "STRING_VALUE cannot be converted to Long"},
		{name: "fraction for integer", text: `{"logEvents":[{"timestamp":1.5}]}`, wantError: "NUMBER_VALUE cannot be converted to Long"},
		{name: "too large", text: `{"logEvents":[{"timestamp":9223372036854775808}]}`, wantError: "NUMBER_VALUE cannot be converted to Long"},
		{name: "boolean for text", text: `{"logGroupName":true}`, wantError: "TRUE_VALUE cannot be converted to String"},
		{name: "object for text", text: `{"logGroupName":{}}`, wantError: "START_OBJECT cannot be converted to String"},
		{name: "object for list", text: `{"logEvents":{}}`, wantError: "Expected list or null"},
		{name: "text for structure", text: `{"logEvents":["x"]}`, wantError: "Start of structure or map found where not expected."},
		{name: "list at the top", text: `[]`, wantError: "Start of structure or map found where not expected."},
		{name: "cut short", text: `{"logEvents":[`, wantError: "Could not parse"},
		{name: "two values", text: `{} {}`, wantError: "Could not parse"},
		{name: "trailing comma", text: `{"logGroupName":"g",}`, wantError: "Could not parse"},
	} {
		t.Run(test.name, func(t *testing.T) {
			input, missing, err := decodeLogEvents(test.text)
			switch {
			case test.wantError != "":
				if err == nil || !strings.Contains(err.Error(), test.wantError) {
					t.Errorf("error %v, want %s", err, test.wantError)
				}
			case err != nil:
				t.Error(err)
			case test.wantMissing != "":
				if !strings.Contains(missing, test.wantMissing) {
					t.Errorf("violations %q, want %s", missing, test.wantMissing)
				}
			case missing != "" || input.LogGroupName != "g" || len(input.LogEvents) != 1 || input.LogEvents[0].Message != "m":
				t.Errorf("input %+v, violations %q", input, missing)
			}
		})
	}
}

// A key whose value is null stays, empty; a list and a map that are empty are written, absent ones not.
func TestAppend(t *testing.T) {
	shape := apigatewayv2.Schema().Operation("CreateStage").Input
	var input apigatewayv2.CreateStageInput
	var report validate.Report
	text := `{"stageName":"a\u0000\"é","stageVariables":{"x":null},"tags":{},"routeSettings":{"r":{"throttlingRateLimit":1}},"autoDeploy":false}`
	if err := jsonbody.Decode([]byte(text), shape, reflect.ValueOf(&input).Elem(), &report); err != nil {
		t.Fatal(err)
	}
	got := string(jsonbody.Append(nil, shape, reflect.ValueOf(input)))
	want := `{"autoDeploy":false,"routeSettings":{"r":{"throttlingRateLimit":1.0}},"stageName":"a\u0000\"é","stageVariables":{"x":""},"tags":{}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// AWS answers an empty mapping template as null (seen on AWS by Terraform's provider).
func TestAppend_emptyTemplates(t *testing.T) {
	integration := apigateway.Integration{
		RequestTemplates:     map[string]string{"application/json": "", "text/plain": "x"},
		RequestParameters:    map[string]string{"integration.request.header.A": ""},
		IntegrationResponses: map[string]apigateway.IntegrationResponse{"200": {ResponseTemplates: map[string]string{"application/json": ""}}},
	}
	got := string(jsonbody.Append(nil, apigateway.Schema().Operation("GetIntegration").Output, reflect.ValueOf(integration)))
	want := `{"requestParameters":{"integration.request.header.A":""},"requestTemplates":{"application/json":null,"text/plain":"x"},` +
		`"integrationResponses":{"200":{"responseTemplates":{"application/json":null}}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
