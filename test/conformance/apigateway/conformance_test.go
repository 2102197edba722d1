// Package apigateway holds one file for each operation of apigateway (2015-07-09) that
// is built. See package conformance for where they run.
//
// A file's first line says how we know what it expects. Begin at client and fixture.
package apigateway

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/smithy-go"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apikey"
	"gatehouse/internal/authorizer"
	model "gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/clientcertificate"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/secret"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/testinvoke"
	"gatehouse/internal/throttle"
	"gatehouse/internal/wire"
	"gatehouse/test/conformance"
)

func client(t *testing.T) *apigateway.Client {
	t.Helper()
	return apigateway.NewFromConfig(conformance.Config(t, serve))
}

// tester runs methods with a mock integration, and an authorizer that knows everybody.
func tester() *testinvoke.Tester {
	return &testinvoke.Tester{
		Invoker: knowing{}, Now: time.Now, NewId: func() string { return "00000000-0000-4000-8000-000000000000" },
		Pipeline: func(recorder record.Recorder, invoker integration.Invoker) *restapi.Pipeline {
			return &restapi.Pipeline{
				Functions: invoker, Authorizers: &authorizer.Functions{Invoker: invoker, Cache: authorizer.NewCache(time.Now)},
				Throttles: throttle.New(time.Now), Recorder: recorder, Now: time.Now, Random: mathrand.Uint64,
			}
		},
	}
}

// knowing is every function: an authorizer that allows everything.
type knowing struct{}

func (knowing) Invoke(context.Context, *integration.Invocation) (*integration.InvocationResult, error) {
	const answer = `{"principalId":"everybody","policyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*"}]}}`
	return &integration.InvocationResult{StatusCode: 200, Payload: []byte(answer)}, nil
}

func serve(t *testing.T) string {
	t.Helper()
	service := &restapis.Service{Store: memory.New(), Ids: apigw.Ids{Random: rand.Reader}, Now: time.Now}
	keeper, err := secret.New(make([]byte, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	service.ApiKeyValues, service.ClientCertificates = apikey.New(keeper), clientcertificate.New(keeper)
	service.DeclaresLoadBalancer = func(arn string) bool { return arn == networkLoadBalancer }
	service.Tester = tester()
	return conformance.Serve(t, wire.Service{Schema: model.Schema(), Implementation: service})
}

// fixture is an API that a test may do with as it likes; it goes when the test ends.
type fixture struct {
	*testing.T
	ctx    context.Context
	client *apigateway.Client
	apiId  *string
	rootId *string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, ctx: context.Background(), client: client(t)}
	created, err := f.client.CreateRestApi(f.ctx, &apigateway.CreateRestApiInput{Name: aws.String("conformance " + t.Name())})
	if err != nil {
		t.Fatal(err)
	}
	f.apiId, f.rootId = created.Id, created.RootResourceId
	t.Cleanup(func() {
		_, err := f.client.DeleteRestApi(f.ctx, &apigateway.DeleteRestApiInput{RestApiId: f.apiId})
		var missing *types.NotFoundException
		if err != nil && !errors.As(err, &missing) {
			t.Errorf("deleting the API: %v", err)
		}
	})
	return f
}

// must is a call's output when it must succeed.
func must[T any](t testing.TB, output T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// resource adds a child of a resource.
func (f *fixture) resource(parentId *string, pathPart string) *string {
	f.Helper()
	created, err := f.client.CreateResource(f.ctx, &apigateway.CreateResourceInput{RestApiId: f.apiId, ParentId: parentId, PathPart: &pathPart})
	return must(f.T, created, err).Id
}

// method adds GET without authorization.
func (f *fixture) method(resourceId *string, requestParameters map[string]bool) {
	f.Helper()
	output, err := f.client.PutMethod(f.ctx, &apigateway.PutMethodInput{
		RestApiId: f.apiId, ResourceId: resourceId, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE"), RequestParameters: requestParameters,
	})
	must(f.T, output, err)
}

// methodResponse adds 200 to GET.
func (f *fixture) methodResponse(resourceId *string, responseParameters map[string]bool) {
	f.Helper()
	output, err := f.client.PutMethodResponse(f.ctx, &apigateway.PutMethodResponseInput{
		RestApiId: f.apiId, ResourceId: resourceId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"), ResponseParameters: responseParameters,
	})
	must(f.T, output, err)
}

// mock adds a MOCK integration to GET.
func (f *fixture) mock(resourceId *string) {
	f.Helper()
	output, err := f.client.PutIntegration(f.ctx, &apigateway.PutIntegrationInput{
		RestApiId: f.apiId, ResourceId: resourceId, HttpMethod: aws.String("GET"), Type: types.IntegrationTypeMock,
		RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`},
	})
	must(f.T, output, err)
}

// integrationResponse adds 200 to the integration of GET.
func (f *fixture) integrationResponse(resourceId *string) {
	f.Helper()
	output, err := f.client.PutIntegrationResponse(f.ctx, &apigateway.PutIntegrationResponseInput{
		RestApiId: f.apiId, ResourceId: resourceId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"),
	})
	must(f.T, output, err)
}

// deploy makes GET / a mock and deploys the API to a stage, if one is named.
func (f *fixture) deploy(stageName string) *string {
	f.Helper()
	if _, err := f.client.GetMethod(f.ctx, &apigateway.GetMethodInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")}); err != nil {
		f.method(f.rootId, nil)
		f.mock(f.rootId)
	}
	in := &apigateway.CreateDeploymentInput{RestApiId: f.apiId}
	if stageName != "" {
		in.StageName = &stageName
	}
	created, err := f.client.CreateDeployment(f.ctx, in)
	return must(f.T, created, err).Id
}

var accountPattern = regexp.MustCompile(`\b\d{12}\b`)

// refused checks an error's code and message; {account} stands for an account id.
func refused(t testing.TB, err error, code, message string) {
	t.Helper()
	var answered smithy.APIError
	if !errors.As(err, &answered) {
		t.Fatalf("got %v, want %s: %s", err, code, message)
	}
	got := accountPattern.ReplaceAllString(answered.ErrorMessage(), "{account}")
	if answered.ErrorCode() != code || got != message {
		t.Errorf("got  %s: %s\nwant %s: %s", answered.ErrorCode(), got, code, message)
	}
}

// is checks one member of an output.
func is[T comparable](t testing.TB, what string, got *T, want T) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is absent, want %v", what, want)
	} else if *got != want {
		t.Errorf("%s is %v, want %v", what, *got, want)
	}
}

// op is one patch operation; value "-" is none.
func op(kind types.Op, path, value string) types.PatchOperation {
	operation := types.PatchOperation{Op: kind, Path: &path}
	if value != "-" {
		operation.Value = &value
	}
	return operation
}

func replace(path, value string) []types.PatchOperation {
	return []types.PatchOperation{op(types.OpReplace, path, value)}
}

const (
	badRequestCode = "BadRequestException"
	conflictCode   = "ConflictException"
	notFoundCode   = "NotFoundException"
	missingId      = "abc0000000"

	messageApi         = "Invalid API identifier specified {account}:" + missingId
	messageResource    = "Invalid Resource identifier specified"
	messageMethod      = "Invalid Method identifier specified"
	messageIntegration = "Invalid Integration identifier specified"
	messageNoBackend   = "No integration defined for method"
	messageStatusCode  = "Invalid Response status code specified"
	messageStage       = "Invalid stage identifier specified"
	messageDeployment  = "Invalid Deployment identifier specified"
	messageValidator   = "Invalid Request Validator identifier specified"
)
