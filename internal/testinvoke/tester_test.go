package testinvoke

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/deployment"
	"gatehouse/internal/integration"
	"gatehouse/internal/throttle"
)

func now() time.Time { return time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC) }

// functions answers as told, and keeps what it was sent.
type functions struct {
	answer, functionError string
	sent                  string
}

func (f *functions) Invoke(_ context.Context, invocation *integration.Invocation) (*integration.InvocationResult, error) {
	f.sent = string(invocation.Payload)
	return &integration.InvocationResult{StatusCode: 200, Payload: []byte(f.answer), FunctionError: f.functionError}, nil
}

func newTester(invoker integration.Invoker) *Tester {
	return &Tester{
		Invoker: invoker, Now: now, NewId: func() string { return "5d1e2f0a-0000-4000-8000-000000000000" },
		Pipeline: func(recorder record.Recorder, invoker integration.Invoker) *restapi.Pipeline {
			return &restapi.Pipeline{
				Functions: invoker, Authorizers: &authorizer.Functions{Invoker: invoker, Cache: authorizer.NewCache(now)}, Throttles: throttle.New(now),
				Recorder: recorder, Now: now, Random: func() uint64 { return 0 },
			}
		},
	}
}

const functionUri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"

func request(path string) restapis.TestRequest {
	return restapis.TestRequest{
		Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}, PathWithQueryString: path, StageVariables: map[string]string{"v": "V"},
		Headers: []integration.Field{{Name: "Auth", Value: "token"}}, Body: `{"a":1}`,
		Api: deployment.Snapshot{
			// A policy that lets nobody in, and a method that wants a key and an authorizer.
			RestApi:     apigw.RestApi{Id: "a1b2c3", Policy: `{"Version":"2012-10-17","Statement":[]}`},
			Authorizers: []apigw.Authorizer{{Id: "x1", Name: "n", Type: "TOKEN", AuthorizerUri: functionUri, IdentitySource: "method.request.header.Auth"}},
		},
	}
}

