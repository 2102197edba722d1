package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/diagnosis"
	"gatehouse/internal/secret"
	"gatehouse/test/natscluster"
	"gatehouse/test/server"
)

// Source: ours; AWS has no nodes.

// output collects what a process prints.
type output struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// world is three servers on a NATS cluster of three.
type world struct {
	*testing.T
	nats   *natscluster.Cluster
	nodes  []*server.Server
	output []*output
}

func newWorld(t *testing.T, flags ...string) *world {
	t.Helper()
	w := &world{T: t, nats: natscluster.Start(t, 3)}
	binary := server.Build(t)
	for range 3 {
		address, err := server.FreeAddress()
		if err != nil {
			t.Fatal(err)
		}
		printed := &output{}
		node := &server.Server{Binary: binary, Address: address, Data: filepath.Join(t.TempDir(), "data"), Log: printed}
		if len(w.nodes) > 0 {
			w.copyKey(w.nodes[0], node)
		}
		if err := node.Start(append([]string{"--nats", w.nats.Url(), "--nats-replicas", "3"}, flags...)...); err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
		t.Cleanup(func() {
			_ = node.Stop(os.Interrupt)
			if t.Failed() {
				t.Logf("%s printed\n%s", node.Address, printed)
			}
		})
		w.nodes, w.output = append(w.nodes, node), append(w.output, printed)
	}
	return w
}

// copyKey does what the README asks of an operator.
func (w *world) copyKey(from, to *server.Server) {
	w.Helper()
	key, err := os.ReadFile(secret.PathOf(from.Data))
	if err == nil {
		err = os.MkdirAll(filepath.Dir(secret.PathOf(to.Data)), 0o700)
	}
	if err == nil {
		err = os.WriteFile(secret.PathOf(to.Data), key, 0o600)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// eventually waits until holds returns nil.
func (w *world) eventually(what string, holds func() error) {
	w.Helper()
	began := time.Now()
	w.nats.Await(what, holds)
	if took := time.Since(began); took > time.Second {
		w.Logf("%s took %s", what, took)
	}
}

// name is what people know a node by.
func (w *world) name(node *server.Server) string {
	host, err := os.Hostname()
	if err != nil {
		w.Fatal(err)
	}
	_, port, _ := strings.Cut(node.Address, ":")
	return host + ":" + port
}

// request sends a GET to an API at a node.
func (w *world) request(node *server.Server, path string) (status int, requestId string) {
	w.Helper()
	response, err := http.Get(node.Url() + path)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode, response.Header.Get("x-amzn-RequestId")
}

// explain runs gatehouse explain against a node.
func (w *world) explain(node *server.Server, requestId string) (string, error) {
	command := exec.Command(node.Binary, "explain", requestId, "--url", node.Url())
	text, err := command.CombinedOutput()
	return string(text), err
}

// list is what the API of a node lists.
func (w *world) list(node *server.Server, query string) (requests []diagnosis.Summary, unanswered []string) {
	w.Helper()
	response, err := http.Get(node.Url() + "/_gatehouse/api/requests" + query)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	var answer struct {
		Requests   []diagnosis.Summary
		Unanswered []diagnosis.Unanswered
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		w.Fatalf("%v: %s", err, text)
	}
	for _, one := range answer.Unanswered {
		unanswered = append(unanswered, one.String())
	}
	return answer.Requests, unanswered
}

// everyNodeExplains says whether every node explains each request and names who served it.
func (w *world) everyNodeExplains(nodes []*server.Server, served map[string]*server.Server) error {
	for id, by := range served {
		for _, node := range nodes {
			text, err := w.explain(node, id)
			if err != nil || !strings.Contains(text, id) || !strings.Contains(text, "node "+w.name(by)) {
				return fmt.Errorf("%s of %s, asked at %s: %w\n%s", id, w.name(by), w.name(node), err, text)
			}
		}
	}
	return nil
}

// lists says whether a node lists these requests and no other of the API, and who does not answer.
func (w *world) lists(node *server.Server, apiId string, served map[string]*server.Server, wantUnanswered ...string) error {
	requests, unanswered := w.list(node, "?status=403&api="+apiId)
	if len(requests) != len(served) || !slices.Equal(unanswered, wantUnanswered) {
		return fmt.Errorf("%s lists %d of %d requests; %q", w.name(node), len(requests), len(served), unanswered)
	}
	for _, one := range requests {
		if by := served[one.RequestId]; by == nil || len(served) > 1 && one.Node != w.name(by) {
			return fmt.Errorf("%s is said to be of node %q", one.RequestId, one.Node)
		}
	}
	if !slices.IsSortedFunc(requests, func(a, b diagnosis.Summary) int { return strings.Compare(b.Received, a.Received) }) {
		return fmt.Errorf("not the newest first: %+v", requests)
	}
	return nil
}

// keepsServing sends requests to a node until the function that it returns is called,
// which says how many were sent and how many failed.
func (w *world) keepsServing(node *server.Server, path string) (stop func() (sent, failed int)) {
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	sent, failed := 0, 0
	serving.Go(func() {
		for ; ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
			sent++
			response, err := http.Get(node.Url() + path)
			if err != nil || response.StatusCode != http.StatusOK {
				failed++
			}
			if err == nil {
				_ = response.Body.Close()
			}
		}
	})
	return func() (int, int) {
		cancel()
		serving.Wait()
		return sent, failed
	}
}
