// Package apigatewayv2 holds one file for each operation of apigatewayv2 (2018-11-29)
// that is built. See package conformance for where they run.
//
// A file's first line says how we know what it expects. Begin at client and fixture.
package apigatewayv2

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/smithy-go"

	"gatehouse/internal/apigw"
	model "gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/apis"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/wire"
	"gatehouse/test/conformance"
)

const (
	badRequestCode = "BadRequestException"
	conflictCode   = "ConflictException"
	notFoundCode   = "NotFoundException"
	missingId      = "zzzzzzzzzz"

	messageApi = "Invalid API identifier specified {account}:" + missingId
)

func client(t *testing.T) *apigatewayv2.Client {
	t.Helper()
	return apigatewayv2.NewFromConfig(conformance.Config(t, serve))
}

func serve(t *testing.T) string {
	t.Helper()
	service := &apis.Service{
		Store: memory.New(), Ids: apigw.Ids{Random: rand.Reader}, Now: time.Now,
		ApiEndpoint: func(apiId, _, protocolType string) string {
			return strings.Replace(strings.ToLower(protocolType), "websocket", "ws", 1) + "://" + apiId + ".execute-api.localhost:4566"
		},
	}
	return conformance.Serve(t, wire.Service{Schema: model.Schema(), Implementation: service})
}

// fixture is an API that a test may do with as it likes; it goes when the test ends.
type fixture struct {
	*testing.T

	ctx    context.Context
	client *apigatewayv2.Client
	apiId  *string
}

// newHttp makes an HTTP API.
func newHttp(t *testing.T) *fixture {
	t.Helper()
	return newFixture(t, &apigatewayv2.CreateApiInput{ProtocolType: types.ProtocolTypeHttp})
}

// newWebSocket makes a WebSocket API.
func newWebSocket(t *testing.T) *fixture {
	t.Helper()
	return newFixture(t, &apigatewayv2.CreateApiInput{
		ProtocolType: types.ProtocolTypeWebsocket, RouteSelectionExpression: aws.String("$request.body.action"),
	})
}

func newFixture(t *testing.T, in *apigatewayv2.CreateApiInput) *fixture {
	t.Helper()
	f := &fixture{T: t, ctx: context.Background(), client: client(t)}
	in.Name = aws.String("conformance " + t.Name())
	created, err := f.client.CreateApi(f.ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	f.apiId = created.ApiId
	t.Cleanup(func() { f.deleteApi(created.ApiId) })
	return f
}

// deleteApi deletes an API that may be gone already.
func (f *fixture) deleteApi(apiId *string) {
	f.Helper()
	_, err := f.client.DeleteApi(f.ctx, &apigatewayv2.DeleteApiInput{ApiId: apiId})
	var missing *types.NotFoundException
	if err != nil && !errors.As(err, &missing) {
		f.Errorf("deleting the API: %v", err)
	}
}

// must is a call's output when it must succeed.
func must[T any](t testing.TB, output T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// integration adds an integration: HTTP_PROXY, or MOCK for a WebSocket API.
func (f *fixture) integration() *string {
	f.Helper()
	found, err := f.client.GetApi(f.ctx, &apigatewayv2.GetApiInput{ApiId: f.apiId})
	in := &apigatewayv2.CreateIntegrationInput{ApiId: f.apiId, IntegrationType: types.IntegrationTypeMock}
	if must(f.T, found, err).ProtocolType == types.ProtocolTypeHttp {
		in.IntegrationType, in.IntegrationMethod = types.IntegrationTypeHttpProxy, aws.String("GET")
		in.IntegrationUri, in.PayloadFormatVersion = aws.String("https://example.com/"), aws.String("1.0")
	}
	created, err := f.client.CreateIntegration(f.ctx, in)
	return must(f.T, created, err).IntegrationId
}

// route adds a route with an integration of its own.
func (f *fixture) route(routeKey string) *string {
	f.Helper()
	created, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{
		ApiId: f.apiId, RouteKey: &routeKey, Target: aws.String("integrations/" + *f.integration()),
	})
	return must(f.T, created, err).RouteId
}

// stage adds a stage without a deployment.
func (f *fixture) stage(name string) {
	f.Helper()
	created, err := f.client.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.apiId, StageName: &name})
	must(f.T, created, err)
}

