package cluster

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"gatehouse/test/server"
)

var rootKey = regexp.MustCompile(`AWS_ACCESS_KEY_ID=(\S+)\s+AWS_SECRET_ACCESS_KEY=(\S+)`)

// visitor is a browser.
type visitor struct {
	*world
	client *http.Client
}

func (w *world) visitor() *visitor {
	jar, err := cookiejar.New(nil) // the nodes are ports of one host, which have the same cookies
	if err != nil {
		w.Fatal(err)
	}
	return &visitor{world: w, client: &http.Client{Jar: jar}}
}

// sees says which page a node shows somebody who wants the list of requests.
func (v *visitor) sees(node *server.Server) string {
	v.Helper()
	request, err := http.NewRequestWithContext(v.Context(), http.MethodGet, node.Url()+"/_gatehouse/requests/", http.NoBody)
	if err != nil {
		v.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	return v.titleOf(v.client.Do(request)) // titleOf does
}

func (v *visitor) post(node *server.Server, path string, form url.Values) string {
	v.Helper()
	return v.titleOf(v.client.PostForm(node.Url()+path, form)) // titleOf does; a test
}

func (v *visitor) titleOf(response *http.Response, err error) string {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		v.Fatal(err)
	}
	_, title, _ := strings.Cut(string(text), "<title>")
	title, _, _ = strings.Cut(title, " ·")
	return title
}

// Who logs in at one node is logged in at all at once, and so logged out; also after the
// node at which it happened has ended.
func TestLogins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "--secure")
	key := rootKey.FindStringSubmatch(w.output[0].String())
	if key == nil {
		t.Fatalf("the first node shows no access key:\n%s", w.output[0])
	}
	for _, later := range w.output[1:] {
		if rootKey.MatchString(later.String()) {
			t.Error("another node made a root access key of its own")
		}
	}
	form := url.Values{"accessKeyId": {key[1]}, "secretAccessKey": {key[2]}}
	v, other := w.visitor(), w.visitor()
	for round := range 5 {
		for i, node := range w.nodes {
			at := func(j int) *server.Server { return w.nodes[(i+j)%len(w.nodes)] }
			if title := v.post(node, "/_gatehouse/login", form); title != "Recent requests" {
				t.Fatalf("logging in: %s", title)
			}
			for j := range 3 { // at once: no node may ask again
				if title := v.sees(at(j)); title != "Recent requests" {
					t.Errorf("round %d, logged in at %s, %s shows %s", round, node.Address, at(j).Address, title)
				}
			}
			if title := v.post(at(1), "/_gatehouse/logout", nil); title != "Log in" {
				t.Errorf("logging out: %s", title)
			}
			if title := v.sees(at(2)); title != "Log in" {
				t.Errorf("logged out at %s, %s shows %s", at(1).Address, at(2).Address, title)
			}
		}
	}
	v.post(w.nodes[0], "/_gatehouse/login", form)
	cookies := v.client.Jar.Cookies(&url.URL{Scheme: "http", Host: w.nodes[0].Address, Path: "/_gatehouse/"})
	other.client.Jar.SetCookies(&url.URL{Scheme: "http", Host: w.nodes[0].Address, Path: "/_gatehouse/"}, cookies)
	if title := other.sees(w.nodes[2]); title != "Recent requests" {
		t.Fatalf("a copy of the cookie: %s", title)
	}
	if err := w.nodes[0].Stop(os.Kill); err != nil {
		t.Fatal(err)
	}
	if title := other.sees(w.nodes[2]); title != "Recent requests" {
		t.Errorf("after the end of the node that made the session: %s", title)
	}
	v.post(w.nodes[1], "/_gatehouse/logout", nil)
	w.eventually("the log-out of a copied cookie", func() error { // it has to reach the other node
		if title := other.sees(w.nodes[2]); title != "Log in" {
			return fmt.Errorf("it shows %s", title)
		}
		return nil
	})
}
