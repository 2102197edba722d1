package cluster

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"
)

// Source: ours.

func startServer(t *testing.T) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func openAt(t *testing.T, s *server.Server, lease time.Duration) *Cluster {
	t.Helper()
	conn, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	c, err := Open(t.Context(), Config{Conn: conn, Lease: lease, AskTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const first, second = 0xaaaa, 0xbbbb

func TestAsk(t *testing.T) {
	s := startServer(t)
	a, b := openAt(t, s, 0), openAt(t, s, 0)
	echo := func(request []byte) ([]byte, error) {
		if string(request) == "fail" {
			return nil, errors.New("it failed")
		}
		return append([]byte("you said "), request...), nil
	}
	if err := b.Join(t.Context(), second, echo, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := a.Ask(t.Context(), second, []byte{0, 255}); err != nil || string(got) != "you said \x00\xff" {
		t.Errorf("got %q %v", got, err)
	}
	if _, err := a.Ask(t.Context(), second, []byte("fail")); err == nil || !strings.Contains(err.Error(), "it failed") {
		t.Errorf("got %v", err)
	}
	if _, err := a.Ask(t.Context(), first, nil); !errors.Is(err, ErrNodeGone) {
		t.Errorf("a node that never was: %v", err)
	}
	if _, err := a.Ask(t.Context(), second, make([]byte, 2<<20)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("2 MB where NATS takes 1: %v", err)
	}
	if err := b.Leave(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Ask(t.Context(), second, nil); !errors.Is(err, ErrNodeGone) {
		t.Errorf("a node that left: %v", err)
	}
}

// A node that vanishes without leaving is taken for cut off until its lease ends, and a
// node that does not answer for as long as it lives.
func TestAsk_withoutAnswer(t *testing.T) {
	s := startServer(t)
	const lease = 3 * time.Second
	a, b := openAt(t, s, lease), openAt(t, s, lease)
	release := make(chan struct{})
	if err := b.Join(t.Context(), second, func([]byte) ([]byte, error) { <-release; return nil, nil }, nil); err != nil {
		t.Fatal(err)
	}
	renewed(t, a, second)
	if _, err := a.Ask(t.Context(), second, nil); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("a node that hangs: %v", err)
	}
	close(release)
	b.config.Conn.Close()
	if _, err := a.Ask(t.Context(), second, nil); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("a node that is cut off: %v", err)
	}
	b.stop()
	b.background.Wait()
	deadline := time.Now().Add(time.Minute)
	for {
		_, err := a.Ask(t.Context(), second, nil)
		if errors.Is(err, ErrNodeGone) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the lease does not end: %v", err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// renewed waits until a node renews its lease.
func renewed(t *testing.T, c *Cluster, node uint32) {
	t.Helper()
	watcher, err := c.nodes.Watch(t.Context(), lease(node), jetstream.UpdatesOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watcher.Stop() }()
	for update := range watcher.Updates() {
		if update != nil && update.Operation() == jetstream.KeyValuePut {
			return
		}
	}
}

func TestSharedSecret(t *testing.T) {
	s := startServer(t)
	a, b := openAt(t, s, 0), openAt(t, s, 0)
	one, err := a.SharedSecret(t.Context(), "key", []byte("one"))
	if err != nil || string(one) != "one" {
		t.Fatalf("got %q %v", one, err)
	}
	other, err := b.SharedSecret(t.Context(), "key", []byte("two"))
	if err != nil || !bytes.Equal(one, other) {
		t.Errorf("the second node has %q, the first %q: %v", other, one, err)
	}
}

// The leases are in memory: a node makes the bucket again when NATS has lost it.
func TestRenew_afterNatsLostTheLeases(t *testing.T) {
	s := startServer(t)
	a := openAt(t, s, 600*time.Millisecond)
	if err := a.Join(t.Context(), first, func([]byte) ([]byte, error) { return nil, nil }, nil); err != nil {
		t.Fatal(err)
	}
	if err := a.js.DeleteKeyValue(t.Context(), "gatehouse-nodes"); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for {
		if _, err := a.nodes.Get(t.Context(), lease(first)); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the lease does not come back")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := a.Leave(context.Background(), first); err != nil {
		t.Error(err)
	}
	if err := a.Leave(context.Background(), first); err != nil {
		t.Errorf("leaving twice: %v", err)
	}
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
