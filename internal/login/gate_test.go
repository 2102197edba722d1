package login

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/iam"
	keeping "gatehouse/internal/secret"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/store/memory"
)

const (
	ownAccount   = "111122223333"
	otherAccount = "444455556666"
	secret       = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	token        = "TOKENofASession"
)

// world is a Gate with three keys in front of a page that says who sees it.
type world struct {
	*testing.T
	gate    *Gate
	handler http.Handler
	keys    map[string]iam.AccessKey
	now     time.Time
	log     bytes.Buffer
}

// Find implements Keys.
func (w *world) Find(accessKeyId, given string) (iam.AccessKey, bool) {
	key, ok := w.keys[accessKeyId]
	return key, ok && key.SessionToken == given
}

// Authenticate implements Signatures: the Authorization header names the key.
func (w *world) Authenticate(_ context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error) {
	for _, header := range request.Headers {
		if id, ok := strings.CutPrefix(header.Value, "AWS4-HMAC-SHA256 "); ok && scope == (sigv4.Scope{Service: "gatehouse"}) {
			if key, ok := w.keys[id]; ok {
				return key, nil
			}
		}
	}
	return iam.AccessKey{}, &sigv4.Error{Kind: sigv4.InvalidSignature, Message: "The request signature does not match.\n\nThe Canonical String … x-amz-security-token:" + token}
}

