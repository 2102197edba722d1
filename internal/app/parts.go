package app

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"errors"
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
	"gatehouse/internal/clientcertificate"
	"gatehouse/internal/control/apis"
	"gatehouse/internal/control/functions"
	controllogs "gatehouse/internal/control/logs"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/dataplane/functionurl"
	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/lambda"
	"gatehouse/internal/logs"
	"gatehouse/internal/origin"
	"gatehouse/internal/publish"
	"gatehouse/internal/store"
	"gatehouse/internal/throttle"
	"gatehouse/internal/wire"
)

// parts are what the planes are made of.
type parts struct {
	publisher *publish.Publisher
	known     *identities
	nodes     *nodes
	seen      *observability
	balancing *balancing
	trusted   *x509.CertPool // for backends; nil is the system's
	sockets   *webSockets
	functions *functions.Service
	invoker   *functionInvoker
	grants    *authorizer.Cache
	keys      *apiKeys
	throttles *throttle.Limiter
	caches    *stagecache.Clusters
	// certificates makes and opens client certificates.
	certificates *clientcertificate.Keeper
}

// wire makes the planes and connects them.
func (a *App) wire(ctx context.Context) (http.Handler, error) {
	p, err := a.openParts(ctx)
	if err != nil {
		return nil, err
	}
	aws, err := wire.New(wire.Options{
		Services:      append(a.services(p), p.known.services()...),
		Authenticator: a.authenticator(p.known), Authorizer: a.authorizer(p),
		NewRequestID: newUUID, Logger: a.log, Refused: p.seen.refused, Now: a.now, HelpBase: a.helpBase(),
	})
	if err != nil {
		return nil, fmt.Errorf("wiring AWS's services: %w", err)
	}
	dataPlane := a.dataPlane(p)
	a.refuser = dataPlane
	a.atVpcEndpoint = func(endpoint origin.VpcEndpoint) http.Handler { return p.known.proxies.Handler(dataPlane.At(endpoint)) }
	own := a.own(ctx, p)
	if err := a.join(ctx, p); err != nil {
		return nil, err
	}
	return p.known.proxies.Handler(&front{
		own: own, aws: aws, dataPlane: dataPlane, servesHost: dataPlane.ServesHost,
		functions: &functionurl.Handler{
			Functions: urlFunctions{p.functions, p.invoker}, Now: a.now, NewRequestId: newUUID, Random: randomUint64, Log: a.log,
			Recorder: p.seen.recorder, HelpBase: a.helpBase(),
		},
	}), nil
}

// openParts makes the parts in the order in which they need each other.
func (a *App) openParts(ctx context.Context) (*parts, error) {
	p := &parts{publisher: publish.New(a.store, a.log), grants: authorizer.NewCache(a.now), throttles: throttle.New(a.now)}
	p.publisher.TracesRequests = a.tracesRequests()
	if err := a.openStageCaches(p); err != nil {
		return nil, err
	}
	var err error
	if p.known, err = a.openIdentities(); err != nil {
		return nil, err
	}
	p.certificates = clientcertificate.New(p.known.keeper)
	p.publisher.OpenClientCertificate = p.certificates.Open
	if err := a.runPublisher(ctx, p.publisher); err != nil {
		return nil, err
	}
	if p.nodes, err = a.openNodes(ctx, p.known); err != nil {
		return nil, err
	}
	p.known.iam.LastUsed = p.nodes.lastUsed(p.known.signatures.LastUsed)
	p.keys = a.openApiKeys(ctx, p.known)
	if err := a.makeRootAccessKey(ctx, p.known); err != nil {
		return nil, err
	}
	if p.seen, err = a.openObservability(ctx, p); err != nil {
		return nil, err
	}
	if p.trusted, err = a.trustedCertificates(); err != nil {
		return nil, err
	}
	if p.balancing, err = a.openBalancing(ctx); err != nil {
		return nil, err
	}
	if p.sockets, err = a.openWebSockets(ctx, p.nodes); err != nil {
		return nil, err
	}
	p.functions = a.functions()
	p.functions.RoleCredentials = newRoleCredentials(a, p.known).of
	p.invoker = newFunctionInvoker(p.functions, p.known.integrations, a.now)
	return p, nil
}

