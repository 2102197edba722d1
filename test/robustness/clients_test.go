package robustness

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gatehouse/test/server"
)

// mocked deploys a REST API whose GET / answers 200 by itself, and returns its path.
func (c *client) mocked(t *testing.T) (path string) {
	t.Helper()
	api, _, _ := c.apis(t)
	method := api[0] + "/resources/" + api[1] + "/methods/GET"
	for _, call := range []struct {
		path string
		body any
	}{
		{method, map[string]any{"authorizationType": "NONE"}},
		{method + "/integration", map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode":200}`}}},
		{method + "/responses/200", map[string]any{}},
		{method + "/integration/responses/200", map[string]any{}},
	} {
		if status, answer, err := c.ask(http.MethodPut, call.path, call.body); err != nil || status != http.StatusCreated {
			t.Fatalf("PUT %s: %d %v %v", call.path, status, answer, err)
		}
	}
	if status, answer, err := c.ask(http.MethodPost, api[0]+"/deployments", map[string]any{"stageName": "prod"}); err != nil || status != http.StatusCreated {
		t.Fatalf("deploying: %d %v %v", status, answer, err)
	}
	return "/_aws/execute-api" + api[0][len("/restapis"):] + "/prod/"
}

// files is how many files the server's process has open.
func files(t *testing.T, pid int) int {
	t.Helper()
	open, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}

// Clients that connect and vanish, with nothing, half a head or a request that they do not
// wait for, leave nothing open behind.
func TestClientsThatVanish(t *testing.T) {
	c := &client{Server: server.Run(t)}
	path := c.mocked(t)
	before := files(t, c.Pid())
	const clients, callers = 3000, 8
	var calling sync.WaitGroup
	for first := range callers {
		calling.Go(func() {
			for i := first; i < clients; i += callers {
				connection, err := net.Dial("tcp", c.Address)
				if err != nil {
					t.Error(err)
					return
				}
				head := "GET " + path + " HTTP/1.1\r\nHost: x\r\n"
				_, _ = io.WriteString(connection, []string{"", head, head + "\r\n"}[i%3]) // the server may have closed it
				_ = connection.Close()
			}
		})
	}
	calling.Wait()
	const spare = 20 // kept for the next client
	for deadline := time.Now().Add(patience); files(t, c.Pid()) > before+spare; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d files are open, before it were %d", files(t, c.Pid()), before)
		}
	}
	if response, err := http.Get(c.Url() + path); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("a client that waits: %v %v", response, err)
	}
}

// A server that is told to end under load answers whom it has accepted, and then ends
// without a complaint.
func TestEndUnderLoad(t *testing.T) {
	c := &client{Server: server.Run(t)}
	url := c.Url() + c.mocked(t)
	var answered, reset atomic.Int64
	var calling sync.WaitGroup
	const callers, enough = 8, 200
	for range callers {
		calling.Go(func() {
			alone := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			for {
				response, err := alone.Get(url)
				switch {
				case errors.Is(err, syscall.ECONNREFUSED):
					return
				case errors.Is(err, syscall.ECONNRESET):
					reset.Add(1)
					return
				case err != nil:
					t.Error(err)
					return
				}
				if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("answered %d, %v", response.StatusCode, err)
				}
				_ = response.Body.Close()
				answered.Add(1)
			}
		})
	}
	for deadline := time.Now().Add(patience); answered.Load() < enough && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if err := c.Stop(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	calling.Wait()
	// Who waits in the system's queue when the listener closes is reset, unread.
	if answered.Load() < enough || c.ExitCode() != 0 {
		t.Errorf("%d were answered, %d reset; the server ended with %d", answered.Load(), reset.Load(), c.ExitCode())
	}
}
