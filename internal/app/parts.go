package app

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"slices"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	api "gatehouse/internal/awsapi/apigateway"
	managementapi "gatehouse/internal/awsapi/apigatewaymanagementapi"
	apiv2 "gatehouse/internal/awsapi/apigatewayv2"
	cloudformationapi "gatehouse/internal/awsapi/cloudformation"
	elbapi "gatehouse/internal/awsapi/elbv2"
	lambdaapi "gatehouse/internal/awsapi/lambda"
	logsapi "gatehouse/internal/awsapi/logs"
	"gatehouse/internal/control/apis"
	"gatehouse/internal/control/functions"
	controllogs "gatehouse/internal/control/logs"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/dataplane/functionurl"
	"gatehouse/internal/lambda"
	"gatehouse/internal/logs"
	"gatehouse/internal/origin"
	"gatehouse/internal/publish"
	"gatehouse/internal/store"
	"gatehouse/internal/wire"
)

// wire makes the planes and connects them.
func (a *App) wire(ctx context.Context) (http.Handler, error) {
	publisher := publish.New(a.store, a.log)
	if err := a.runPublisher(ctx, publisher); err != nil {
		return nil, err
	}
	known, err := a.openIdentities()
	if err != nil {
		return nil, err
	}
	if err := a.makeRootAccessKey(ctx, known); err != nil {
		return nil, err
	}
	seen, err := a.openObservability(ctx)
	if err != nil {
		return nil, err
	}
	functionService := a.functions()
	functionService.RoleCredentials = newRoleCredentials(a, known).of
	grants := authorizer.NewCache(a.now)
	aws, err := wire.New(wire.Options{
		Services:      append(a.services(functionService, publisher, grants), known.services()...),
		Authenticator: a.authenticator(known), Authorizer: a.authorizer(functionService),
		NewRequestID: newUUID, Logger: a.log,
	})
	if err != nil {
		return nil, fmt.Errorf("wiring AWS's services: %w", err)
	}
	invoker := newFunctionInvoker(functionService, known.integrations, a.now)
	dataPlane := a.dataPlane(publisher, invoker, known, seen, grants)
	a.atVpcEndpoint = func(endpoint origin.VpcEndpoint) http.Handler { return known.proxies.Handler(dataPlane.At(endpoint)) }
	return known.proxies.Handler(&front{
		own: a.own(seen), aws: aws, dataPlane: dataPlane, servesHost: dataPlane.ServesHost,
		functions: &functionurl.Handler{Functions: urlFunctions{functionService}, Now: a.now, NewRequestId: newUUID, Log: a.log},
	}), nil
}

// runPublisher follows the store in the background and returns when what it holds now
// is served.
func (a *App) runPublisher(ctx context.Context, publisher *publish.Publisher) error {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		publisher.Run(running)
	}()
	a.cleanups = append(a.cleanups, func(context.Context) error {
		cancel()
		<-ended
		return nil
	})
	return publisher.WaitFor(ctx, a.store.View().Revision())
}

func (a *App) services(functionService *functions.Service, publisher *publish.Publisher, grants *authorizer.Cache) []wire.Service {
	return []wire.Service{
		{Schema: api.Schema(), Implementation: a.restApis(publisher, grants)},
		{Schema: apiv2.Schema(), Implementation: a.apis(publisher, grants)},
		{Schema: managementapi.Schema(), Implementation: managementapi.Unimplemented{}},
		{Schema: lambdaapi.Schema(), Implementation: functionService},
		{Schema: logsapi.Schema(), Implementation: &controllogs.Service{Logs: a.logs, Now: a.now}},
		{Schema: elbapi.Schema(), Implementation: elbapi.Unimplemented{}},
		{Schema: cloudformationapi.Schema(), Implementation: cloudformationapi.Unimplemented{}},
	}
}

