package loadbalancers

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	apigwrecords "gatehouse/internal/apigw/records"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
	"gatehouse/internal/store"
)

// Router takes configurations; *loadbalancer.Router does.
type Router interface {
	Set(configuration loadbalancer.Configuration)
}

// Follower carries records of load balancers, and of VPC links of both versions, over
// to a Router. The zero value is not usable: see NewFollower.
type Follower struct {
	store  store.Store
	router Router
	log    *slog.Logger

	mu       sync.Mutex    // guards revision and advanced
	revision uint64        // what the router routes by
	advanced chan struct{} // closed when revision grows, and replaced

	// Only Run touches what follows.
	kept map[store.Key]any
}

// NewFollower makes a Follower. log may be nil. The router learns nothing until Run.
func NewFollower(s store.Store, router Router, log *slog.Logger) *Follower {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Follower{store: s, router: router, log: log, advanced: make(chan struct{}), kept: map[store.Key]any{}}
}

// Run follows the store until ctx is done or the store is closed.
func (f *Follower) Run(ctx context.Context) {
	for change := range f.store.Watch(ctx) {
		if f.apply(change) {
			f.router.Set(f.configuration())
		}
		f.mu.Lock()
		f.revision = change.Snapshot.Revision()
		close(f.advanced)
		f.advanced = make(chan struct{})
		f.mu.Unlock()
	}
}

// WaitFor returns when the router routes by what was stored at revision. The error is
// that of ctx.
func (f *Follower) WaitFor(ctx context.Context, revision uint64) error {
	for {
		f.mu.Lock()
		reached, advanced := f.revision >= revision, f.advanced
		f.mu.Unlock()
		if reached {
			return nil
		}
		select {
		case <-advanced:
		case <-ctx.Done():
			return fmt.Errorf("waiting until revision %d is routed by: %w", revision, context.Cause(ctx))
		}
	}
}

// apply takes a change, and says whether it was about what the router knows.
func (f *Follower) apply(change store.Change) bool {
	if change.Whole {
		f.kept = map[store.Key]any{}
		for record := range change.Snapshot.List(store.NewKey()) {
			f.keep(record)
		}
		return true
	}
	touched := false
	for _, write := range change.Writes {
		if write.Deleted {
			_, known := f.kept[write.Key]
			delete(f.kept, write.Key)
			touched = touched || known
			continue
		}
		touched = f.keep(store.Record{Key: write.Key, Value: write.Value}) || touched
	}
	return touched
}

// keep decodes a record of a kind that the router needs. One that cannot be decoded is
// left out, and said.
func (f *Follower) keep(record store.Record) bool {
	segments := record.Key.Segments()
	const kindSegment = 2
	if len(segments) <= kindSegment {
		return false
	}
	var value any
	var err error
	switch segments[kindSegment] {
	case records.LoadBalancers.Kind():
		value, err = records.LoadBalancers.Decode(record)
	case records.Listeners.Kind():
		value, err = records.Listeners.Decode(record)
	case records.Rules.Kind():
		value, err = records.Rules.Decode(record)
	case records.TargetGroups.Kind():
		value, err = records.TargetGroups.Decode(record)
	case apigwrecords.RestVpcLinks.Kind():
		var link apigw.VpcLink
		link, err = apigwrecords.RestVpcLinks.Decode(record)
		value = restVpcLink(segments, link)
	case apigwrecords.VpcLinks.Kind():
		var link apigwv2.VpcLink
		link, err = apigwrecords.VpcLinks.Decode(record)
		value = loadbalancer.VpcLink{LinkId: loadbalancer.LinkId{Account: segments[0], Region: segments[1], Id: link.VpcLinkId}}
	default:
		return false
	}
	if err != nil {
		f.log.Error("a record of a load balancer cannot be read", "key", record.Key.String(), "error", err)
		delete(f.kept, record.Key)
		return true
	}
	f.kept[record.Key] = value
	return true
}

func restVpcLink(segments []string, link apigw.VpcLink) loadbalancer.VpcLink {
	made := loadbalancer.VpcLink{
		LinkId: loadbalancer.LinkId{Account: segments[0], Region: segments[1], Id: link.Id}, LoadBalancerArns: link.TargetArns,
	}
	if link.Status == "FAILED" {
		made.Failed = link.StatusMessage
	}
	return made
}

// configuration is everything that is kept, in order of keys.
func (f *Follower) configuration() loadbalancer.Configuration {
	var c loadbalancer.Configuration
	for _, key := range slices.SortedFunc(maps.Keys(f.kept), store.Key.Compare) {
		switch value := f.kept[key].(type) {
		case loadbalancer.LoadBalancer:
			c.LoadBalancers = append(c.LoadBalancers, value)
		case loadbalancer.Listener:
			c.Listeners = append(c.Listeners, value)
		case loadbalancer.Rule:
			c.Rules = append(c.Rules, value)
		case loadbalancer.TargetGroup:
			c.TargetGroups = append(c.TargetGroups, value)
		case loadbalancer.VpcLink:
			c.VpcLinks = append(c.VpcLinks, value)
		}
	}
	return c
}
