package login

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// The pages, which have no scripts, in headless Chromium. With GATEHOUSE_SCREENSHOTS set to a
// directory each is also kept there as an image, light and dark, wide and narrow.

func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		cancelAllocator()
	})
	if err := chromedp.Do(ctx); err != nil { // the first call starts the browser
		t.Fatal(err)
	}
	limited, cancelTime := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancelTime)
	return limited
}

// appearance is how a page is looked at.
type appearance struct {
	scheme        string
	width, height int64
}

func (l appearance) set() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}},
		})
		return err
	})
}

// audit finds what a page must not have: a width that scrolls sideways, a field without a
// label, not exactly one heading of the first level, text that is hard to read.
const audit = `(() => {
  const problems = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) problems.push("scrolls sideways");
  for (const c of document.querySelectorAll("input:not([type=hidden])")) if (!c.labels.length) problems.push("no label: " + c.name);
  if (document.querySelectorAll("h1").length !== 1) problems.push("h1: " + document.querySelectorAll("h1").length);
  const rgb = s => s.match(/[\d.]+/g).map(Number);
  const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const ground = e => { for (; e; e = e.parentElement) { const b = rgb(getComputedStyle(e).backgroundColor); if (b.length < 4 || b[3] > .99) return b; } return [255, 255, 255]; };
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e)), contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < 4.5) problems.push("contrast " + contrast.toFixed(2) + ": " + e.textContent.trim().slice(0, 40));
  }
  return problems;
})()`

func examine(t *testing.T, ctx context.Context, name string) { //nolint:revive // t first, as test helpers have it
	t.Helper()
	for _, one := range []appearance{{"light", 1280, 900}, {"dark", 1280, 900}, {"light", 360, 760}} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(one.width, one.height), one.set()); err != nil {
			t.Fatal(err)
		}
		problems, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](audit))
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) > 0 {
			t.Errorf("%s, %s, %d wide:\n  %s", name, one.scheme, one.width, strings.Join(problems, "\n  "))
		}
		image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if directory := os.Getenv("GATEHOUSE_SCREENSHOTS"); directory != "" {
			if err := os.WriteFile(filepath.Join(directory, fmt.Sprintf("login-%s-%s-%d.png", name, one.scheme, one.width)), image, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

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
	ctx := browser(t)
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
	examine(t, ctx, "form")
	do(chromedp.Navigate(server.URL + Path + "?far"))
	examine(t, ctx, "unencrypted")
	submit("AKIASILENT", "wrong")
	if got := text(); !strings.Contains(got, messageWrong) {
		t.Fatalf("after a wrong secret: %s", got)
	}
	examine(t, ctx, "wrong")
	submit("AKIASILENT", secret)
	if got := text(); !strings.Contains(got, "Not allowed") {
		t.Fatalf("without the permission: %s", got)
	}
	examine(t, ctx, "denied")
	do(chromedp.Click("button"), chromedp.Sleep(300*time.Millisecond)) // log out
	if got := text(); !strings.Contains(got, "Secret access key") {
		t.Fatalf("after logging out: %s", got)
	}
	submit("AKIAALICE", secret)
	if got := text(); !strings.Contains(got, "user/alice sees own true") {
		t.Fatalf("after logging in: %s", got)
	}
	do(chromedp.Navigate(server.URL + Path))
	examine(t, ctx, "inside")
}
