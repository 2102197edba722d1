package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkapigateway "github.com/aws/aws-sdk-go-v2/service/apigateway"
	sdkmanagement "github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	sdkapigatewayv2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	sdkcloudformation "github.com/aws/aws-sdk-go-v2/service/cloudformation"
	sdklogs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	sdkelbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	sdklambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	sdksts "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/cloudformation"
	"gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/awsapi/iam"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/awsapi/sts"
	"gatehouse/internal/wire"
)

// client is one official client and the service it talks to.
type client struct {
	schema         *schema.Service
	implementation any
	new            func(aws.Config) any
}

// clients lists the official Go SDK's clients of everything that is served.
func clients() []client {
	return []client{
		{apigateway.Schema(), apigateway.Unimplemented{}, func(c aws.Config) any { return sdkapigateway.NewFromConfig(c) }},
		{apigatewayv2.Schema(), apigatewayv2.Unimplemented{}, func(c aws.Config) any { return sdkapigatewayv2.NewFromConfig(c) }},
		{apigatewaymanagementapi.Schema(), apigatewaymanagementapi.Unimplemented{}, func(c aws.Config) any {
			return sdkmanagement.NewFromConfig(c, func(o *sdkmanagement.Options) {
				o.BaseEndpoint = aws.String(*c.BaseEndpoint + "/_aws/execute-api/a1b2c3d4e5/prod")
			})
		}},
		{lambda.Schema(), lambda.Unimplemented{}, func(c aws.Config) any { return sdklambda.NewFromConfig(c) }},
		{logs.Schema(), logs.Unimplemented{}, func(c aws.Config) any { return sdklogs.NewFromConfig(c) }},
		{iam.Schema(), iam.Unimplemented{}, func(c aws.Config) any { return sdkiam.NewFromConfig(c) }},
		{sts.Schema(), sts.Unimplemented{}, func(c aws.Config) any { return sdksts.NewFromConfig(c) }},
		{elbv2.Schema(), elbv2.Unimplemented{}, func(c aws.Config) any { return sdkelbv2.NewFromConfig(c) }},
		{cloudformation.Schema(), cloudformation.Unimplemented{}, func(c aws.Config) any { return sdkcloudformation.NewFromConfig(c) }},
	}
}

// stub answers every operation of a service in place of an implementation.
type stub struct {
	input  any   // what the last call received
	output any   // what it answers, or
	err    error // the error it answers
	status int   // the status that went out
}

// replace returns a copy of a service's description whose operations call the stub.
func (s *stub) replace(original *schema.Service) *schema.Service {
	service := *original
	service.Shapes = make([]schema.Shape, len(original.Shapes))
	for i, shape := range original.Shapes {
		service.Shapes[i] = cloneShape(shape)
	}
	service.Operations = make([]schema.Operation, len(original.Operations))
	for i, operation := range original.Operations {
		if operation.Typed() {
			operation.Input, operation.Output = cloneTop(original, operation.Input), cloneTop(original, operation.Output)
			operation.Handler.Call = func(_ context.Context, _, input any) (any, error) {
				s.input = input
				return s.output, s.err
			}
		}
		service.Operations[i] = operation
	}
	return schema.Link(&service)
}

func cloneShape(shape schema.Shape) schema.Shape {
	shape.Members = append([]schema.Member(nil), shape.Members...)
	return shape
}

func cloneTop(service *schema.Service, shape *schema.Shape) *schema.Shape {
	if service.Shape(shape.Name) == shape {
		return schema.Ref(shape.Name)
	}
	clone := cloneShape(*shape)
	return &clone
}

// start serves a stub and returns the official client of the service.
func (s *stub) start(t *testing.T, c client) (*schema.Service, reflect.Value) {
	t.Helper()
	service := s.replace(c.schema)
	server, err := wire.New(wire.Options{
		Services:      []wire.Service{{Schema: service, Implementation: c.implementation}},
		Authenticator: wire.DeveloperAuthenticator{DefaultAccount: "000000000000", DefaultRegion: "us-east-1"},
		NewRequestID:  func() string { return "11111111-2222-3333-4444-555555555555" },
		Logger:        slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(statusRecorder{w, s}, r)
	}))
	t.Cleanup(endpoint.Close)
	return service, reflect.ValueOf(c.new(aws.Config{
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		BaseEndpoint:     aws.String(endpoint.URL),
		HTTPClient:       endpoint.Client(),
		RetryMaxAttempts: 1,
	}))
}

type statusRecorder struct {
	http.ResponseWriter
	stub *stub
}

func (r statusRecorder) WriteHeader(status int) {
	r.stub.status = status
	r.ResponseWriter.WriteHeader(status)
}

// call calls an operation of an official client with a tree of values.
func call(t *testing.T, sdk reflect.Value, operation *schema.Operation, input any) (reflect.Value, error) {
	t.Helper()
	method := sdk.MethodByName(operation.Name)
	if !method.IsValid() {
		t.Fatalf("the official client has no %s", operation.Name)
	}
	in := reflect.New(method.Type().In(1).Elem())
	fill(t, in.Elem(), operation.Input, input)
	results := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), in})
	err, _ := results[1].Interface().(error)
	return results[0], err
}

