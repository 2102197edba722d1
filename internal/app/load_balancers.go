package app

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"

	"gatehouse/internal/control/loadbalancers"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/loadbalancer"
)

// balancing is what private integrations reach their targets through.
type balancing struct {
	router   *loadbalancer.Router
	follower *loadbalancers.Follower
	service  *loadbalancers.Service
}

// served waits for everything that an operation's change has to reach: the table of
// plans and the router of load balancers.
type served []restapis.Publisher

// WaitFor implements restapis.Publisher.
func (s served) WaitFor(ctx context.Context, revision uint64) error {
	for _, one := range s {
		if err := one.WaitFor(ctx, revision); err != nil {
			return err
		}
	}
	return nil
}

// openBalancing routes by what the configuration declares and what the store holds.
func (a *App) openBalancing(ctx context.Context) (*balancing, error) {
	declared, err := loadbalancer.Declare(a.options.Config.LoadBalancers)
	if err != nil {
		return nil, fmt.Errorf("loadBalancers: %w", err)
	}
	if declared.CloudMapServices, err = loadbalancer.DeclareCloudMap(a.options.Config.CloudMapServices); err != nil {
		return nil, err
	}
	router := loadbalancer.New(loadbalancer.Options{Now: a.now, Random: mathrand.Uint64, Declared: declared, Log: a.log})
	a.cleanups = append(a.cleanups, func(context.Context) error {
		router.Close()
		return nil
	})
	follower := loadbalancers.NewFollower(a.store, router, a.log)
	a.background(ctx, follower.Run)
	if err := follower.WaitFor(ctx, a.store.View().Revision()); err != nil {
		return nil, err
	}
	service := &loadbalancers.Service{Store: a.store, Targets: router, Follower: follower, Random: rand.Reader, Now: a.now}
	return &balancing{router: router, follower: follower, service: service}, nil
}

// background runs work until Stop, which waits for its end.
func (a *App) background(ctx context.Context, work func(ctx context.Context)) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		work(running)
	}()
	a.cleanups = append(a.cleanups, func(context.Context) error {
		cancel()
		<-ended
		return nil
	})
}

// served is what operations wait for.
func (p *parts) served() served { return served{p.publisher, p.balancing.follower} }