func mockTest(path, httpMethod string) *restapis.MethodTest {
	return &restapis.MethodTest{
		TestRequest: request(path), Resource: apigw.Resource{Id: "r1", Path: "/pets/{id}"}, HttpMethod: httpMethod,
		Method: apigw.Method{
			HttpMethod: "ANY", AuthorizationType: "CUSTOM", AuthorizerId: "x1", ApiKeyRequired: true,
			MethodIntegration: &apigw.Integration{
				Type: "MOCK", PassthroughBehavior: "WHEN_NO_MATCH", TimeoutInMillis: 1000, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`},
				IntegrationResponses: map[string]apigw.IntegrationResponse{"200": {StatusCode: "200", ResponseTemplates: map[string]string{
					"application/json": "$context.httpMethod $input.params('id') $stageVariables.v $context.stage $context.identity.sourceIp",
				}}},
			},
			MethodResponses: map[string]apigw.MethodResponse{"200": {StatusCode: "200"}},
		},
	}
}

// The lines are AWS's as its users reported them. Nobody is authorized and no key is asked for.
func TestMethod(t *testing.T) {
	result, err := newTester(&functions{}).TestMethod(t.Context(), mockTest("/pets/7?a=b", "PUT"))
	if err != nil {
		t.Fatal(err)
	}
	want := &restapis.MethodTestResult{
		StatusCode: 200, Body: "PUT 7 V test-invoke-stage test-invoke-source-ip", Headers: []integration.Field{{Name: "Content-Type", Value: "application/json"}},
		Log: `Execution log for request 5d1e2f0a-0000-4000-8000-000000000000
Wed Jan 01 00:00:00 UTC 2025 : Starting execution for request: 5d1e2f0a-0000-4000-8000-000000000000
Wed Jan 01 00:00:00 UTC 2025 : HTTP Method: PUT, Resource Path: /pets/{id}
Wed Jan 01 00:00:00 UTC 2025 : Method request path: {id=7}
Wed Jan 01 00:00:00 UTC 2025 : Method request query string: {a=b}
Wed Jan 01 00:00:00 UTC 2025 : Method request headers: {Auth=token}
Wed Jan 01 00:00:00 UTC 2025 : Method request body before transformations: {"a":1}
Wed Jan 01 00:00:00 UTC 2025 : Method response body after transformations: PUT 7 V test-invoke-stage test-invoke-source-ip
Wed Jan 01 00:00:00 UTC 2025 : Method response headers: {Content-Type=application/json}
Wed Jan 01 00:00:00 UTC 2025 : Successfully completed execution
Wed Jan 01 00:00:00 UTC 2025 : Method completed with status: 200
`,
	}
	if diff := cmp.Diff(want, result); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMethod_paths(t *testing.T) {
	for _, row := range []struct{ path, httpMethod, want string }{
		{"", "GET", "GET {id}"},
		{"pets/a%20b", "GET", "GET a b"},
		{"/pets/7", "ANY", "GET 7"},
		{"/dogs/7", "GET", ""},
		{"/pets/%zz", "GET", ""},
	} {
		result, err := newTester(&functions{}).TestMethod(t.Context(), mockTest(row.path, row.httpMethod))
		switch {
		case row.want == "" && !errors.Is(err, restapis.ErrTestPath):
			t.Errorf("%s: %v", row.path, err)
		case row.want != "" && (err != nil || !strings.HasPrefix(result.Body, row.want)):
			t.Errorf("%s: %+v, %v", row.path, result, err)
		}
	}
}

// The lines are AWS's as far as its users reported them.
func TestAuthorizer(t *testing.T) {
	const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"execute-api:Invoke","Resource":"*"}]}`
	const sent = `{"type":"TOKEN","methodArn":"arn:aws:execute-api:us-east-1:123456789012:a1b2c3/test-invoke-stage/GET/","authorizationToken":"token"}`
	const begin = "Starting authorizer: x1 for request: 5d1e2f0a-0000-4000-8000-000000000000"
	const url = "Endpoint request URI: https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
	for name, row := range map[string]struct {
		functions functions
		want      restapis.AuthorizerTestResult
		lines     []string
	}{
		"denies": {
			functions{answer: `{"principalId":"somebody","policyDocument":` + policy + `}`}, restapis.AuthorizerTestResult{StatusCode: 200, PrincipalId: "somebody", Policy: policy},
			[]string{"Using valid authorizer policy for principal: ******dy", "Successfully completed authorizer execution"},
		},
		"throws Unauthorized": {
			functions{answer: `{"errorMessage":"Unauthorized"}`, functionError: "Unhandled"}, restapis.AuthorizerTestResult{StatusCode: 401},
			[]string{"Unauthorized request: 5d1e2f0a-0000-4000-8000-000000000000"},
		},
		"answers nonsense": {
			functions{answer: `5`}, restapis.AuthorizerTestResult{StatusCode: 500},
			[]string{"Execution failed due to configuration error: not a JSON object with an authorizer's members"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			asked := request("/anything?a=b")
			got, err := newTester(&row.functions).TestAuthorizer(t.Context(), &restapis.AuthorizerTest{TestRequest: asked, Authorizer: asked.Api.Authorizers[0]})
			if err != nil {
				t.Fatal(err)
			}
			if row.functions.sent != sent {
				t.Errorf("the function was sent %s", row.functions.sent)
			}
			lines := append([]string{begin, url, "Endpoint request body after transformations: " + sent, "Authorizer result body before parsing: " + row.functions.answer}, row.lines...)
			row.want.Log = "Execution log for request 5d1e2f0a-0000-4000-8000-000000000000\n"
			for _, line := range lines {
				row.want.Log += "Wed Jan 01 00:00:00 UTC 2025 : " + line + "\n"
			}
			if diff := cmp.Diff(&row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAuthorizer_withoutIdentity(t *testing.T) {
	asked := request("")
	asked.Headers = nil
	called := &functions{}
	got, err := newTester(called).TestAuthorizer(t.Context(), &restapis.AuthorizerTest{TestRequest: asked, Authorizer: asked.Api.Authorizers[0]})
	if err != nil || got.StatusCode != 401 || called.sent != "" {
		t.Errorf("%+v, %v; the function was sent %q", got, err, called.sent)
	}
}
