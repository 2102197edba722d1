// Package natscluster runs several NATS servers in the process of a test, as the cluster
// that an operator runs, and ends one of them when the test says so. It knows nothing of
// what is kept in them.
//
// Begin at Start.
package natscluster

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	maxPayload   = 8 << 20 // what Gatehouse needs
	startTimeout = 30 * time.Second
)

// Cluster is a running cluster.
type Cluster struct {
	t       testing.TB
	servers []*server.Server // nil where one was killed
	urls    []string         // of all, the killed ones too
}

// Start runs a cluster of so many servers until the test ends.
func Start(t testing.TB, size int) *Cluster {
	t.Helper()
	c := &Cluster{t: t}
	t.Cleanup(c.stop)
	ports := make([]int, size)
	var routes []*url.URL
	for i := range ports {
		ports[i] = freePort(t)
		routes = append(routes, &url.URL{Scheme: "nats", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i]))})
	}
	for i, port := range ports {
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprintf("nats-%d", i), Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, MaxPayload: maxPayload,
			JetStream: true, StoreDir: t.TempDir(), Routes: routes,
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: port},
		})
		if err != nil {
			t.Fatal(err)
		}
		c.servers = append(c.servers, s)
		s.Start()
	}
	c.Await("a leader of the cluster", func() error {
		for _, s := range c.servers {
			if !s.ReadyForConnections(time.Second) {
				return errors.New("a server is not ready")
			}
		}
		for _, s := range c.servers {
			if s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == size {
				return nil
			}
		}
		return errors.New("there is none")
	})
	for _, s := range c.servers {
		c.urls = append(c.urls, s.ClientURL())
	}
	return c
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it is a TCP listener
}

// Url names all servers, as --nats takes them.
func (c *Cluster) Url() string { return strings.Join(c.urls, ",") }

// Kill ends the server that leads a stream.
func (c *Cluster) Kill(stream string) {
	c.t.Helper()
	for i, s := range c.servers {
		if s != nil && s.JetStreamIsStreamLeader(server.DEFAULT_GLOBAL_ACCOUNT, stream) {
			s.Shutdown()
			s.WaitForShutdown()
			c.servers[i] = nil
			return
		}
	}
	c.t.Fatalf("no server leads the stream %s", stream)
}

func (c *Cluster) stop() {
	for _, s := range c.servers {
		if s != nil {
			s.Shutdown()
			s.WaitForShutdown()
		}
	}
}

// Await waits until holds returns nil.
func (c *Cluster) Await(what string, holds func() error) {
	c.t.Helper()
	var err error
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err = holds(); err == nil {
			return
		}
	}
	c.t.Fatalf("waiting for %s: %v", what, err)
}
