package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gatehouse/internal/cluster"
	"gatehouse/internal/config"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/login"
	keeping "gatehouse/internal/secret"
	"gatehouse/internal/sigv4"
)

// Source: ours; AWS has no nodes.

// requestsOf is what a node's list of requests says.
func requestsOf(t *testing.T, node *App, query string) (list []diagnosis.Summary, unanswered []diagnosis.Unanswered) {
	t.Helper()
	_, text := at(t, node.Addr(), "GET", "http://node/_gatehouse/api/requests"+query, "", nil, nil)
	var answer struct {
		Requests   []diagnosis.Summary
		Unanswered []diagnosis.Unanswered
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return answer.Requests, answer.Unanswered
}

// fail makes a request that a node refuses, and returns its id.
func fail(t *testing.T, node *App, path string) string {
	t.Helper()
	response, err := http.Get(node.URL() + "/_aws/execute-api/nosuchapi0/prod" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.Header.Get("x-amzn-RequestId")
}

func explainAt(node *App, requestId string) (*diagnosis.Explanation, error) {
	return diagnosis.Fetch(context.Background(), http.DefaultClient, node.URL(), requestId)
}

func TestRequestsOfAllNodes(t *testing.T) {
	nats := startNats(t)
	nodes := []*App{startNode(t, nats), startNode(t, nats), startNode(t, nats)}
	ended := map[*App]bool{}
	stop := func(node *App) {
		if !ended[node] {
			ended[node] = true
			_ = node.Stop(context.Background())
		}
	}
	t.Cleanup(func() {
		for _, node := range nodes {
			stop(node)
		}
	})
	ids := map[string]*App{}
	var order []string // the latest first
	for _, node := range append(nodes, nodes...) {
		id := fail(t, node, "/"+node.nodeName())
		ids[id], order = node, append([]string{id}, order...)
		time.Sleep(2 * time.Millisecond) // lists are ordered by milliseconds
	}
	for _, node := range nodes {
		eventually(t, func() bool { // the record is complete a moment after the answer
			list, unanswered := requestsOf(t, node, "?api=nosuchapi0")
			var got []string
			for _, one := range list {
				if one.Node != ids[one.RequestId].nodeName() {
					t.Errorf("%s is said to be of node %s", one.RequestId, one.Node)
				}
				got = append(got, one.RequestId)
			}
			return len(unanswered) == 0 && slices.Equal(got, order)
		})
		if list, _ := requestsOf(t, node, "?api=nosuchapi0&limit=2"); len(list) != 2 || list[0].RequestId != order[0] || list[1].RequestId != order[1] {
			t.Errorf("the latest two: %+v", list)
		}
		for id, served := range ids {
			explanation, err := explainAt(node, id)
			if err != nil || explanation.Node != served.nodeName() || explanation.RequestId != id || explanation.ErrorId == "" {
				t.Errorf("%s at %s: %+v %v", id, node.nodeName(), explanation, err)
			}
		}
		if latest, err := explainAt(node, diagnosis.Latest); err != nil || latest.RequestId != order[0] || len(latest.Unanswered) != 0 {
			t.Errorf("the latest at %s: %+v %v", node.nodeName(), latest, err)
		}
		if _, err := explainAt(node, "unknown"); err == nil || strings.Contains(err.Error(), "may know it") {
			t.Errorf("an unknown id: %v", err)
		}
		page := "http://node/_gatehouse/kb/GH-R104?request=" + order[0] // shows the values of the request
		if _, text := at(t, node.Addr(), "GET", page, "", nil, nil); !strings.Contains(text, order[0]) {
			t.Errorf("the knowledge base at %s does not know %s", node.nodeName(), order[0])
		}
	}

	stop(nodes[2])
	for id, served := range ids {
		if explanation, err := explainAt(nodes[0], id); (err == nil) != (served != nodes[2]) {
			t.Errorf("%s of %s, after that node's end: %+v %v", id, served.nodeName(), explanation, err)
		}
	}
	if list, unanswered := requestsOf(t, nodes[0], "?api=nosuchapi0"); len(list) != 4 || len(unanswered) != 0 {
		t.Errorf("after a node's end: %d requests, %v", len(list), unanswered)
	}
	stop(nodes[1])
	if list, _ := requestsOf(t, nodes[0], "?api=nosuchapi0"); len(list) != 2 || list[0].Node != "" {
		t.Errorf("alone: %+v", list)
	}
}

// A node that hangs is named, and nobody waits for it longer than the limit.
func TestRequestsWithoutANodesAnswer(t *testing.T) {
	url := startNats(t)
	node := startNode(t, url)
	t.Cleanup(func() { _ = node.Stop(context.Background()) })
	conn, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	keeper, err := keeping.New(make([]byte, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	hanging, err := cluster.Open(t.Context(), cluster.Config{Conn: conn, NodeName: "sleepy:1", Sealer: keeper.Box("between nodes")})
	if err != nil {
		t.Fatal(err)
	}
	release := make(chan struct{})
	hangs := func([]byte) ([]byte, error) { <-release; return nil, nil }
	if err := hanging.Join(t.Context(), 1, hangs, map[string]cluster.Answer{topicRequests: hangs}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { close(release); _ = hanging.Leave(context.Background(), 1) })
	id := fail(t, node, "/x")
	eventually(t, func() bool {
		_, err := explainAt(node, id)
		return err == nil
	})
	began := time.Now()
	want := []diagnosis.Unanswered{{Node: "sleepy:1", Because: "did not answer"}}
	if list, unanswered := requestsOf(t, node, ""); len(list) != 1 || list[0].Node != node.nodeName() || !slices.Equal(unanswered, want) {
		t.Errorf("%+v %v", list, unanswered)
	}
	if latest, err := explainAt(node, diagnosis.Latest); err != nil || latest.RequestId != id || !slices.Equal(latest.Unanswered, want) {
		t.Errorf("the latest: %+v %v", latest, err)
	}
	if _, err := explainAt(node, "unknown"); err == nil || !strings.Contains(err.Error(), "node sleepy:1 did not answer, and may know it") {
		t.Errorf("an unknown id: %v", err)
	}
	if took := time.Since(began); took >= 2*3*cluster.DefaultAskTimeout {
		t.Errorf("three questions took %s: one waits more than once", took)
	}
	for path, want := range map[string]string{"": "sleepy:1</strong> did not answer", "unknown": "sleepy:1</strong> did not answer", id: "Node " + node.nodeName()} {
		if _, text := at(t, node.Addr(), "GET", "http://node/_gatehouse/requests/"+path, "", nil, nil); !strings.Contains(text, want) {
			t.Errorf("the page %q does not say %q:\n%s", path, want, text)
		}
	}
}

// In secure mode each account sees its own requests, at whichever node; a node in
// developer mode is told nothing.
func TestRequestsOfAllNodesInSecureMode(t *testing.T) {
	nats := startNats(t)
	near, far, developer := startNode(t, nats, secure), startNode(t, nats, secure), startNode(t, nats)
	t.Cleanup(func() {
		for _, node := range []*App{near, far, developer} {
			_ = node.Stop(context.Background())
		}
	})
	people := peopleOf(t, near)
	root, foreign := people.root(ownAccount), people.root(otherAccount)
	eventually(t, func() bool { // the other node hears of the keys
		status, _, _ := (&sent{method: "GET", path: "/restapis", with: root, service: "apigateway"}).do(t, far)
		return status == http.StatusOK
	})
	refused := &sent{method: "GET", path: "/restapis", with: people.user(ownAccount, "u", ""), service: "apigateway"}
	var id string
	eventually(t, func() bool {
		status, _, headers := refused.do(t, far)
		id = headers.Get("x-amzn-RequestId")
		return status == http.StatusForbidden && strings.Contains(headers.Get("X-Amzn-Errortype"), "AccessDenied")
	})
	fetch := func(with sigv4.Credentials, requestId string) (*diagnosis.Explanation, error) {
		client := &http.Client{Transport: &login.Transport{Credentials: with, Region: "us-east-1", Now: time.Now}}
		return diagnosis.Fetch(context.Background(), client, near.URL(), requestId)
	}
	for _, name := range []string{id, diagnosis.Latest} {
		if explanation, err := fetch(root, name); err != nil || explanation.RequestId != id || explanation.Node != far.nodeName() {
			t.Errorf("%s for its own account: %+v %v", name, explanation, err)
		}
		if explanation, err := fetch(foreign, name); err == nil {
			t.Errorf("%s for another account: %+v", name, explanation)
		}
	}
	used := &sent{method: "POST", path: "/", body: "Action=GetAccessKeyLastUsed&Version=2010-05-08&AccessKeyId=" + refused.with.AccessKeyID, with: root, service: "iam", headers: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}}
	if status, text, _ := used.do(t, near); status != http.StatusOK || !strings.Contains(text, "<ServiceName>apigateway</ServiceName>") {
		t.Errorf("the use of a key at another node: %d %s", status, text)
	}
	if _, err := explainAt(developer, id); err == nil || strings.Count(err.Error(), "refused: it is in secure mode") != 2 {
		t.Errorf("a node in developer mode: %v", err)
	}
}

// A server that could not read what the others sealed does not start.
func TestNodesNeedTheSameKey(t *testing.T) {
	nats := startNats(t)
	node := startNode(t, nats)
	t.Cleanup(func() { _ = node.Stop(context.Background()) })
	settings := config.Default()
	settings.Listen, settings.Data, settings.Nats = "127.0.0.1:0", t.TempDir(), nats
	stranger := New(Options{Config: settings, Version: "test", Log: slog.New(slog.DiscardHandler)})
	err := stranger.Start(context.Background())
	if err == nil || !strings.Contains(err.Error(), "copy the file from the first of them") || !strings.Contains(err.Error(), keeping.PathOf(settings.Data)) {
		t.Errorf("got %v", err)
	}
}
