package robustness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/test/server"
)

// Source: ours.

// patience is how long these tests wait for what has to come, however busy the machine is.
const patience = time.Minute

// client speaks to a server that may end at any moment.
type client struct {
	*server.Server
	http http.Client
}

// ask sends a request; the error is that nothing, or not all, came back.
func (c *client) ask(method, path string, body any) (status int, answer map[string]any, err error) {
	var encoded []byte
	if body != nil {
		if encoded, err = json.Marshal(body); err != nil {
			return 0, nil, err
		}
	}
	request, err := http.NewRequestWithContext(context.Background(), method, c.Url()+path, bytes.NewReader(encoded))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusNoContent {
		return response.StatusCode, nil, nil
	}
	return response.StatusCode, answer, json.NewDecoder(response.Body).Decode(&answer)
}

// get is what must be there.
func (c *client) get(t *testing.T, path string) map[string]any {
	t.Helper()
	status, answer, err := c.ask(http.MethodGet, path, nil)
	if err != nil || status != http.StatusOK {
		t.Errorf("GET %s: %d %v %v", path, status, answer, err)
	}
	return answer
}

// writer is one kind of write: what is sent again and again, and where to look for what
// was acknowledged.
type writer struct {
	method, path string
	body         func(n int) any
	// kept is the path of what an answer acknowledges.
	kept func(answer map[string]any) string
}

func text(answer map[string]any, name string) string {
	value, _ := answer[name].(string)
	return value
}

// writers are the kinds; parent is a REST API's path, route an HTTP API's.
func writers(parent, root, route, chat string) map[string]writer {
	return map[string]writer{
		"REST API": {
			"POST", "/restapis", func(n int) any { return map[string]any{"name": fmt.Sprint("rest", n)} },
			func(answer map[string]any) string { return "/restapis/" + text(answer, "id") },
		},
		"resource": {
			"POST", parent + "/resources/" + root, func(n int) any { return map[string]any{"pathPart": fmt.Sprint("part", n)} },
			func(answer map[string]any) string { return parent + "/resources/" + text(answer, "id") },
		},
		"HTTP API": {
			"POST", "/v2/apis", func(n int) any {
				return map[string]any{"name": fmt.Sprint("http", n), "protocolType": "HTTP", "target": "http://127.0.0.1:9/"}
			},
			func(answer map[string]any) string { return "/v2/apis/" + text(answer, "apiId") + "/stages/$default" },
		},
		"route": {
			"POST", route + "/routes", func(n int) any { return map[string]any{"routeKey": fmt.Sprint("GET /", n)} },
			func(answer map[string]any) string { return route + "/routes/" + text(answer, "routeId") },
		},
		"WebSocket route": {
			"POST", chat + "/routes", func(n int) any { return map[string]any{"routeKey": fmt.Sprint("r", n)} },
			func(answer map[string]any) string { return chat + "/routes/" + text(answer, "routeId") },
		},
		"API key": {
			"POST", "/apikeys", func(n int) any { return map[string]any{"name": fmt.Sprint("key", n), "enabled": true} },
			func(answer map[string]any) string { return "/apikeys/" + text(answer, "id") },
		},
	}
}

// write writes until the server does not answer any more, and returns where to find what
// it acknowledged.
func (c *client) write(kind *writer, from int, acknowledged func()) (kept []string) {
	for n := from; ; n++ {
		status, answer, err := c.ask(kind.method, kind.path, kind.body(n))
		if err != nil {
			return kept
		}
		if status == http.StatusCreated {
			kept = append(kept, kind.kept(answer))
			acknowledged()
		}
	}
}

// kill -9 while clients write: what was acknowledged is there after the restart, and what
// is made of several records is there whole or not at all.
func TestKilled(t *testing.T) {
	c := &client{Server: server.Run(t)}
	restApi, httpApi, chat := c.apis(t)
	kinds := writers(restApi[0], restApi[1], httpApi, chat)
	kept := map[string][]string{}
	const rounds, each = 3, 15
	for round := range rounds {
		var mu sync.Mutex
		var writing sync.WaitGroup
		counts := map[string]int{}
		enough := make(chan struct{})
		for name, kind := range kinds {
			writing.Go(func() {
				found := c.write(&kind, round*1_000_000, func() {
					mu.Lock()
					defer mu.Unlock()
					counts[name]++
					if counts[name] == each && len(counts) == len(kinds) && !slices.ContainsFunc(names(kinds), func(other string) bool { return counts[other] < each }) {
						close(enough)
					}
				})
				mu.Lock()
				defer mu.Unlock()
				kept[name] = append(kept[name], found...)
			})
		}
		select {
		case <-enough: // all kinds are being written
		case <-time.After(patience):
			t.Errorf("so much was written: %v", counts)
		}
		if err := c.Stop(os.Kill); err != nil {
			t.Fatal(err)
		}
		writing.Wait()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for name, paths := range kept {
		t.Logf("%s: %d acknowledged", name, len(paths))
		for _, path := range paths {
			c.get(t, path)
		}
	}
	c.whole(t)
}

func names(kinds map[string]writer) (names []string) {
	for name := range kinds {
		names = append(names, name)
	}
	return names
}

// apis makes what is written into: a REST API and its root resource, an HTTP and a
// WebSocket API.
func (c *client) apis(t *testing.T) (restApi [2]string, httpApi, chat string) {
	t.Helper()
	made := func(path string, body map[string]any) map[string]any {
		status, answer, err := c.ask(http.MethodPost, path, body)
		if err != nil || status != http.StatusCreated {
			t.Fatalf("POST %s: %d %v %v", path, status, answer, err)
		}
		return answer
	}
	rest := made("/restapis", map[string]any{"name": "parent"})
	httpId := text(made("/v2/apis", map[string]any{"name": "http", "protocolType": "HTTP"}), "apiId")
	chatId := text(made("/v2/apis", map[string]any{"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"}), "apiId")
	return [2]string{"/restapis/" + text(rest, "id"), text(rest, "rootResourceId")}, "/v2/apis/" + httpId, "/v2/apis/" + chatId
}

// whole checks what one call makes of several records, acknowledged or not: a REST API has
// its root resource, an HTTP API that was made with a target its route, integration and
// stage.
func (c *client) whole(t *testing.T) {
	t.Helper()
	for _, api := range items(c.get(t, "/restapis?limit=500"), "item") {
		root := c.get(t, "/restapis/"+text(api, "id")+"/resources/"+text(api, "rootResourceId"))
		if text(root, "path") != "/" {
			t.Errorf("REST API %s has the root resource %v", text(api, "id"), root)
		}
	}
	for _, api := range items(c.get(t, "/v2/apis?maxResults=500"), "items") {
		if !strings.HasPrefix(text(api, "name"), "http") || text(api, "name") == "http" {
			continue
		}
		path := "/v2/apis/" + text(api, "apiId")
		for part, want := range map[string]int{"/routes": 1, "/integrations": 1, "/stages": 1} {
			if got := items(c.get(t, path+part), "items"); len(got) != want {
				t.Errorf("%s%s: %d, want %d", path, part, len(got), want)
			}
		}
	}
}

func items(answer map[string]any, name string) (found []map[string]any) {
	list, _ := answer[name].([]any)
	for _, one := range list {
		if item, ok := one.(map[string]any); ok {
			found = append(found, item)
		}
	}
	return found
}