func sealer(t *testing.T) Sealer {
	t.Helper()
	keeper, err := keeping.New(make([]byte, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return keeper.Box("login sessions")
}

// drain writes down what run would.
func (s *sessions) drain() {
	for len(s.work) > 0 {
		s.write(context.Background(), <-s.work)
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	allow, err := iam.Compile([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"gatehouse:View*","Resource":"arn:aws:gatehouse::111122223333:*"}]}`), iam.IdentityPolicy, "viewers")
	if err != nil {
		t.Fatal(err)
	}
	principal := func(name, account string) *iam.Principal {
		if name == "root" {
			return &iam.Principal{Type: iam.Root, Account: account, ARN: "arn:aws:iam::" + account + ":root", UserID: account}
		}
		return &iam.Principal{Type: iam.User, Account: account, ARN: "arn:aws:iam::" + account + ":user/" + name, UserName: name}
	}
	w := &world{T: t, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), keys: map[string]iam.AccessKey{}}
	w.keys["AKIAROOT"] = iam.AccessKey{ID: "AKIAROOT", Secret: secret, Principal: principal("root", ownAccount)}
	w.keys["AKIAALICE"] = iam.AccessKey{ID: "AKIAALICE", Secret: secret, Principal: principal("alice", ownAccount), Policies: iam.PrincipalPolicies{Identity: []*iam.Policy{allow}}}
	w.keys["AKIASILENT"] = iam.AccessKey{ID: "AKIASILENT", Secret: secret, Principal: principal("silent", ownAccount)}
	w.keys["AKIAFOREIGN"] = iam.AccessKey{ID: "AKIAFOREIGN", Secret: secret, Principal: principal("root", otherAccount)}
	w.keys["ASIASESSION"] = iam.AccessKey{ID: "ASIASESSION", Secret: secret, SessionToken: token, Expires: w.now.Add(30 * time.Minute), Principal: principal("root", ownAccount)}
	w.gate = New(Options{
		Store: memory.New(), Sealer: sealer(t), Keys: w, Signatures: w, Account: ownAccount, Now: func() time.Time { return w.now }, Random: rand.Reader,
		Log: slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	page := http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if visitor, ok := VisitorOf(r.Context()); ok {
			_, _ = fmt.Fprintf(out, "%s sees own %v, other %v, nobody's %v", visitor.Principal, w.gate.Sees(r.Context(), ownAccount), w.gate.Sees(r.Context(), otherAccount), w.gate.Sees(r.Context(), ""))
			return
		}
		_, _ = io.WriteString(out, "nobody")
	})
	mux := http.NewServeMux()
	mux.Handle(Path, w.gate.Handler())
	mux.Handle(Path+"/", w.gate.Handler())
	mux.Handle(LogoutPath, w.gate.Handler())
	mux.Handle("/_gatehouse/requests/", w.gate.Protect(ViewRequests, page))
	mux.Handle("/_gatehouse/kb/reports", w.gate.ProtectShared(ViewReports, page))
	mux.Handle("/_gatehouse/kb/", w.gate.Identify(page))
	w.handler = mux
	return w
}

// send sends a request as a browser does that shows a page.
func (w *world) send(method, path string, form url.Values, change ...func(*http.Request)) (*http.Response, string) {
	w.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Accept", "text/html,*/*")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	w.gate.sessions.drain()
	body := recorder.Body.String()
	if strings.Contains(body, secret) || strings.Contains(body, token) || strings.Contains(w.log.String(), secret) || strings.Contains(w.log.String(), token) {
		w.Errorf("%s %s tells a secret:\n%s\n%s", method, path, body, w.log.String())
	}
	return recorder.Result(), body
}

func (w *world) login(id, secretAccessKey, sessionToken string, change ...func(*http.Request)) (*http.Response, string) {
	return w.send("POST", Path, url.Values{
		"accessKeyId": {id}, "secretAccessKey": {secretAccessKey}, "sessionToken": {sessionToken}, "next": {"/_gatehouse/requests/1?a=b"},
	}, change...)
}

// loggedIn is a change that adds the cookie of a new session.
func (w *world) loggedIn(id, sessionToken string) func(*http.Request) {
	w.Helper()
	response, body := w.login(id, secret, sessionToken)
	if response.StatusCode != http.StatusSeeOther || len(response.Cookies()) != 1 {
		w.Fatalf("logging in: %s %s", response.Status, body)
	}
	return func(r *http.Request) { r.AddCookie(response.Cookies()[0]) }
}

func TestLogin(t *testing.T) {
	w := newWorld(t)
	response, _ := w.send("GET", "/_gatehouse/requests/1?a=b", nil)
	if got := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || got != Path+"?next=%2F_gatehouse%2Frequests%2F1%3Fa%3Db" {
		t.Fatalf("a visitor is led to %s %q", response.Status, got)
	}
	response, body := w.send("GET", response.Header.Get("Location"), nil)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, `value="/_gatehouse/requests/1?a=b"`) || !strings.Contains(response.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Fatalf("the form: %s\n%s", response.Status, body)
	}
	response, _ = w.login("AKIAALICE", secret, "")
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/_gatehouse/requests/1?a=b" || len(response.Cookies()) != 1 {
		t.Fatalf("logging in: %s %v", response.Status, response.Header)
	}
	cookie := response.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/_gatehouse/" || cookie.MaxAge != 12*60*60 || cookie.Secure || len(cookie.Value) > 200 {
		t.Errorf("cookie %v", cookie)
	}
	with := func(r *http.Request) { r.AddCookie(cookie) }
	if response, body := w.send("GET", "/_gatehouse/requests/", nil, with); body != "arn:aws:iam::111122223333:user/alice sees own true, other false, nobody's true" || response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("logged in: %s %s", response.Status, body)
	}
	if _, body := w.send("GET", Path, nil, with); !strings.Contains(body, "You are logged in") || !strings.Contains(body, "user/alice") {
		t.Errorf("the login page of who is logged in:\n%s", body)
	}
	response, _ = w.send("POST", LogoutPath, url.Values{}, with)
	if cookies := response.Cookies(); response.StatusCode != http.StatusSeeOther || len(cookies) != 1 || cookies[0].MaxAge >= 0 {
		t.Errorf("logging out: %s %v", response.Status, cookies)
	}
	if response, _ := w.send("GET", "/_gatehouse/requests/", nil, with); response.StatusCode != http.StatusSeeOther {
		t.Errorf("after logging out: %s", response.Status)
	}
}

func TestLoginOverTls(t *testing.T) {
	w := newWorld(t)
	response, _ := w.login("AKIAROOT", secret, "", func(r *http.Request) { r.TLS = httptest.NewRequest("GET", "https://x/", http.NoBody).TLS })
	if cookies := response.Cookies(); len(cookies) != 1 || !cookies[0].Secure {
		t.Errorf("cookies over TLS: %v", cookies)
	}
	if _, body := w.send("GET", Path, nil); !strings.Contains(body, "not encrypted") { // httptest's clients are at 192.0.2.1
		t.Error("no warning where the secret travels in the clear")
	}
	if _, body := w.send("GET", Path, nil, func(r *http.Request) { r.RemoteAddr = "127.0.0.1:1" }); strings.Contains(body, "not encrypted") {
		t.Error("a warning on loopback")
	}
}

func TestLoginsThatFail(t *testing.T) {
	for name, test := range map[string][3]string{
		"a wrong secret":      {"AKIAALICE", "wrong", ""},
		"no secret":           {"AKIAALICE", "", ""},
		"nobody's key":        {"AKIANOBODY", secret, ""},
		"nobody's, no secret": {"AKIANOBODY", "", ""},
		"no session token":    {"ASIASESSION", secret, ""},
		"a needless token":    {"AKIAALICE", secret, "x"},
		"another's token":     {"ASIASESSION", secret, "x"},
	} {
		w := newWorld(t)
		response, body := w.login(test[0], test[1], test[2])
		if response.StatusCode != http.StatusForbidden || len(response.Cookies()) != 0 || !strings.Contains(body, `role="alert"`) || !strings.Contains(body, messageWrong) {
			t.Errorf("%s: %s %v", name, response.Status, response.Cookies())
		}
		if !strings.Contains(w.log.String(), "login failed") {
			t.Errorf("%s: not logged", name)
		}
	}
}

func TestAttemptsAreLimited(t *testing.T) {
	w := newWorld(t)
	from := func(address string) func(*http.Request) {
		return func(r *http.Request) { r.RemoteAddr = address }
	}
	for range 30 { // logins that succeed cost nothing
		w.loggedIn("AKIAALICE", "")
	}
	for range attemptLimit.Burst {
		w.login("AKIAALICE", "wrong", "", from("[2001:db8::1]:1"))
	}
	for address, want := range map[string]int{"[2001:db8::ffff]:1": http.StatusTooManyRequests, "[2001:db8:0:1::1]:1": http.StatusSeeOther, "192.0.2.7:1": http.StatusSeeOther} {
		if response, _ := w.login("AKIAALICE", secret, "", from(address)); response.StatusCode != want {
			t.Errorf("%s: %s, want %d", address, response.Status, want)
		} else if want == http.StatusTooManyRequests && response.Header.Get("Retry-After") != "30" {
			t.Errorf("Retry-After %q", response.Header.Get("Retry-After"))
		}
	}
	w.now = w.now.Add(31 * time.Second)
	if response, _ := w.login("AKIAALICE", secret, "", from("[2001:db8::1]:1")); response.StatusCode != http.StatusSeeOther {
		t.Errorf("half a minute later: %s", response.Status)
	}
}

func TestSessionsEnd(t *testing.T) {
	w := newWorld(t)
	status := func(change func(*http.Request)) int {
		response, _ := w.send("GET", "/_gatehouse/requests/", nil, change)
		return response.StatusCode
	}
	idle, busy, temporary := w.loggedIn("AKIAROOT", ""), w.loggedIn("AKIAROOT", ""), w.loggedIn("ASIASESSION", token)
	w.now = w.now.Add(31 * time.Minute)
	if status(busy) != http.StatusOK || status(temporary) != http.StatusSeeOther {
		t.Error("credentials that ran out must end the session, and no other")
	}
	w.now = w.now.Add(30 * time.Minute)
	if status(idle) != http.StatusSeeOther || status(busy) != http.StatusOK {
		t.Error("an hour without a request must end a session, and no other")
	}
	for range 22 {
		w.now = w.now.Add(30 * time.Minute)
		status(busy)
	}
	if status(busy) != http.StatusSeeOther {
		t.Error("twelve hours must end a session")
	}
	inactive := w.loggedIn("AKIAALICE", "")
	delete(w.keys, "AKIAALICE")
	if status(inactive) != http.StatusSeeOther {
		t.Error("a key that is gone must end its sessions")
	}
	forged := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: cookieName, Value: strings.Repeat("A", 43)}) }
	if status(forged) != http.StatusSeeOther {
		t.Error("a forged session was let in")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	w := newWorld(t)
	first, other := w.loggedIn("AKIAALICE", ""), w.loggedIn("AKIAROOT", "")
	for range maxSessionsOfKey {
		w.now = w.now.Add(time.Second)
		w.loggedIn("AKIAALICE", "")
	}
	if response, _ := w.send("GET", "/_gatehouse/requests/", nil, first); response.StatusCode != http.StatusSeeOther {
		t.Error("the oldest session of a key is still open")
	}
	if response, _ := w.send("GET", "/_gatehouse/requests/", nil, other); response.StatusCode != http.StatusOK {
		t.Error("another key's session was ended")
	}
	for i := range 2 * maxSessions {
		if _, err := w.gate.sessions.begin(t.Context(), fmt.Sprint(i), ""); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := all(w.gate.options.Store.View()); err != nil || len(list) != maxSessions {
		t.Errorf("%d sessions are open, %v", len(list), err)
	}
}

// A page of another site cannot log anybody in or out; a script, a frame, an image of
// this one's origin cannot use a session.
func TestForeignPages(t *testing.T) {
	w := newWorld(t)
	foreign := func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://evil.example")
	}
	if response, _ := w.login("AKIAALICE", secret, "", foreign); response.StatusCode != http.StatusForbidden || len(response.Cookies()) != 0 {
		t.Errorf("another site logged in: %s", response.Status)
	}
	with := w.loggedIn("AKIAALICE", "")
	if response, _ := w.send("POST", LogoutPath, url.Values{}, with, foreign); response.StatusCode != http.StatusForbidden {
		t.Errorf("another site logged out: %s", response.Status)
	}
	for name, change := range map[string]func(*http.Request){
		"fetch": func(r *http.Request) { r.Header.Set("Sec-Fetch-Mode", "cors"); r.Header.Set("Sec-Fetch-Dest", "empty") },
		"frame": func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "iframe") },
	} {
		if response, body := w.send("GET", "/_gatehouse/requests/", nil, with, change); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s %s", name, response.Status, body)
		}
	}
}

func TestPermissions(t *testing.T) {
	w := newWorld(t)
	response, body := w.send("GET", "/_gatehouse/requests/", nil, w.loggedIn("AKIASILENT", ""))
	if response.StatusCode != http.StatusForbidden || !strings.Contains(body, "gatehouse:ViewRequests on arn:aws:gatehouse::111122223333:requests") ||
		!strings.Contains(body, "aws iam put-user-policy --user-name silent") || !strings.Contains(body, "GH-C408") {
		t.Errorf("without a policy: %s\n%s", response.Status, body)
	}
	foreign := w.loggedIn("AKIAFOREIGN", "")
	if _, body := w.send("GET", "/_gatehouse/requests/", nil, foreign); body != "arn:aws:iam::444455556666:root sees own false, other true, nobody's false" {
		t.Errorf("another account: %s", body)
	}
	if response, body := w.send("GET", "/_gatehouse/kb/reports", nil, foreign); response.StatusCode != http.StatusForbidden || !strings.Contains(body, "another account than the server") {
		t.Errorf("another account sees what tells of all: %s %s", response.Status, body)
	}
	for change, want := range map[string]string{"AKIAROOT": "root sees", "AKIASILENT": "nobody", "": "nobody"} {
		with := func(*http.Request) {}
		if change != "" {
			with = w.loggedIn(change, "")
		}
		if _, body := w.send("GET", "/_gatehouse/kb/GH-R101?request=1", nil, with); !strings.Contains(body, want) {
			t.Errorf("the knowledge base for %q: %s", change, body)
		}
	}
}

func TestSignedRequests(t *testing.T) {
	w := newWorld(t)
	for id, want := range map[string]int{"AKIAALICE": http.StatusOK, "AKIASILENT": http.StatusForbidden, "AKIANOBODY": http.StatusForbidden} {
		response, body := w.send("GET", "/_gatehouse/requests/", nil, func(r *http.Request) {
			r.Header = http.Header{"Authorization": {"AWS4-HMAC-SHA256 " + id}}
		})
		if response.StatusCode != want || want != http.StatusOK && response.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s %s", id, response.Status, body)
		}
	}
	if response, body := w.send("GET", "/_gatehouse/requests/", nil, func(r *http.Request) { r.Header = http.Header{} }); response.StatusCode != http.StatusForbidden || !strings.Contains(body, "Missing Authentication Token") {
		t.Errorf("unsigned: %s %s", response.Status, body)
	}
}

func TestSafeNext(t *testing.T) {
	for next, want := range map[string]string{
		"/_gatehouse/requests/1?a=b": "/_gatehouse/requests/1?a=b", "/_gatehouse/kb/GH-R101?request=1": "/_gatehouse/kb/GH-R101?request=1",
		"": defaultPage, "/": defaultPage, "https://evil.example/_gatehouse/": defaultPage, "//evil.example/_gatehouse/": defaultPage,
		"/_gatehouse/../evil": defaultPage, "/_gatehouse/\\evil": defaultPage, "javascript:alert(1)": defaultPage, "/_gatehouse/login": defaultPage,
		"/_gatehouse/%2e%2e/x": defaultPage, "/_gatehouse/\nLocation: x": defaultPage,
	} {
		if got := safeNext(next); got != want {
			t.Errorf("%q: got %q", next, got)
		}
	}
}

func TestMetrics(t *testing.T) {
	w := newWorld(t)
	file := filepath.Join(t.TempDir(), "token")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	metrics := http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(out, "metrics") })
	write("a-token-of-32-characters-or-more\n")
	handler := w.gate.ProtectMetrics(ScrapeTokenFile(file), metrics)
	get := func(authorization string) int {
		r := httptest.NewRequest("GET", "/metrics", http.NoBody)
		r.Header.Set("Authorization", authorization)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		return recorder.Code
	}
	for authorization, want := range map[string]int{
		"": 403, "Bearer a-token-of-32-characters-or-more": 200, "Bearer wrong": 403, "Bearer ": 403, "AWS4-HMAC-SHA256 AKIAALICE": 200, "AWS4-HMAC-SHA256 AKIASILENT": 403,
		"AWS4-HMAC-SHA256 AKIAFOREIGN": 403,
	} {
		if got := get(authorization); got != want {
			t.Errorf("%q: got %d, want %d", authorization, got, want)
		}
	}
	write("another-token-of-many-characters")
	if get("Bearer a-token-of-32-characters-or-more") != 403 || get("Bearer another-token-of-many-characters") != 200 {
		t.Error("a new token does not count at once")
	}
	write("short")
	if get("Bearer short") != 403 {
		t.Error("a short token was taken")
	}
	handler = w.gate.ProtectMetrics("", metrics)
	if get("Bearer ") != 403 || get("AWS4-HMAC-SHA256 AKIAROOT") != 200 {
		t.Error("without a file only signatures count")
	}
}
