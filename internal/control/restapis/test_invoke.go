package restapis

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/deployment"
	"gatehouse/internal/integration"
)

// Tester runs parts of an API as it is edited, without a deployment; *testinvoke.Tester
// does.
type Tester interface {
	// TestMethod runs a method. The error is ErrTestPath for a path that is not the
	// method's.
	TestMethod(ctx context.Context, test *MethodTest) (*MethodTestResult, error)
	// TestAuthorizer asks an authorizer.
	TestAuthorizer(ctx context.Context, test *AuthorizerTest) (*AuthorizerTestResult, error)
}

// ErrTestPath says that the path of a test is not one of the method's resource.
var ErrTestPath = errors.New("the path is not one of the method's resource")

// TestRequest is the request of a test.
type TestRequest struct {
	Scope apigw.Scope
	// Api is the API as it is edited.
	Api deployment.Snapshot
	// PathWithQueryString is as a client would send it, percent-encoded; empty is the
	// path of the resource as it stands.
	PathWithQueryString string
	Headers             []integration.Field
	Body                string
	StageVariables      map[string]string
}

// MethodTest is a method to be run.
type MethodTest struct {
	TestRequest

	Resource apigw.Resource
	Method   apigw.Method
	// ClientCertificate is shown to an HTTPS backend; nil shows none.
	ClientCertificate *integration.ClientCertificate
	// HttpMethod is the client's; the method may be ANY.
	HttpMethod string
}

// MethodTestResult is what a client would get, and how it came about.
type MethodTestResult struct {
	StatusCode int
	Headers    []integration.Field
	Body       string
	// Log has the lines of the execution log, as AWS's tests show them.
	Log     string
	Latency time.Duration
}

// AuthorizerTest is an authorizer to be asked.
type AuthorizerTest struct {
	TestRequest

	Authorizer apigw.Authorizer
}

// AuthorizerTestResult is what an authorizer said.
type AuthorizerTestResult struct {
	// StatusCode is 200, or what a client that is refused would get.
	StatusCode  int
	PrincipalId string
	Policy      string // JSON
	Claims      map[string]string
	Log         string
	Latency     time.Duration
}

// TestInvokeMethod runs a method as it is edited. As on AWS nobody is authorized and no
// usage plan counts.
func (s *Service) TestInvokeMethod(ctx context.Context, in *apigateway.TestInvokeMethodInput) (*apigateway.TestInvokeMethodOutput, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	test := &MethodTest{HttpMethod: in.HttpMethod}
	if test.ClientCertificate, err = a.openClientCertificate(text(in.ClientCertificateId)); err != nil {
		return nil, err
	}
	if test.Resource, test.Method, err = a.method(in.ResourceId, in.HttpMethod); err != nil {
		if test.Method = test.Resource.Methods[methodAny]; test.Method.HttpMethod == "" || !apigw.ValidHttpMethod(in.HttpMethod) {
			return nil, err
		}
	}
	if test.Method.MethodIntegration == nil {
		return nil, badRequest(messageNoIntegration)
	}
	headers := testHeaders(in.Headers, in.MultiValueHeaders)
	if test.TestRequest, err = a.testRequest(text(in.PathWithQueryString), text(in.Body), headers, in.StageVariables); err != nil {
		return nil, err
	}
	result, err := s.tester().TestMethod(ctx, test)
	if errors.Is(err, ErrTestPath) {
		return nil, badRequest(messageTestPath)
	}
	if err != nil {
		return nil, err
	}
	status, latency := int32(result.StatusCode), result.Latency.Milliseconds() // a status has three digits
	out := &apigateway.TestInvokeMethodOutput{Status: &status, Body: &result.Body, Log: &result.Log, Latency: &latency}
	out.Headers, out.MultiValueHeaders = map[string]string{}, map[string][]string{}
	for _, header := range result.Headers {
		out.Headers[header.Name] = header.Value
		out.MultiValueHeaders[header.Name] = append(out.MultiValueHeaders[header.Name], header.Value)
	}
	return out, nil
}

// methodAny is the method that takes every other.
const methodAny = "ANY"

// TestInvokeAuthorizer asks an authorizer as it is edited. Nothing is cached.
func (s *Service) TestInvokeAuthorizer(ctx context.Context, in *apigateway.TestInvokeAuthorizerInput) (*apigateway.TestInvokeAuthorizerOutput, error) {
	if len(in.AdditionalContext) > 0 {
		return nil, unsupportedTestContext.Refuse(badRequest)
	}
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	test := &AuthorizerTest{}
	if test.Authorizer, err = a.authorizer(in.AuthorizerId); err != nil {
		return nil, err
	}
	headers := testHeaders(in.Headers, in.MultiValueHeaders)
	if test.TestRequest, err = a.testRequest(text(in.PathWithQueryString), text(in.Body), headers, in.StageVariables); err != nil {
		return nil, err
	}
	result, err := s.tester().TestAuthorizer(ctx, test)
	if err != nil {
		return nil, err
	}
	status, latency := int32(result.StatusCode), result.Latency.Milliseconds() // a status has three digits
	return &apigateway.TestInvokeAuthorizerOutput{
		ClientStatus: &status, Log: &result.Log, Latency: &latency, PrincipalId: optional(result.PrincipalId), Policy: optional(result.Policy), Claims: result.Claims,
	}, nil
}

// testHeaders are the headers of a test; those with several values come first.
func testHeaders(single map[string]string, multi map[string][]string) []integration.Field {
	var headers []integration.Field
	for _, name := range slices.Sorted(maps.Keys(multi)) {
		for _, value := range multi[name] {
			headers = append(headers, integration.Field{Name: name, Value: value})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(single)) {
		if _, ok := multi[name]; !ok {
			headers = append(headers, integration.Field{Name: name, Value: single[name]})
		}
	}
	return headers
}

func (a api) testRequest(path, body string, headers []integration.Field, variables map[string]string) (TestRequest, error) {
	content, err := records.Content(a.r, a.scope, a.id)
	return TestRequest{
		Scope: a.scope, Api: content, PathWithQueryString: path, Headers: headers, Body: body, StageVariables: variables,
	}, errors.Join(err, validateStageVariables(variables))
}

// tester is the server's, or one that refuses.
func (s *Service) tester() Tester {
	if s.Tester == nil {
		return noTester{}
	}
	return s.Tester
}

// noTester is for servers without a data plane.
type noTester struct{}

func (noTester) TestMethod(context.Context, *MethodTest) (*MethodTestResult, error) {
	return nil, unsupportedTest.Refuse(badRequest)
}

func (noTester) TestAuthorizer(context.Context, *AuthorizerTest) (*AuthorizerTestResult, error) {
	return nil, unsupportedTest.Refuse(badRequest)
}
