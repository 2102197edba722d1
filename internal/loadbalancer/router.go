package loadbalancer

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options is what a Router needs. Fields that may be zero say so.
type Options struct {
	Now func() time.Time
	// Random chooses between weighted target groups.
	Random func() uint64
	// Dial connects to targets, for requests and checks; nil uses the network.
	Dial Dial
	// Resolve looks SRV records up; nil uses the system's resolver.
	Resolve func(ctx context.Context, name string) ([]*net.SRV, error)
	// Declared are the load balancers of a configuration file; may be zero.
	Declared Configuration
	// FailOpen sends traffic to all targets of a group while none is healthy, as AWS does.
	FailOpen bool
	Log      *slog.Logger // nil for silence
}

// Router routes connections to targets. All methods may be called at the same time.
type Router struct {
	options Options
	running context.Context // the life of the checks, ended by Close
	cancel  context.CancelFunc
	checks  sync.WaitGroup
	table   atomic.Pointer[table]

	mu        sync.Mutex // guards groups and cloudMaps
	groups    map[string]*group
	cloudMaps map[string]*cloudMap
}

// table is what requests read; it never changes.
type table struct {
	loadBalancers map[string]*LoadBalancer
	listeners     map[string]*listener
	byPort        map[portKey]*listener
	links         map[LinkId]*VpcLink
	groups        map[string]*group
	cloudMaps     map[string]*cloudMap
}

type portKey struct {
	loadBalancerArn string
	port            int
}

// listener is a Listener with its rules in order of priority.
type listener struct {
	Listener
	rules []Rule
}

// New returns a Router that knows what is declared; Close ends its health checks.
func New(options Options) *Router {
	if options.Dial == nil {
		options.Dial = (&net.Dialer{}).DialContext
	}
	if options.Resolve == nil {
		options.Resolve = resolveSrv
	}
	r := &Router{options: options, groups: map[string]*group{}}
	r.running, r.cancel = context.WithCancel(context.Background())
	r.Set(Configuration{})
	return r
}

// Close ends all health checks and waits for them.
func (r *Router) Close() {
	r.cancel()
	r.mu.Lock()
	for _, g := range r.groups {
		g.close()
	}
	r.groups = map[string]*group{}
	r.mu.Unlock()
	r.checks.Wait()
}

// Set takes a whole configuration. Load balancers that are declared stay, and win where
// both have one of the same ARN.
func (r *Router) Set(configuration Configuration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running.Err() != nil {
		return
	}
	t := newTable()
	for _, c := range []*Configuration{&configuration, &r.options.Declared} {
		t.add(c)
	}
	r.setGroups(t, &configuration)
	r.setCloudMaps(t, &configuration)
	r.table.Store(t)
}

func newTable() *table {
	return &table{
		loadBalancers: map[string]*LoadBalancer{}, listeners: map[string]*listener{}, byPort: map[portKey]*listener{},
		links: map[LinkId]*VpcLink{}, groups: map[string]*group{}, cloudMaps: map[string]*cloudMap{},
	}
}

func (t *table) add(c *Configuration) {
	for i := range c.LoadBalancers {
		t.loadBalancers[c.LoadBalancers[i].Arn] = &c.LoadBalancers[i]
	}
	for i := range c.VpcLinks {
		t.links[c.VpcLinks[i].LinkId] = &c.VpcLinks[i]
	}
	for _, one := range c.Listeners {
		l := &listener{Listener: one}
		t.listeners[one.Arn] = l
		t.byPort[portKey{one.LoadBalancerArn, one.Port}] = l
	}
	for _, rule := range c.Rules {
		if l, ok := t.listeners[rule.ListenerArn]; ok {
			l.rules = append(l.rules, rule)
		}
	}
	for _, l := range t.listeners {
		slices.SortFunc(l.rules, func(a, b Rule) int { return cmp.Compare(a.Priority, b.Priority) })
	}
}

// setGroups begins and ends the checks. The caller holds mu.
func (r *Router) setGroups(t *table, configuration *Configuration) {
	inUse := t.forwarded()
	kept := map[string]*group{}
	for _, list := range [2][]TargetGroup{r.options.Declared.TargetGroups, configuration.TargetGroups} {
		for _, config := range list {
			g, ok := r.groups[config.Arn]
			if !ok {
				g = &group{checker: checker{dial: r.options.Dial, now: r.options.Now}, failOpen: r.options.FailOpen}
			}
			g.update(r.running, config, inUse[config.Arn], r.checks.Go)
			if !ok && config.Srv != "" {
				r.checks.Go(func() {
					r.followSrv(config.Srv, func(ctx context.Context, targets []Target) { g.setTargets(ctx, targets, r.checks.Go) })
				})
			}
			kept[config.Arn] = g
			t.groups[config.Arn] = g
		}
	}
	for arn, g := range r.groups {
		if kept[arn] == nil {
			g.close()
		}
	}
	r.groups = kept
}

// forwarded are the target groups that a listener or rule forwards to.
func (t *table) forwarded() map[string]bool {
	arns := map[string]bool{}
	note := func(actions []Action) {
		for _, action := range actions {
			for _, to := range action.Forward {
				arns[to.TargetGroupArn] = true
			}
		}
	}
	for _, l := range t.listeners {
		note(l.DefaultActions)
		for _, rule := range l.rules {
			note(rule.Actions)
		}
	}
	return arns
}

// Declares says whether a configuration file declared the load balancer.
func (r *Router) Declares(loadBalancerArn string) bool {
	return slices.ContainsFunc(r.options.Declared.LoadBalancers, func(l LoadBalancer) bool { return l.Arn == loadBalancerArn })
}

// Health says how the targets of a group are; false when there is no such group.
func (r *Router) Health(targetGroupArn string) ([]TargetHealth, bool) {
	g, ok := r.table.Load().groups[targetGroupArn]
	if !ok {
		return nil, false
	}
	return g.health(), true
}

// findListener finds a listener by its ARN, or, for a load balancer that is declared
// with one listener without an ARN, that one.
func (t *table) findListener(arn string) *listener {
	if l, ok := t.listeners[arn]; ok {
		return l
	}
	at := strings.LastIndexByte(arn, '/')
	if at < 0 {
		return nil
	}
	var found *listener
	loadBalancerArn := strings.Replace(arn[:at], ":listener/", ":loadbalancer/", 1)
	for key, l := range t.byPort {
		if key.loadBalancerArn != loadBalancerArn || !strings.HasPrefix(l.Arn, declaredPrefix) {
			continue
		}
		if found != nil {
			return nil
		}
		found = l
	}
	return found
}
