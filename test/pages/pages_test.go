package pages

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gatehouse/internal/look/looktest"
	"gatehouse/test/server"
)

// axeFile is where tools/setup/install.sh puts axe-core.
const axeFile = "../../tools/axe/node_modules/axe-core/axe.min.js"

const (
	articles = "/_gatehouse/kb/"
	requests = "/_gatehouse/requests/"
	login    = "/_gatehouse/login"
)

// page is a page to look at, once steps were taken on it.
type page struct {
	name, url string
	steps     []chromedp.Action[chromedp.Void]
}

func allPages(w *world, secure *server.Server) []page {
	list := []page{
		{name: "home", url: articles}, {name: "category", url: articles + "category/lambda"}, {name: "article", url: articles + "GH-R101"},
		{name: "topic", url: articles + "vpc-link-headers"}, {name: "results", url: articles + "search?q=lambda+permission"},
		{name: "typo", url: articles + "search?q=malformd+lamda"}, {name: "nothing-found", url: articles + "search?q=qqqqzzzz"},
		{name: "no-article", url: articles + "GH-Z999"}, {name: "your-case", url: articles + "GH-R101?request=" + w.requests["path"]},
		{name: "another-case", url: articles + "GH-L201?request=" + w.requests["path"]}, {name: "reports", url: articles + "reports"},
		{name: "did-not-help", url: articles + "GH-L201", steps: []chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS("button[value=no]")), chromedp.WaitVisible(chromedp.CSS("#text"))}},
		{name: "thanks", url: articles + "GH-L202", steps: []chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS("button[value=yes]")), chromedp.WaitVisible(chromedp.CSS(".thanks"))}},
		{name: "list", url: requests}, {name: "filtered", url: requests + "?error=GH-R101"}, {name: "none", url: requests + "?api=nothing"}, {name: "forgotten", url: requests + "unknown"},
	}
	for i := range list {
		list[i].url = w.server.Url() + list[i].url
	}
	for name, id := range w.requests {
		list = append(list, page{name: "request-" + name, url: w.server.Url() + requests + url.PathEscape(id)})
	}
	return append(list, page{name: "login", url: secure.Url() + login}, page{name: "login-wrong", url: secure.Url() + login, steps: []chromedp.Action[chromedp.Void]{
		chromedp.SetValue("#access-key-id", "AKIANOBODY"), chromedp.SetValue("#secret-access-key", "wrong"),
		chromedp.Click(chromedp.CSS("form button")), chromedp.WaitVisible(chromedp.CSS("#problem")),
	}})
}

// appearances are how each page is shown to axe.
var appearances = []struct {
	scheme        string
	width, height int64
}{{"light", 1280, 900}, {"dark", 1280, 900}, {"light", 360, 760}}

// TestAccessibility has no violation on any page: WCAG 2.2 A and AA, and what axe calls
// best practice.
func TestAccessibility(t *testing.T) {
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatalf("axe-core is not here; `make tools` installs it: %v", err)
	}
	binary := server.Build(t)
	w, secure := newWorld(t, server.RunBinary(t, binary)), server.RunBinary(t, binary, "--secure")
	ctx := looktest.Browser(t)
	for _, one := range allPages(w, secure) {
		t.Run(one.name, func(t *testing.T) {
			open(ctx, t, one)
			if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](string(axe)+"; 0")); err != nil {
				t.Fatal(err)
			}
			for _, as := range appearances {
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(as.width, as.height), looktest.Scheme(as.scheme)); err != nil {
					t.Fatal(err)
				}
				violations, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](runAxe, chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				if len(violations) > 0 {
					t.Errorf("%s, %d wide:\n  %s", as.scheme, as.width, strings.Join(violations, "\n  "))
				}
				looktest.Shoot(ctx, t, fmt.Sprintf("all-%s-%s-%d.png", one.name, as.scheme, as.width))
			}
		})
	}
	t.Run("keyboard", func(t *testing.T) { focusIsVisible(ctx, t, w) })
}

func open(ctx context.Context, t *testing.T, one page) {
	t.Helper()
	if err := chromedp.Do(ctx, append([]chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(1280, 900), chromedp.Navigate(one.url)}, one.steps...)...); err != nil {
		t.Fatal(err)
	}
}

// runAxe opens what is folded, so that it is looked at too, and says what is wrong.
const runAxe = `(async () => {
  document.querySelectorAll("details").forEach(d => { d.open = true; });
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return found.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + " " + n.html.slice(0, 120) + " " + (n.any[0] || n.all[0] || n.none[0] || { message: "" }).message));
})()`

// focusIsVisible goes through pages with the tab key: each stop shows where it is, is in
// view, and the way ends.
func focusIsVisible(ctx context.Context, t *testing.T, w *world) {
	const stop = `(() => {
  const at = document.activeElement;
  if (at === document.body) return "end";
  const box = at.getBoundingClientRect(), style = getComputedStyle(at), after = getComputedStyle(at, "::after");
  const seen = [style, after].some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2);
  const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return (seen && inView ? "" : "not seen: ") + at.outerHTML.slice(0, 100);
})()`
	for _, path := range []string{articles, articles + "GH-R101", requests, requests + w.requests["signature"], requests + w.requests["message"]} {
		open(ctx, t, page{url: w.server.Url() + path})
		const most = 400
		for i := range most {
			if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
				t.Fatal(err)
			}
			at, err := chromedp.Run(ctx, chromedp.Evaluate[string](stop))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(at, "not seen") {
				t.Errorf("%s: %s", path, at)
			}
			if at == "end" || i > 0 && strings.Contains(at, `class="skip"`) {
				break
			}
			if i == most-1 {
				t.Errorf("%s: the keyboard does not come to an end", path)
			}
		}
	}
}
