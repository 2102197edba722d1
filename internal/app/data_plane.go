package app

import (
	"context"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/httpapi"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/dataplane/websocketapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/knowledge"
	"gatehouse/internal/throttle"
)

// dataPlane makes the pipelines of all kinds of API.
func (a *App) dataPlane(p *parts) *dataplane.Handler {
	backends := integration.NewClient(apigw.PayloadSizeLimit, a.now)
	backends.RootCAs = p.trusted
	a.cleanups = append(a.cleanups, func(context.Context) error {
		backends.CloseIdleConnections()
		return nil
	})
	endpoints := a.serviceEndpoints(p.known)
	authorizers, tokens := &authorizer.Functions{Invoker: p.invoker, Cache: p.grants}, a.tokens()
	account := accountThrottle(a.options.Config.AccountThrottleRate)
	handler := &dataplane.Handler{
		Published: p.publisher.Table, Now: a.now, Random: mathrand.Uint64, Log: a.log, Recorder: p.seen.recorder, Traced: a.tracesRequests(),
		Rest: &restapi.Pipeline{
			Backends: backends, Functions: p.invoker, VpcLinks: p.balancing.router, Authenticator: p.known.signatures, Throttles: p.throttles,
			Services: endpoints, StageCaches: p.caches, Authorizers: authorizers, Tokens: tokens, UserPoolIssuer: a.userPoolIssuer, AccountThrottle: account, UsagePlans: p.keys.checker(p),
			Recorder: p.seen.recorder, AccessLogger: p.seen.accessLogs, Now: a.now, Random: mathrand.Uint64, Log: a.log,
		},
		Http: &httpapi.Pipeline{
			Backends: backends, Functions: p.invoker, VpcLinks: p.balancing.router, Authenticator: p.known.signatures, Throttles: p.throttles,
			Authorizers: authorizers, Tokens: tokens, AccountThrottle: account,
			Services: endpoints,
			Recorder: p.seen.recorder, AccessLogger: p.seen.accessLogs, Now: a.now, Log: a.log,
		},
	}
	handler.WebSocket = a.webSocketPipeline(p, &websocketapi.Pipeline{
		Stage: handler.WebSocketStage, Backends: backends, Functions: p.invoker, VpcLinks: p.balancing.router, Services: endpoints, Authenticator: p.known.signatures,
		Throttles: p.throttles, Authorizers: authorizers, AccountThrottle: account, UsagePlans: p.keys.checker(p),
		Recorder: p.seen.recorder, AccessLogger: p.seen.accessLogs, Traced: a.tracesRequests(), Now: a.now, Random: mathrand.Uint64, Log: a.log,
	})
	handler.HelpBase = a.helpBase()
	return handler
}

// helpBase is where clients are told to find the article of an error; empty where they are told nothing.
func (a *App) helpBase() string {
	if !a.options.Config.NamesErrors() {
		return ""
	}
	return reachable(a.URL()) + knowledge.Prefix
}

// reachable is the server's URL for a client on this machine, where the server listens on
// all addresses.
func reachable(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(parsed.Hostname()); ip == nil || !ip.IsUnspecified() {
		return address
	}
	parsed.Host = net.JoinHostPort("127.0.0.1", parsed.Port())
	return parsed.String()
}

// tokens checks JSON web tokens; an issuer's keys are fetched within AWS's time.
func (a *App) tokens() *authorizer.Tokens {
	documents := &authorizer.HttpDocuments{Client: &http.Client{
		Timeout:       apigwv2.JwksTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	return authorizer.NewTokens(authorizer.NewKeySets(documents, a.now), a.now)
}

// userPoolIssuer is who issues a user pool's tokens.
func (a *App) userPoolIssuer(pool authorizer.UserPool) string {
	if issuer := a.options.Config.UserPoolIssuers[pool.UserPoolId]; issuer != "" {
		return issuer
	}
	return authorizer.AwsIssuer(pool)
}

// accountThrottle is the account's quota; a rate of 0 leaves it out.
func accountThrottle(rate float64) throttle.Limit {
	const burstShare = apigw.AccountThrottleRateLimit / apigw.AccountThrottleBurstLimit
	return throttle.Limit{Rate: rate, Burst: int(rate / burstShare)}
}
