package login

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"gatehouse/internal/look/looktest"
)

func TestLoginInABrowser(t *testing.T) {
	w := newWorld(t)
	w.gate.options.Now = time.Now
	w.gate.sessions.now = time.Now
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("far") {
			r.RemoteAddr = "192.0.2.1:1" // as somebody beyond loopback
		}
		w.handler.ServeHTTP(out, r)
	}))
	t.Cleanup(server.Close)
	ctx := looktest.Browser(t)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	text := func() string {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	submit := func(id, given string) {
		t.Helper()
		do(chromedp.SetValue("#access-key-id", id), chromedp.SetValue("#secret-access-key", given), chromedp.Click("button"), chromedp.WaitReady("body"), chromedp.Sleep(300*time.Millisecond))
	}
	do(chromedp.Navigate(server.URL + "/_gatehouse/requests/?far"))
	looktest.Examine(ctx, t, "login-form")
	do(chromedp.Navigate(server.URL + Path + "?far"))
	looktest.Examine(ctx, t, "login-unencrypted")
	submit("AKIASILENT", "wrong")
	if got := text(); !strings.Contains(got, messageWrong) {
		t.Fatalf("after a wrong secret: %s", got)
	}
	looktest.Examine(ctx, t, "login-wrong")
	submit("AKIASILENT", secret)
	if got := text(); !strings.Contains(got, "Not allowed") {
		t.Fatalf("without the permission: %s", got)
	}
	looktest.Examine(ctx, t, "login-denied")
	do(chromedp.Click("button"), chromedp.Sleep(300*time.Millisecond)) // log out
	if got := text(); !strings.Contains(got, "Secret access key") {
		t.Fatalf("after logging out: %s", got)
	}
	submit("AKIAALICE", secret)
	if got := text(); !strings.Contains(got, "user/alice sees own true") {
		t.Fatalf("after logging in: %s", got)
	}
	do(chromedp.Navigate(server.URL + Path))
	looktest.Examine(ctx, t, "login-inside")
}