// Every typed operation: what the official client sends arrives in the input, member by member,
// and what the output holds arrives in the client.
func TestRoundTrip(t *testing.T) {
	for _, c := range clients() {
		t.Run(c.schema.Name, func(t *testing.T) {
			var s stub
			service, sdk := s.start(t, c)
			for i := range service.Operations {
				if operation := &service.Operations[i]; operation.Typed() {
					t.Run(operation.Name, func(t *testing.T) { roundTrip(t, &s, sdk, operation) })
				}
			}
		})
	}
}

func roundTrip(t *testing.T, s *stub, sdk reflect.Value, operation *schema.Operation) {
	input := generate(t, operation.Input, schema.Body)
	output := generate(t, operation.Output, schema.Body)
	answer := reflect.New(operation.Handler.OutputType)
	fill(t, answer.Elem(), operation.Output, output)
	*s = stub{output: answer.Interface()}
	result, err := call(t, sdk, operation, input)
	if err != nil {
		t.Fatal(err)
	}
	wanted := operation.Status
	if wanted == 0 {
		wanted = http.StatusOK
	}
	if hasStatusMember(operation.Output) {
		wanted = statusValue
	}
	if s.status != wanted {
		t.Errorf("status %d, want %d", s.status, wanted)
	}
	if operation.Name == "GetExport" { // the client overwrites this header for every operation
		input.(map[string]any)["accepts"] = "application/json"
	}
	if diff := cmp.Diff(input, extract(reflect.ValueOf(s.input).Elem(), operation.Input)); diff != "" {
		t.Errorf("input (-sent +received):\n%s", diff)
	}
	if diff := cmp.Diff(output, extract(result.Elem(), operation.Output)); diff != "" {
		t.Errorf("output (-sent +received):\n%s", diff)
	}
}

func hasStatusMember(shape *schema.Shape) bool {
	for i := range shape.Members {
		if shape.Members[i].Location == schema.StatusCode {
			return true
		}
	}
	return false
}

// Every modelled error that a typed operation may answer arrives under its name, with its message
// and its status.
func TestErrorsRoundTrip(t *testing.T) {
	for _, c := range clients() {
		t.Run(c.schema.Name, func(t *testing.T) {
			var s stub
			service, sdk := s.start(t, c)
			for i := range service.Shapes {
				if shape := &service.Shapes[i]; shape.Exception != nil {
					t.Run(shape.Name, func(t *testing.T) { errorRoundTrip(t, &s, sdk, errorCase{service, shape}) })
				}
			}
		})
	}
}

type errorCase struct {
	service *schema.Service
	shape   *schema.Shape
}

func errorRoundTrip(t *testing.T, s *stub, sdk reflect.Value, test errorCase) {
	operation := operationWith(t, test)
	exception := reflect.New(test.shape.Type)
	fill(t, exception.Elem(), test.shape, generate(t, test.shape, schema.Body))
	exception.Elem().FieldByName("Message").SetString("what went wrong <here>")
	*s = stub{err: fmt.Errorf("wrapped: %w", exception.Interface().(awsapi.Error))}
	_, err := call(t, sdk, operation, generate(t, operation.Input, schema.Body))
	var got smithy.APIError
	if !errors.As(err, &got) {
		t.Fatalf("%s answered %v, want an API error", operation.Name, err)
	}
	if got.ErrorCode() != test.shape.Exception.Code && got.ErrorCode() != test.shape.Name {
		t.Errorf("code %q, want %q", got.ErrorCode(), test.shape.Exception.Code)
	}
	if readsMessage(test) && got.ErrorMessage() != "what went wrong <here>" {
		t.Errorf("message %q", got.ErrorMessage())
	}
	var response *awshttp.ResponseError
	if !errors.As(err, &response) || response.HTTPStatusCode() != test.shape.Exception.Status {
		t.Errorf("status of %v, want %d", err, test.shape.Exception.Status)
	}
	if response != nil && response.ServiceRequestID() != "11111111-2222-3333-4444-555555555555" {
		t.Errorf("request id %q", response.ServiceRequestID())
	}
}

// readsMessage reports whether the official client reads an error's message: of rest-json errors
// only where the shape has one.
func readsMessage(test errorCase) bool {
	return test.service.Protocol != schema.RestJSON || test.shape.Type.NumField() == len(test.shape.Members)
}

func operationWith(t *testing.T, test errorCase) *schema.Operation {
	t.Helper()
	for i := range test.service.Operations {
		operation := &test.service.Operations[i]
		for _, name := range operation.Errors {
			if name == test.shape.Name {
				return operation
			}
		}
	}
	t.Fatalf("no operation answers %s", test.shape.Name)
	return nil
}