// deploy freezes the API, and points the stage to it if one is named.
func (f *fixture) deploy(stageName string) *string {
	f.Helper()
	in := &apigatewayv2.CreateDeploymentInput{ApiId: f.apiId}
	if stageName != "" {
		in.StageName = &stageName
	}
	created, err := f.client.CreateDeployment(f.ctx, in)
	return must(f.T, created, err).DeploymentId
}

// authorizer adds a JWT authorizer, whose issuer is one that everybody can reach.
func (f *fixture) authorizer() *string {
	f.Helper()
	created, err := f.client.CreateAuthorizer(f.ctx, &apigatewayv2.CreateAuthorizerInput{
		ApiId: f.apiId, Name: aws.String("token"), AuthorizerType: types.AuthorizerTypeJwt, IdentitySource: []string{"$request.header.Authorization"},
		JwtConfiguration: &types.JWTConfiguration{Issuer: aws.String("https://accounts.google.com"), Audience: []string{"a"}},
	})
	return must(f.T, created, err).AuthorizerId
}

// model adds a model named Message.
func (f *fixture) model() *string {
	f.Helper()
	created, err := f.client.CreateModel(f.ctx, &apigatewayv2.CreateModelInput{
		ApiId: f.apiId, Name: aws.String("Message"), ContentType: aws.String("application/json"),
		Schema: aws.String(`{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","properties":{"a":{"type":"string"}}}`),
	})
	return must(f.T, created, err).ModelId
}

// domain makes a custom domain, here alone: AWS would want a certificate.
func (f *fixture) domain(name string) *string {
	f.Helper()
	conformance.Ours(f.T)
	created, err := f.client.CreateDomainName(f.ctx, &apigatewayv2.CreateDomainNameInput{
		DomainName: &name,
		DomainNameConfigurations: []types.DomainNameConfiguration{
			{CertificateArn: aws.String("arn:aws:acm:us-east-1:000000000000:certificate/c")},
		},
	})
	must(f.T, created, err)
	f.Cleanup(func() {
		_, _ = f.client.DeleteDomainName(f.ctx, &apigatewayv2.DeleteDomainNameInput{DomainName: &name})
	})
	return &name
}

// mapping maps the domain to the API's stage s, which it makes.
func (f *fixture) mapping(domainName *string) *string {
	f.Helper()
	f.stage("s")
	created, err := f.client.CreateApiMapping(f.ctx, &apigatewayv2.CreateApiMappingInput{DomainName: domainName, ApiId: f.apiId, Stage: aws.String("s")})
	id := must(f.T, created, err).ApiMappingId
	f.Cleanup(func() {
		_, _ = f.client.DeleteApiMapping(f.ctx, &apigatewayv2.DeleteApiMappingInput{DomainName: domainName, ApiMappingId: id})
	})
	return id
}

// rule adds a routing rule to the API's stage s, which must be there.
func (f *fixture) rule(domainName *string, priority int32) *string {
	f.Helper()
	created, err := f.client.CreateRoutingRule(f.ctx, &apigatewayv2.CreateRoutingRuleInput{
		DomainName: domainName, Priority: &priority, Actions: f.invoke(),
		Conditions: []types.RoutingRuleCondition{{MatchBasePaths: &types.RoutingRuleMatchBasePaths{AnyOf: []string{"v1"}}}},
	})
	return must(f.T, created, err).RoutingRuleId
}

func (f *fixture) invoke() []types.RoutingRuleAction {
	return []types.RoutingRuleAction{{InvokeApi: &types.RoutingRuleActionInvokeApi{ApiId: f.apiId, Stage: aws.String("s")}}}
}

// vpcLink makes a VPC link, here alone: AWS would want subnets.
func (f *fixture) vpcLink() *string {
	f.Helper()
	conformance.Ours(f.T)
	created, err := f.client.CreateVpcLink(f.ctx, &apigatewayv2.CreateVpcLinkInput{Name: aws.String("link"), SubnetIds: []string{"subnet-1"}})
	return must(f.T, created, err).VpcLinkId
}

var accountPattern = regexp.MustCompile(`\b\d{12}\b`)

// refused checks an error's code and message; {account} stands for an account id.
func refused(t testing.TB, err error, code, message string) {
	t.Helper()
	var answered smithy.APIError
	if !errors.As(err, &answered) {
		t.Errorf("got %v, want %s: %s", err, code, message)
		return
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

// count checks how many there are.
func count[T any](t testing.TB, what string, got []T, want int) {
	t.Helper()
	if len(got) != want {
		t.Errorf("%d %s, want %d", len(got), what, want)
	}
}