// runPublisher follows the store in the background and returns when what it holds now
// is served.
func (a *App) runPublisher(ctx context.Context, publisher *publish.Publisher) error {
	a.background(ctx, publisher.Run)
	return publisher.WaitFor(ctx, a.store.View().Revision())
}

func (a *App) services(p *parts) []wire.Service {
	return []wire.Service{
		{Schema: api.Schema(), Implementation: a.restApis(p)},
		{Schema: apiv2.Schema(), Implementation: a.apis(p)},
		{Schema: managementapi.Schema(), Implementation: a.connections(p)},
		{Schema: lambdaapi.Schema(), Implementation: p.functions},
		{Schema: logsapi.Schema(), Implementation: &controllogs.Service{Logs: a.logs, Now: a.now}},
		{Schema: elbapi.Schema(), Implementation: p.balancing.service},
		{Schema: cloudformationapi.Schema(), Implementation: cloudformationapi.Unimplemented{}},
	}
}

func (a *App) restApis(p *parts) *restapis.Service {
	return &restapis.Service{
		Store: a.store, Publisher: p.served(), Ids: a.ids(), Now: a.now, ResetAuthorizers: resetAuthorizers(p),
		DeclaresLoadBalancer: p.balancing.router.Declares, IntegrationTimeoutMaximum: a.options.Config.MaxIntegrationTimeout,
		AccountThrottle:    accountThrottle(a.options.Config.AccountThrottleRate),
		TracesRequests:     a.tracesRequests(),
		ClientCertificates: p.certificates,
		ApiKeyValues:       p.keys.values, Usage: p.keys.counters,
		Tester: a.tester(p),
		ApiUrl: func(restApiId, region string) string { return "http://" + a.apiHost(restApiId, region) },
	}
}

// apiHost is the host name of an API's own endpoint, as it resolves here.
func (a *App) apiHost(apiId, region string) string {
	return apiId + ".execute-api." + region + ".localhost:" + a.port()
}

// resetAuthorizers makes a stage forget what its authorizers answered, at every node.
func resetAuthorizers(p *parts) func(context.Context, apigw.Scope, string, string) error {
	return func(ctx context.Context, scope apigw.Scope, apiId, stageName string) error {
		name := authorizer.Scope(scope.Account, scope.Region, apiId, stageName)
		p.grants.Flush(name)
		return p.nodes.tellAll(ctx, topicAuthorizers, []byte(name))
	}
}

func (a *App) apis(p *parts) *apis.Service {
	return &apis.Service{
		Store: a.store, Publisher: p.served(), Ids: a.ids(), Now: a.now,
		ApiEndpoint: func(apiId, region, protocolType string) string {
			scheme := "http"
			if protocolType == apigwv2.ProtocolTypeWebSocket {
				scheme = "ws"
			}
			return scheme + "://" + a.apiHost(apiId, region)
		},
		ResetAuthorizers: resetAuthorizers(p),
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
		Endpoints:    endpoints(settings.FunctionEndpoints), Environments: settings.FunctionEnvironments,
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

// reset empties the server, and all nodes with it: records first, so that no function of
// theirs starts again.
func (a *App) reset(ctx context.Context, nodes *nodes) error {
	if err := a.store.Reset(ctx); err != nil {
		return fmt.Errorf("emptying the store: %w", err)
	}
	a.resetHere()
	return nodes.tellAll(ctx, topicReset, nil)
}

func (a *App) resetHere() {
	a.runner.Reset()
	a.usage.Reset()
}

// answerReset empties this node, whose records another one has deleted.
func (a *App) answerReset([]byte) ([]byte, error) {
	if a.options.Config.Secure {
		return nil, errSecureReset
	}
	a.resetHere()
	return nil, nil
}

var errSecureReset = errors.New("it is in secure mode and is not emptied")

const (
	sweepInterval = time.Hour
	// sweepGrace keeps an object that was stored before the record that will name it.
	sweepGrace = time.Hour
)

// sweep deletes objects that no record names any more, now and then.
func (a *App) sweep(ctx context.Context) {
	a.background(ctx, func(running context.Context) {
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
