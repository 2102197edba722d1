package app

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/nats-io/nats-server/v2/server"

	"gatehouse/internal/config"
	"gatehouse/internal/secret"
)

// Source: ours; AWS has no nodes.

// startNats runs a NATS server as an external one.
func startNats(t *testing.T) (url string) {
	t.Helper()
	nats, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(), MaxPayload: 8 << 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	nats.Start()
	if !nats.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	t.Cleanup(func() { nats.Shutdown(); nats.WaitForShutdown() })
	return nats.ClientURL()
}

// startNode runs a server whose end the caller decides.
func startNode(t *testing.T, nats string, change ...func(*config.Config)) *App {
	t.Helper()
	settings := config.Default()
	settings.Listen, settings.Data, settings.Nats = "127.0.0.1:0", t.TempDir(), nats
	for _, c := range change {
		c(&settings)
	}
	copyKey(t, settings.Data)
	node := New(Options{Config: settings, Version: "test", Log: slog.New(slog.DiscardHandler), Path: os.Getenv("PATH")})
	if err := node.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	return node
}

// copyKey gives a node the key that all nodes of these tests have, as an operator does.
func copyKey(t *testing.T, data string) {
	t.Helper()
	path := secret.PathOf(data)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	key := "gatehouse-key-1 " + base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n"
	if err := os.WriteFile(path, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A client is connected to one node; what backends want of it reaches it through any,
// until its node ends.
func TestConnectionsBetweenNodes(t *testing.T) {
	nats := startNats(t)
	near, far := startNode(t, nats), startNode(t, nats)
	defer func() { _ = near.Stop(context.Background()) }()
	apiId := createWho(t, near)
	base := "/_aws/execute-api/" + apiId + "/prod"
	var first net.Conn
	eventually(t, func() (connected bool) { // the other node publishes what it hears
		var err error
		first, err = dial(t, far.Addr(), "ws://node"+base, nil)
		return err == nil
	})
	second, err := dial(t, far.Addr(), "ws://node"+base, nil)
	if err != nil {
		t.Fatal(err)
	}
	firstId, _ := who(t, first)
	secondId, _ := who(t, second)
	ask := func(method, path, body string) (int, string) {
		return at(t, near.Addr(), method, "http://node"+path, body, nil, nil)
	}
	large := strings.Repeat("x", 128<<10)
	for _, path := range []string{base + "/@connections/", "/@connections/"} { // the second by the id alone
		if status, text := ask("POST", path+firstId, large); status != 200 {
			t.Fatalf("POST %s: %d %s", path, status, text)
		}
		if pushed, err := wsutil.ReadServerText(first); err != nil || string(pushed) != large {
			t.Errorf("got %d bytes, %v", len(pushed), err)
		}
		if status, text := ask("GET", path+firstId, ""); status != 200 || !strings.Contains(text, `"sourceIp":"127.0.0.1"`) {
			t.Errorf("GET %s: %d %s", path, status, text)
		}
	}
	if status, text := ask("POST", "/_aws/execute-api/"+apiId+"/dev/@connections/"+firstId, "x"); status != 410 {
		t.Errorf("another stage: %d %s", status, text)
	}
	if status, text := ask("DELETE", "/@connections/"+firstId, ""); status != 204 {
		t.Errorf("DELETE: %d %s", status, text)
	}
	var closed wsutil.ClosedError
	if _, err := wsutil.ReadServerText(first); !asClosed(err, &closed) || closed.Code != ws.StatusNormalClosure {
		t.Errorf("the first client met %v", err)
	}
	if status, text := ask("GET", "/@connections/"+firstId, ""); status != 410 {
		t.Errorf("GET of what the other node closed: %d %s", status, text)
	}
	if err := far.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := wsutil.ReadServerText(second); !asClosed(err, &closed) || closed.Code != ws.StatusGoingAway {
		t.Errorf("the second client met %v", err)
	}
	if status, text := ask("POST", "/@connections/"+secondId, "x"); status != 410 {
		t.Errorf("POST to a node that ended: %d %s", status, text)
	}
}

// patience is how long these tests wait for what has to come, however busy the machine is.
const patience = time.Minute

func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not come to be")
		}
	}
}

// An id outlives its server: the next run knows whose it was.
func TestConnectionIdOfAnEarlierRun(t *testing.T) {
	settings := config.Default()
	settings.Listen, settings.Data = "127.0.0.1:0", t.TempDir()
	var id string
	for run := range 2 {
		node := New(Options{Config: settings, Version: "test", Log: slog.New(slog.DiscardHandler), Path: os.Getenv("PATH")})
		if err := node.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		if run == 0 {
			client, err := dial(t, node.Addr(), "ws://node/_aws/execute-api/"+createWho(t, node)+"/prod", nil)
			if err != nil {
				t.Fatal(err)
			}
			id, _ = who(t, client)
		} else if status, text := at(t, node.Addr(), "GET", "http://node/@connections/"+id, "", nil, nil); status != 410 {
			t.Errorf("got %d %s", status, text)
		}
		if err := node.Stop(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}
