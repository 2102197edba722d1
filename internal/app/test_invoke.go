package app

import (
	"context"
	mathrand "math/rand/v2"

	"gatehouse/internal/apigw"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/testinvoke"
	"gatehouse/internal/throttle"
)

// tester runs TestInvokeMethod and TestInvokeAuthorizer: it has what the data plane has,
// but remembers no grants and throttles nobody.
func (a *App) tester(p *parts) *testinvoke.Tester {
	backends := integration.NewClient(apigw.PayloadSizeLimit, a.now)
	backends.RootCAs = p.trusted
	a.cleanups = append(a.cleanups, func(context.Context) error {
		backends.CloseIdleConnections()
		return nil
	})
	endpoints, tokens := a.serviceEndpoints(p.known), a.tokens()
	return &testinvoke.Tester{
		Invoker: p.invoker, Now: a.now, NewId: newUUID,
		Pipeline: func(recorder record.Recorder, invoker integration.Invoker) *restapi.Pipeline {
			return &restapi.Pipeline{
				Backends: backends, Functions: invoker, VpcLinks: p.balancing.router, Services: endpoints, Tokens: tokens,
				Authorizers: &authorizer.Functions{Invoker: invoker, Cache: authorizer.NewCache(a.now)},
				Throttles:   throttle.New(a.now), Recorder: recorder, Now: a.now, Random: mathrand.Uint64, Log: a.log,
			}
		},
	}
}
