package app

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/config"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/login"
	"gatehouse/internal/sigv4"
)

// In secure mode what tells of requests is for those whom IAM allows it, each account
// its own; a refused operation is among it.
func TestOwnPagesInSecureMode(t *testing.T) {
	tokenFile := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte("a-token-of-32-characters-or-more"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := start(t, secure, func(c *config.Config) { c.MetricsTokenFile = tokenFile })
	p := peopleOf(t, server)
	root, foreign := p.root(ownAccount), p.root(otherAccount)
	refused := &sent{method: "GET", path: "/restapis", with: p.user(ownAccount, "u", allowing("gatehouse:ViewRequests", "*")), service: "apigateway"}
	status, text, headers := refused.do(t, server)
	if status != http.StatusForbidden {
		t.Fatalf("got %d %s", status, text)
	}
	id := headers.Get("x-amzn-RequestId")

	fetch := func(with sigv4.Credentials, requestId string) (*diagnosis.Explanation, error) {
		client := &http.Client{Transport: &login.Transport{Credentials: with, Region: "us-east-1", Now: time.Now}}
		return diagnosis.Fetch(context.Background(), client, server.URL(), requestId)
	}
	for _, with := range []sigv4.Credentials{root, refused.with} {
		explanation, err := fetch(with, id)
		if err != nil {
			t.Fatal(err)
		}
		if explanation.ErrorId != "GH-C408" || explanation.Operation != "apigateway:GetRestApis" ||
			!strings.Contains(explanation.Checked, "apigateway:GET on arn:aws:apigateway:us-east-1::/restapis for arn:aws:iam::000000000000:user/u") ||
			!strings.Contains(explanation.Nearest[0], "user u inline policy p, statement 1: action [gatehouse:ViewRequests]") ||
			!strings.HasPrefix(explanation.Fix.Command, "aws iam put-user-policy --user-name u --policy-name allow-apigateway-GET-") {
			t.Errorf("got %+v", explanation)
		}
	}
	if _, err := fetch(root, diagnosis.Latest); err != nil {
		t.Errorf("the latest: %v", err)
	}
	for name, with := range map[string]sigv4.Credentials{"another account": foreign, "no permission": p.user(ownAccount, "blind", ""), "nobody": {AccessKeyID: "AKIAIOSFODNN7EXAMPLE", Secret: "x"}} {
		if explanation, err := fetch(with, id); err == nil {
			t.Errorf("%s: got %+v", name, explanation)
		}
	}
	if _, err := diagnosis.Fetch(context.Background(), http.DefaultClient, server.URL(), id); err == nil || !strings.Contains(err.Error(), "Missing Authentication Token") || !strings.Contains(err.Error(), "gatehouse:ViewRequests") {
		t.Errorf("unsigned: %v", err)
	}

	// A page of the knowledge base shows the values of the request to whom may see them.
	article := "/_gatehouse/kb/GH-C408?request=" + id
	for name, test := range map[string]struct {
		with sigv4.Credentials
		want bool
	}{"nobody": {}, "root": {root, true}, "another account": {foreign, false}} {
		one := &sent{method: "GET", path: article, with: test.with, service: login.Service}
		if status, text, _ := one.do(t, server); status != http.StatusOK || strings.Contains(text, "/restapis for arn:aws:iam::000000000000:user/u") != test.want {
			t.Errorf("the article for %s: %d, shows the request: %v", name, status, !test.want)
		}
	}

	for name, test := range map[string]struct {
		with    sigv4.Credentials
		headers http.Header
		want    int
	}{
		"unsigned": {want: 403}, "root": {with: root, want: 200}, "another account": {with: foreign, want: 403}, "user": {with: refused.with, want: 403},
		"token": {headers: http.Header{"Authorization": {"Bearer a-token-of-32-characters-or-more"}}, want: 200},
	} {
		one := &sent{method: "GET", path: "/metrics", with: test.with, service: login.Service, headers: test.headers}
		if status, text, _ := one.do(t, server); status != test.want {
			t.Errorf("metrics for %s: %d %s", name, status, text)
		}
	}
	if status, _, _ := (&sent{method: "POST", path: "/_gatehouse/api/reset", with: root, service: login.Service}).do(t, server); status != http.StatusNotFound {
		t.Errorf("reset in secure mode: %d", status)
	}
	testLoginInSecureMode(t, server, root, id)
}

func testLoginInSecureMode(t *testing.T, server *App, root sigv4.Credentials, id string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	see := func(path string) (int, string) {
		request, err := http.NewRequest(http.MethodGet, server.URL()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "text/html")
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		return response.StatusCode, textOf(response)
	}
	if status, text := see("/_gatehouse/requests/" + id); status != http.StatusOK || !strings.Contains(text, "Secret access key") {
		t.Fatalf("before the login: %d %s", status, text)
	}
	response, err := client.PostForm(server.URL()+login.Path, url.Values{
		"accessKeyId": {root.AccessKeyID}, "secretAccessKey": {root.Secret}, "next": {"/_gatehouse/requests/" + id},
	})
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(response)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || !strings.Contains(text, "apigateway:GET on") || !strings.Contains(text, "Log out") || !strings.Contains(text, ":root") {
		t.Fatalf("after the login: %s %s", response.Status, text)
	}
	if status, text := see("/_gatehouse/requests/"); status != http.StatusOK || !strings.Contains(text, "GH-C408") {
		t.Errorf("the list: %d %s", status, text)
	}
	if status, _ := see("/_gatehouse/requests/style.css"); status != http.StatusOK {
		t.Errorf("the style sheet: %d", status)
	}
}

// A web page of any site may reach a server on loopback; it must not empty it.
func TestForeignPagesCannotReset(t *testing.T) {
	server := start(t)
	call(t, server, "POST", "/restapis", map[string]any{"name": "kept"})
	one := &sent{method: "POST", path: "/_gatehouse/api/reset", headers: http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}}
	if status, _, _ := one.do(t, server); status != http.StatusForbidden {
		t.Errorf("got %d", status)
	}
	if items, _ := call(t, server, "GET", "/restapis", nil)["item"].([]any); len(items) != 1 {
		t.Errorf("after it there are %d APIs", len(items))
	}
	if status, _, _ := (&sent{method: "POST", path: "/_gatehouse/api/reset"}).do(t, server); status != http.StatusNoContent {
		t.Errorf("a program: %d", status)
	}
}
