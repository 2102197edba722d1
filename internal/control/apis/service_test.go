package apis

import (
	"context"
	"errors"
	"math/rand"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/caller"
	"gatehouse/internal/store/memory"
)

var testTime = time.Date(2026, 3, 1, 12, 0, 0, 500, time.UTC)

const (
	functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f"
	roleArn     = "arn:aws:iam::000000000000:role/r"
	missingId   = "zzzzzzz"
)

// fixture is a service over an empty store, with an API of each protocol.
type fixture struct {
	*Service

	t       testing.TB
	ctx     context.Context
	http    string
	ws      string
	elapsed time.Duration
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t}
	f.ctx = caller.WithCaller(context.Background(), caller.Caller{Account: "000000000000", Region: "us-east-1"})
	f.Service = &Service{
		Store: memory.New(), Ids: apigw.Ids{Random: rand.New(rand.NewSource(1))},
		Now: func() time.Time { f.elapsed += time.Second; return testTime.Add(f.elapsed) },
		ApiEndpoint: func(apiId, region, protocolType string) string {
			return protocolType + "://" + apiId + ".execute-api." + region
		},
	}
	f.http = *must(f.CreateApi(f.ctx, &apigatewayv2.CreateApiInput{Name: "http", ProtocolType: "HTTP"}))(t).ApiId
	f.ws = *must(f.CreateApi(f.ctx, &apigatewayv2.CreateApiInput{
		Name: "ws", ProtocolType: "WEBSOCKET", RouteSelectionExpression: value("$request.body.action"),
	}))(t).ApiId
	return f
}

// must is a call's output when it must succeed.
func must[T any](output T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return output
	}
}

// wantError checks the code and message of an operation's error; no code is no error.
func wantError(t testing.TB, err error, code, message string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("got %v", err)
		}
		return
	}
	var answered awsapi.Error
	if !errors.As(err, &answered) {
		t.Errorf("got %v, want %s: %s", err, code, message)
		return
	}
	if answered.ErrorCode() != code || answered.ErrorMessage() != message {
		t.Errorf("got  %s: %s\nwant %s: %s", answered.ErrorCode(), answered.ErrorMessage(), code, message)
	}
}

const (
	badRequestCode = "BadRequestException"
	conflictCode   = "ConflictException"
	notFoundCode   = "NotFoundException"
)

func value[T any](v T) *T { return &v }

// integrate adds an HTTP_PROXY integration to an HTTP API.
func (f *fixture) integrate(apiId string) string {
	f.t.Helper()
	return *must(f.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: apiId, IntegrationType: "HTTP_PROXY", IntegrationMethod: value("GET"), IntegrationUri: value("https://example.com"),
	}))(f.t).IntegrationId
}

// route adds a route to an integration, or to none.
func (f *fixture) route(apiId, routeKey, integrationId string) string {
	f.t.Helper()
	in := &apigatewayv2.CreateRouteInput{ApiId: apiId, RouteKey: routeKey}
	if integrationId != "" {
		in.Target = value("integrations/" + integrationId)
	}
	return *must(f.CreateRoute(f.ctx, in))(f.t).RouteId
}

// publisher notes the revisions it was asked for.
type publisher struct{ revisions []uint64 }

func (p *publisher) WaitFor(_ context.Context, revision uint64) error {
	p.revisions = append(p.revisions, revision)
	return nil
}
