// Package natscluster runs several NATS servers, as the cluster that an operator runs, and
// kills one of them when the test says so. Each is a process of the test's own binary,
// whose TestMain calls Main, so that a kill is one. It knows nothing of what is kept in them.
//
// Begin at Start.
package natscluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	gatehouse "gatehouse/test/server"
)

const (
	maxPayload = 8 << 20 // what Gatehouse needs
	// patience is far above what anything takes: a consumer of the logs that asked for the
	// server that was killed is made again after 10 to 40 seconds.
	patience = 2 * time.Minute
	// environment holds what a process is told that is to be a NATS server.
	environment = "GATEHOUSE_TEST_NATS_SERVER"
)

// settings are what one server is told.
type settings struct {
	Name, Dir         string
	Port, ClusterPort int
	Routes            []string
}

// Main runs a NATS server and does not return, in a process that Start made; in any other
// it does nothing.
func Main() {
	text := os.Getenv(environment)
	if text == "" {
		return
	}
	if err := serve(text); err != nil {
		fmt.Fprintln(os.Stderr, "NATS server:", err)
		os.Exit(1)
	}
	select {}
}

func serve(text string) error {
	var told settings
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		return err
	}
	var routes []*url.URL
	for _, host := range told.Routes {
		routes = append(routes, &url.URL{Scheme: "nats", Host: host})
	}
	s, err := server.NewServer(&server.Options{
		ServerName: told.Name, Host: "127.0.0.1", Port: told.Port, NoSigs: true, NoLog: true, MaxPayload: maxPayload,
		JetStream: true, StoreDir: told.Dir, Routes: routes,
		Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: told.ClusterPort},
	})
	if err != nil {
		return err
	}
	s.Start()
	return nil
}

// Cluster is a running cluster.
type Cluster struct {
	t       testing.TB
	servers map[string]*exec.Cmd // by name; without those that were killed
	urls    []string             // of all, the killed ones too
}

// Start runs a cluster of so many servers until the test ends.
func Start(t testing.TB, size int) *Cluster {
	t.Helper()
	c := &Cluster{t: t, servers: map[string]*exec.Cmd{}}
	t.Cleanup(c.stop)
	ports := freePorts(t, 2*size)
	var routes []string
	for i := range size {
		routes = append(routes, net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[size+i])))
		c.urls = append(c.urls, "nats://"+net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i])))
	}
	for i := range size {
		c.start(settings{Name: fmt.Sprintf("nats-%d", i), Dir: t.TempDir(), Port: ports[i], ClusterPort: ports[size+i], Routes: routes})
	}
	c.Await("the NATS cluster", func() error { return c.holds(size) })
	return c
}

func (c *Cluster) start(told settings) {
	c.t.Helper()
	text, err := json.Marshal(told)
	if err != nil {
		c.t.Fatal(err)
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), environment+"="+string(text))
	command.Stderr = os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.servers[told.Name] = command
}

// freePorts are ports that nobody listens on.
func freePorts(t testing.TB, count int) (ports []int) {
	t.Helper()
	for len(ports) < count {
		address, err := gatehouse.FreeAddress()
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := net.SplitHostPort(address)
		port, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	return ports
}

// holds says whether the cluster can hold a stream on all its servers.
func (c *Cluster) holds(size int) error {
	return c.with(func(js jetstream.JetStream) error {
		ctx := c.t.Context()
		if _, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "try", Replicas: size, Storage: jetstream.MemoryStorage}); err != nil {
			return err
		}
		return js.DeleteStream(ctx, "try")
	})
}

// with opens a connection for a while.
func (c *Cluster) with(do func(jetstream.JetStream) error) error {
	conn, err := nats.Connect(c.Url())
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	return do(js)
}

// Url names all servers, as --nats takes them.
func (c *Cluster) Url() string { return strings.Join(c.urls, ",") }

// Kill kills the server that leads a stream.
func (c *Cluster) Kill(stream string) {
	c.t.Helper()
	err := c.with(func(js jetstream.JetStream) error {
		found, err := js.Stream(c.t.Context(), stream)
		if err != nil {
			return err
		}
		leader := found.CachedInfo().Cluster.Leader
		victim := c.servers[leader]
		if victim == nil {
			return errors.New("no server leads it")
		}
		delete(c.servers, leader)
		return end(victim)
	})
	if err != nil {
		c.t.Fatalf("killing the server that leads the stream %s: %v", stream, err)
	}
}

func end(process *exec.Cmd) error {
	err := process.Process.Kill()
	_ = process.Wait() // its status is the signal's
	return err
}

func (c *Cluster) stop() {
	for _, process := range c.servers {
		_ = end(process)
	}
}

// Await waits until holds returns nil.
func (c *Cluster) Await(what string, holds func() error) {
	c.t.Helper()
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err = holds(); err == nil {
			return
		}
	}
	c.t.Fatalf("waiting for %s: %v", what, err)
}
