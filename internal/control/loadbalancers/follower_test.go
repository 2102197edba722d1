package loadbalancers

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	apigwrecords "gatehouse/internal/apigw/records"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lastSet keeps what a Follower set, and how often.
type lastSet struct {
	mu            sync.Mutex
	configuration loadbalancer.Configuration
	count         int
}

func (l *lastSet) Set(c loadbalancer.Configuration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.configuration, l.count = c, l.count+1
}

func (l *lastSet) get() (loadbalancer.Configuration, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.configuration, l.count
}

// What is stored of any account is carried over; what is about something else changes nothing.
func TestFollower(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, router, at := memory.New(), &lastSet{}, store.Scope{Account: "111122223333", Region: "eu-west-1"}
	f := NewFollower(s, router, nil)
	done := make(chan struct{})
	go func() { defer close(done); f.Run(ctx) }()
	update := func(change func(tx *store.Tx) error) {
		t.Helper()
		if err := s.Update(ctx, change); err != nil {
			t.Fatal(err)
		}
		if err := f.WaitFor(ctx, s.View().Revision()); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx *store.Tx) error {
		return errors.Join(
			records.LoadBalancers.Put(tx, loadbalancer.LoadBalancer{Arn: "lb"}, at, "lb"),
			records.Listeners.Put(tx, loadbalancer.Listener{Arn: "l"}, at, "l"),
			records.Rules.Put(tx, loadbalancer.Rule{Arn: "r", ListenerArn: "l"}, at, "l", "r"),
			records.TargetGroups.Put(tx, loadbalancer.TargetGroup{Arn: "g", HealthCheck: loadbalancer.HealthCheck{Interval: time.Second}}, at, "g"),
			apigwrecords.RestVpcLinks.Put(tx, apigw.VpcLink{Id: "v1", TargetArns: []string{"lb"}, Status: "FAILED", StatusMessage: "why"}, at, "v1"),
			apigwrecords.VpcLinks.Put(tx, apigwv2.VpcLink{VpcLinkId: "v2"}, at, "v2"),
		)
	})
	link := func(id string) loadbalancer.LinkId {
		return loadbalancer.LinkId{Account: at.Account, Region: at.Region, Id: id}
	}
	want := loadbalancer.Configuration{
		LoadBalancers: []loadbalancer.LoadBalancer{{Arn: "lb"}}, Listeners: []loadbalancer.Listener{{Arn: "l"}},
		Rules:        []loadbalancer.Rule{{Arn: "r", ListenerArn: "l"}},
		TargetGroups: []loadbalancer.TargetGroup{{Arn: "g", HealthCheck: loadbalancer.HealthCheck{Interval: time.Second}}},
		VpcLinks:     []loadbalancer.VpcLink{{LinkId: link("v2")}, {LinkId: link("v1"), LoadBalancerArns: []string{"lb"}, Failed: "why"}},
	}
	got, count := router.get()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	update(func(tx *store.Tx) error { return apigwrecords.RestApis.Put(tx, apigw.RestApi{Id: "a"}, at, "a") })
	if _, now := router.get(); now != count {
		t.Error("a record of something else set the router")
	}
	update(func(tx *store.Tx) error { records.LoadBalancers.Delete(tx, at, "lb"); return nil })
	if got, _ := router.get(); len(got.LoadBalancers) != 0 || len(got.Listeners) != 1 {
		t.Errorf("after deletion: %+v", got)
	}
	if err := s.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	if err := f.WaitFor(ctx, s.View().Revision()); err != nil {
		t.Fatal(err)
	}
	if got, _ := router.get(); len(got.VpcLinks) != 0 {
		t.Errorf("after a reset: %+v", got)
	}
	cancel()
	<-done
	if err := f.WaitFor(ctx, s.View().Revision()+1); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting without end: %v", err)
	}
}
