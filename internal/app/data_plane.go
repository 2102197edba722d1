package app

import (
	"context"
	mathrand "math/rand/v2"
	"net/http"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/httpapi"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/knowledge"
	"gatehouse/internal/publish"
	"gatehouse/internal/throttle"
)

// dataPlane makes the pipelines of all kinds of API.
func (a *App) dataPlane(publisher *publish.Publisher, invoker integration.Invoker, known *identities, seen *observability, grants *authorizer.Cache) *dataplane.Handler {
	backends := integration.NewClient(apigw.PayloadSizeLimit, a.now)
	a.cleanups = append(a.cleanups, func(context.Context) error {
		backends.CloseIdleConnections()
		return nil
	})
	throttles := throttle.New(a.now)
	authorizers, tokens := &authorizer.Functions{Invoker: invoker, Cache: grants}, a.tokens()
	handler := &dataplane.Handler{
		Published: publisher.Table, Now: a.now, Random: mathrand.Uint64, Log: a.log, Recorder: seen.recorder,
		Rest: &restapi.Pipeline{
			Backends: backends, Functions: invoker, Authenticator: known.signatures, Throttles: throttles,
			Authorizers: authorizers, Tokens: tokens,
			AccountThrottle: accountThrottle(a.options.Config.AccountThrottleRate),
			Recorder:        seen.recorder, AccessLogger: seen.accessLogs,
			Now: a.now, Random: mathrand.Uint64, Log: a.log,
		},
		Http: &httpapi.Pipeline{
			Backends: backends, Functions: invoker, Authenticator: known.signatures, Throttles: throttles,
			Authorizers: authorizers, Tokens: tokens,
			AccountThrottle: accountThrottle(a.options.Config.AccountThrottleRate),
			Recorder:        seen.recorder, AccessLogger: seen.accessLogs, Now: a.now, Log: a.log,
		},
	}
	if a.options.Config.NamesErrors() {
		handler.HelpBase = a.URL() + knowledge.Prefix
	}
	return handler
}

// tokens checks JSON web tokens; an issuer's keys are fetched within AWS's time.
func (a *App) tokens() *authorizer.Tokens {
	documents := &authorizer.HttpDocuments{Client: &http.Client{
		Timeout:       apigwv2.JwksTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	return authorizer.NewTokens(authorizer.NewKeySets(documents, a.now), a.now)
}

// accountThrottle is the account's quota; a rate of 0 leaves it out.
func accountThrottle(rate float64) throttle.Limit {
	const burstShare = apigw.AccountThrottleRateLimit / apigw.AccountThrottleBurstLimit
	return throttle.Limit{Rate: rate, Burst: int(rate / burstShare)}
}
