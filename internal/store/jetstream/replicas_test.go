package jetstream

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"gatehouse/internal/store"
	"gatehouse/internal/store/jetstream/replicas"
	"gatehouse/test/natscluster"
)

// current returns nil once all replicas of the store's streams have everything.
func current(s *Store) error {
	for _, name := range []string{s.streamName(), s.objectStream()} {
		stream, err := s.js.Stream(context.Background(), name)
		if err != nil {
			return err
		}
		info, err := stream.Info(context.Background())
		if err != nil {
			return err
		}
		if info.Cluster == nil || len(info.Cluster.Replicas) != info.Config.Replicas-1 {
			return fmt.Errorf("%s: %+v", name, info.Cluster)
		}
		for _, replica := range info.Cluster.Replicas {
			if !replica.Current {
				return fmt.Errorf("%s: %s lags behind", name, replica.Name)
			}
		}
	}
	return nil
}

// TestReplicas raises the replicas of what was made with one, kills the server that leads, and finds everything that was acknowledged; writing goes on.
func TestReplicas(t *testing.T) {
	nats := natscluster.Start(t, 3)
	ctx := context.Background()
	first := open(t, Config{URL: nats.Url(), Log: quiet()})
	fill(t, first, 20, 1)
	digest, err := first.PutObject(ctx, strings.NewReader("code"))
	if err != nil {
		t.Fatal(err)
	}
	_ = first.Close()

	s := open(t, Config{URL: nats.Url(), Replicas: 3, Log: quiet()})
	defer s.Close()
	unsaid := open(t, Config{URL: nats.Url(), Log: quiet()}) // a node that says nothing of replicas changes none
	defer unsaid.Close()
	nats.Await("three replicas", func() error {
		if info, err := s.stream.Info(ctx); err != nil || info.Config.Replicas != 3 {
			return fmt.Errorf("%+v %w", info, err)
		}
		return current(s)
	})
	fill(t, s, 20, 1)
	acknowledged := s.View().Len()
	began := time.Now()
	nats.Kill(s.streamName())
	if got := s.View().Len(); got != acknowledged {
		t.Errorf("the image has %d records of %d", got, acknowledged)
	}
	for i := range 5 { // the first waits for a new leader
		err := s.Update(ctx, func(tx *store.Tx) error { tx.Put(store.NewKey("after", strconv.Itoa(i)), nil); return nil })
		if err != nil {
			t.Fatalf("Update after the leader's end: %v", err)
		}
		if i == 0 {
			t.Logf("the first update after the leader's end took %s", time.Since(began))
		}
	}
	fresh := open(t, Config{URL: nats.Url(), Log: quiet()})
	defer fresh.Close()
	if got := fresh.View().Len(); got != acknowledged+5 {
		t.Errorf("a new node has %d records, want %d", got, acknowledged+5)
	}
	nats.Await("the object", func() error {
		content, err := fresh.GetObject(ctx, digest)
		if err != nil {
			return err
		}
		return content.Close()
	})
	nats.Await("the other node", func() error {
		if got := unsaid.View().Len(); got != acknowledged+5 {
			return fmt.Errorf("it has %d records", got)
		}
		return nil
	})
}

// TestReplicasRefused names the setting when the cluster is too small.
func TestReplicasRefused(t *testing.T) {
	alone := startServer(t, server.Options{})
	defer stopServer(alone)
	refused := func(config Config) {
		t.Helper()
		_, err := Open(context.Background(), config)
		if !errors.Is(err, replicas.ErrTooMany) || !strings.Contains(err.Error(), "natsReplicas: the NATS cluster cannot keep 3 replicas") {
			t.Errorf("got %v", err)
		}
	}
	refused(Config{URL: alone.ClientURL(), Replicas: 3})
	open(t, Config{URL: alone.ClientURL()}).Close()
	refused(Config{URL: alone.ClientURL(), Replicas: 3}) // of what is there
	open(t, Config{URL: alone.ClientURL(), Replicas: 1}).Close()
	if testing.Short() {
		return
	}
	small := natscluster.Start(t, 2)
	refused(Config{URL: small.Url(), Replicas: 3})
}