func (a *App) restApis(publisher *publish.Publisher, grants *authorizer.Cache) *restapis.Service {
	return &restapis.Service{
		Store: a.store, Publisher: publisher, Ids: a.ids(), Now: a.now, ResetAuthorizers: resetAuthorizers(grants),
	}
}

// resetAuthorizers makes a stage forget what its authorizers answered.
func resetAuthorizers(grants *authorizer.Cache) func(context.Context, apigw.Scope, string, string) error {
	return func(_ context.Context, scope apigw.Scope, apiId, stageName string) error {
		grants.Flush(authorizer.Scope(scope.Account, scope.Region, apiId, stageName))
		return nil
	}
}

func (a *App) apis(publisher *publish.Publisher, grants *authorizer.Cache) *apis.Service {
	return &apis.Service{
		Store: a.store, Publisher: publisher, Ids: a.ids(), Now: a.now,
		ApiEndpoint: func(apiId, region, protocolType string) string {
			scheme := "http"
			if protocolType == apigwv2.ProtocolTypeWebSocket {
				scheme = "ws"
			}
			return scheme + "://" + apiId + ".execute-api." + region + ".localhost:" + a.port()
		},
		ResetAuthorizers: resetAuthorizers(grants),
	}
}

func (a *App) port() string {
	_, port, _ := net.SplitHostPort(a.Addr())
	return port
}

func (a *App) functions() *functions.Service {
	return &functions.Service{
		Store: a.store, Runner: a.runner, Now: a.now, NewId: newUUID, Random: mathrand.Float64,
		EndpointUrl: a.URL,
		FunctionUrl: func(urlId, region string) string {
			return "http://" + urlId + ".lambda-url." + region + ".localhost:" + a.port() + "/"
		},
	}
}

func (a *App) runnerOptions(directory string) lambda.Options {
	settings := a.options.Config
	return lambda.Options{
		Now: a.now, NewID: newUUID, Directory: directory, Logger: a.log, LogSink: logs.FunctionLines{Logs: a.logs}, SandboxCommand: a.options.SandboxCommand,
		Interpreters: &lambda.Interpreters{Path: a.options.Path, Home: a.options.Home},
		Hidden:       a.hidden(),
		Endpoints:    endpoints(settings.FunctionEndpoints),
	}
}

func endpoints(configured map[string]string) []lambda.Endpoint {
	var list []lambda.Endpoint
	for pattern, url := range configured {
		list = append(list, lambda.Endpoint{Pattern: pattern, URL: url})
	}
	slices.SortFunc(list, func(x, y lambda.Endpoint) int { return len(y.Pattern) - len(x.Pattern) }) // the longest pattern is the most specific
	return list
}

// reset empties the server: records first, so that no function of theirs starts again.
func (a *App) reset(ctx context.Context) error {
	if err := a.store.Reset(ctx); err != nil {
		return fmt.Errorf("emptying the store: %w", err)
	}
	a.runner.Reset()
	return nil
}

const (
	sweepInterval = time.Hour
	// sweepGrace keeps an object that was stored before the record that will name it.
	sweepGrace = time.Hour
)

// sweep deletes objects that no record names any more, now and then.
func (a *App) sweep(ctx context.Context) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(sweepInterval)
		defer ticker.Stop()
		for {
			select {
			case <-running.Done():
				return
			case <-ticker.C:
				if _, err := store.Sweep(running, a.store, a.now().Add(-sweepGrace)); err != nil {
					a.log.Warn("sweeping objects that nothing names", "error", err)
				}
			}
		}
	}()
	a.cleanups = append(a.cleanups, func(context.Context) error {
		cancel()
		<-ended
		return nil
	})
}

// newUUID makes a version 4 UUID.
func newUUID() string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], randomUint64())
	binary.BigEndian.PutUint64(raw[8:], randomUint64())
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", raw[0:4], raw[4:6], raw[6:8], raw[8:10], raw[10:])
}

func randomUint64() uint64 {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails
	return binary.BigEndian.Uint64(raw[:])
}
