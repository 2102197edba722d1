package jetstream

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	gatehouse "gatehouse/test/server"
)

// startServer runs a NATS server that listens on loopback, as an external one.
func startServer(t *testing.T, options server.Options) *server.Server {
	t.Helper()
	options.Host, options.NoSigs, options.NoLog, options.JetStream = "127.0.0.1", true, true, true
	if options.Port == 0 {
		options.Port = server.RANDOM_PORT
	}
	if options.StoreDir == "" {
		options.StoreDir = t.TempDir()
	}
	if options.MaxPayload == 0 {
		options.MaxPayload = maxPayloadBytes
	}
	s, err := server.NewServer(&options)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS server does not start")
	}
	return s
}

func stopServer(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// TestContractExternal runs the contract against an external server, all stores on one, with names of their own.
func TestContractExternal(t *testing.T) {
	defer goleak.VerifyNone(t)
	nats := startServer(t, server.Options{})
	defer stopServer(nats)
	n := 0
	storetest.Run(t, func(t *testing.T) store.Store {
		n++
		return open(t, Config{URL: nats.ClientURL(), Name: "test" + strconv.Itoa(n)})
	})
}

// TestTwoNodes lets two nodes increment one counter: nothing is lost, and both see all.
func TestTwoNodes(t *testing.T) {
	nats := startServer(t, server.Options{})
	defer stopServer(nats)
	a, b := open(t, Config{URL: nats.ClientURL()}), open(t, Config{URL: nats.ClientURL()})
	defer a.Close()
	defer b.Close()
	const increments = 60
	counter := store.NewKey("counter")
	var group sync.WaitGroup
	for _, node := range []*Store{a, b} {
		group.Go(func() {
			for range increments {
				err := node.Update(context.Background(), func(tx *store.Tx) error {
					record, _ := tx.Get(counter)
					n, _ := strconv.Atoi(string(record.Value))
					tx.Put(counter, []byte(strconv.Itoa(n+1)))
					return nil
				})
				if err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	group.Wait()
	revision := max(a.View().Revision(), b.View().Revision())
	for _, node := range []*Store{a, b} {
		if err := node.image.Wait(context.Background(), revision); err != nil {
			t.Fatal(err)
		}
		if record, _ := node.View().Get(counter); string(record.Value) != strconv.Itoa(2*increments) {
			t.Errorf("counter is %s, want %d", record.Value, 2*increments)
		}
	}
}

// TestLaggingNode stops hearing of the stream while another node writes and compacts. It notices, reads everything again, and tells its watchers.
func TestLaggingNode(t *testing.T) {
	nats := startServer(t, server.Options{})
	defer stopServer(nats)
	lagging := open(t, Config{URL: nats.ClientURL(), CheckInterval: 50 * time.Millisecond, Log: quiet()})
	defer lagging.Close()
	writer := open(t, Config{URL: nats.ClientURL()})
	defer writer.Close()
	fill(t, writer, 50, 1)
	if err := lagging.image.Wait(context.Background(), writer.View().Revision()); err != nil {
		t.Fatal(err)
	}
	consumers := writer.stream.ListConsumers(context.Background())
	for info := range consumers.Info() { // Its consumer dies; the writer's own is made again.
		if err := writer.stream.DeleteConsumer(context.Background(), info.Name); err != nil {
			t.Fatal(err)
		}
	}
	solo := open(t, Config{URL: nats.ClientURL()})
	defer solo.Close()
	fill(t, solo, 50, 1)
	if err := solo.compactTo(context.Background(), solo.View().Revision()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := lagging.image.Wait(ctx, solo.View().Revision()); err != nil {
		t.Fatalf("the lagging node is at %d, the stream at %d: %v", lagging.View().Revision(), solo.View().Revision(), err)
	}
	if lagging.View().Manifest() != solo.View().Manifest() {
		t.Errorf("lagging node has %v, want %v", lagging.View().Manifest(), solo.View().Manifest())
	}
}

// TestServerRestart keeps reading from the image while the server is away, and goes on when it is back.
func TestServerRestart(t *testing.T) {
	dir := t.TempDir()
	address, err := gatehouse.FreeAddress() // which is free for the second server as well
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(address[strings.LastIndex(address, ":")+1:])
	if err != nil {
		t.Fatal(err)
	}
	nats := startServer(t, server.Options{StoreDir: dir, Port: port})
	s := open(t, Config{URL: nats.ClientURL(), Log: quiet()})
	defer s.Close()
	fill(t, s, 5, 1)
	stopServer(nats)
	if s.View().Len() != 5 {
		t.Error("the image is gone with the server")
	}
	done := make(chan error)
	go func() {
		done <- s.Update(context.Background(), func(tx *store.Tx) error { tx.Put(store.NewKey("late"), nil); return nil })
	}()
	time.Sleep(100 * time.Millisecond)
	nats = startServer(t, server.Options{StoreDir: dir, Port: port})
	defer stopServer(nats)
	if err := <-done; err != nil {
		t.Errorf("Update across a restart of the server: %v", err)
	}
	if _, ok := s.View().Get(store.NewKey("late")); !ok || s.View().Len() != 6 {
		t.Errorf("after the restart: %d records", s.View().Len())
	}
}

// TestUnsuitableServer is refused, with the reason.
func TestUnsuitableServer(t *testing.T) {
	small := startServer(t, server.Options{MaxPayload: 1 << 20})
	defer stopServer(small)
	if _, err := Open(context.Background(), Config{URL: small.ClientURL()}); err == nil || !strings.Contains(err.Error(), "max_payload") {
		t.Errorf("a server with a small max_payload: %v", err)
	}
	nats := startServer(t, server.Options{})
	s := open(t, Config{URL: nats.ClientURL(), Name: "other"})
	_, err := s.js.CreateStream(context.Background(), jetstream.StreamConfig{Name: "mine-records", Subjects: []string{"x"}, MaxMsgs: 5})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := Open(context.Background(), Config{URL: nats.ClientURL(), Name: "mine"}); err == nil || !strings.Contains(err.Error(), "limits") {
		t.Errorf("a stream that forgets: %v", err)
	}
	url := nats.ClientURL()
	stopServer(nats)
	if _, err := Open(context.Background(), Config{URL: url}); !errors.Is(err, store.ErrUnavailable) || strings.Contains(err.Error(), "\n") {
		t.Errorf("no server: %v, want ErrUnavailable in one line", err)
	}
}
