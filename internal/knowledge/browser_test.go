package knowledge

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"gatehouse/internal/look/looktest"
)

// The pages in headless Chromium.

func withoutScripts() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

// value runs an action that gives one.
func value[T any](t *testing.T, ctx context.Context, action chromedp.Action[T]) T { // t first, as test helpers have it
	t.Helper()
	got, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) { // t first, as test helpers have it
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func TestPagesInABrowser(t *testing.T) {
	_, server := start(t, Options{Version: "0.1.0", Support: "mailto:help@example.com", Explainer: explained,
		Occurrences: func(context.Context) (map[string]int64, []string) {
			return map[string]int64{"GH-I301": 41, "GH-R101": 12}, []string{"node b:4566 did not answer"}
		}})
	ctx := looktest.Browser(t)
	pages := map[string]string{
		"home": "", "article": "GH-R101", "case": "GH-L201?request=req-1", "topic": "map-status-codes-rest-api", "table": "read-execution-logs",
		"search": "search?q=lambda+permission", "paste": "search?q=Execution+failed+due+to+configuration+error:+Malformed+Lambda+proxy+response",
		"nothing": "search?q=qqqqzzzz", "category": "category/lambda", "missing": "GH-Z999", "account": "access-from-another-account",
	}
	for name, path := range pages {
		do(t, ctx, chromedp.Navigate(server.URL+Prefix+path))
		looktest.Examine(ctx, t, name)
	}
	do(t, ctx, chromedp.Navigate(server.URL+Prefix+"GH-L201"), chromedp.Click(chromedp.CSS("button[value=no]")), chromedp.WaitVisible(chromedp.CSS("#text")))
	looktest.Examine(ctx, t, "feedback-no")
	do(t, ctx, chromedp.Click(chromedp.CSS("input[value=missing]")), chromedp.SendKeys(chromedp.CSS("#text"), "The case of an alias."),
		chromedp.Click(chromedp.CSS(".details button")), chromedp.WaitVisible(chromedp.CSS(".thanks")))
	looktest.Examine(ctx, t, "feedback-thanks")
	do(t, ctx, chromedp.Navigate(server.URL+Prefix+"reports"))
	looktest.Examine(ctx, t, "reports")
}

func TestKeyboardAndLiveSearch(t *testing.T) {
	_, server := start(t, Options{})
	ctx := looktest.Browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+Prefix+"search"), chromedp.KeyEvent("/"))
	if focused := value(t, ctx, chromedp.Evaluate[string](`document.activeElement.id`)); focused != "q" {
		t.Fatalf("/ goes to %q", focused)
	}
	do(t, ctx, chromedp.KeyEvent("malformd lamda proxy"), chromedp.WaitVisible(chromedp.CSS(".hit-title")))
	// The browser is told of a letter apart from its key, so the slash is typed as well.
	// Letters come in while results of the first ones do: the last answer counts.
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		first := value(t, ctx, chromedp.Evaluate[string](`document.querySelector(".hit-title")?.textContent ?? ""`))
		address := value(t, ctx, chromedp.Location())
		if strings.Contains(first, "Malformed Lambda proxy response") && strings.Contains(address, "proxy") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("first %q at %q", first, address)
		}
	}
	do(t, ctx, chromedp.Navigate(server.URL+Prefix+"GH-R101"), chromedp.KeyEvent(kb.Tab))
	if class := value(t, ctx, chromedp.Evaluate[string](`document.activeElement.className`)); class != "skip" {
		t.Errorf("the first stop of the keyboard is %q", class)
	}
}

// A log of several lines that is pasted into the box keeps its words apart.
func TestPasteOfSeveralLines(t *testing.T) {
	_, server := start(t, Options{})
	ctx := looktest.Browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+Prefix+"search"))
	const paste = `(() => {
  const data = new DataTransfer();
  data.setData("text", "first line\r\nMalformed Lambda proxy response\nlast");
  document.getElementById("q").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  return document.getElementById("q").value;
})()`
	if pasted := value(t, ctx, chromedp.Evaluate[string](paste)); pasted != "first line Malformed Lambda proxy response last" {
		t.Errorf("the box has %q", pasted)
	}
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".hit.exact")))
	const told = `[...document.querySelectorAll("[role=status]")].map(e => e.textContent).join()`
	if spoken := value(t, ctx, chromedp.Evaluate[string](told)); !strings.Contains(spoken, "articles") {
		t.Errorf("a screen reader is told %q", spoken)
	}
}

// The button of a block copies its commands, without prompts and output; without it the
// text can be selected, and the prompt cannot.
func TestCopyTakesTheCommands(t *testing.T) {
	_, server := start(t, Options{})
	ctx := looktest.Browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+Prefix+"GH-R101"), chromedp.WaitVisible(chromedp.CSS(".copy")))
	const click = `(() => {
  navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); };
  document.querySelector(".console").parentElement.querySelector(".copy").click();
  return window.copied;
})()`
	want := "curl -s \"$URL/userz\"\naws apigateway get-resources --rest-api-id \"$API\" --query 'items[].path'"
	if copied := value(t, ctx, chromedp.Evaluate[string](click)); copied != want {
		t.Errorf("copied %q, want %q", copied, want)
	}
	if selectable := value(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.querySelector(".console .prompt")).userSelect`)); selectable != "none" {
		t.Errorf("the prompt's user-select is %q", selectable)
	}
	status := `[...document.querySelectorAll("[role=status]")].some(e => e.textContent === "Copied")`
	if spoken := value(t, ctx, chromedp.Evaluate[bool](status)); !spoken {
		t.Error("a screen reader is not told that the text was copied")
	}
}

// A reader who hears the page finds its parts, and the keyboard goes through them in the
// order in which they stand.
func TestLandmarksAndFocusOrder(t *testing.T) {
	_, server := start(t, Options{Support: "mailto:help@example.com"})
	ctx := looktest.Browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+Prefix+"GH-L201"))
	const landmarks = `["header", "main#content", "footer", "nav[aria-label='Where you are']", "form[role=search]", "aside nav[aria-labelledby=toc-title]",
  "section[aria-labelledby=feedback-title] [aria-live=polite]", "article h1"].filter(s => !document.querySelector(s))`
	if missing := value(t, ctx, chromedp.Evaluate[[]string](landmarks)); len(missing) > 0 {
		t.Errorf("the page has no %v", missing)
	}
	var stops []string
	for range 8 {
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
		stops = append(stops, value(t, ctx, chromedp.Evaluate[string](`document.activeElement.className || document.activeElement.id || document.activeElement.textContent.trim()`)))
	}
	want := []string{"skip", "brand", "q", "Recent requests", "Knowledge base", "Lambda functions", "On this page", "copy"}
	if strings.Join(stops, ",") != strings.Join(want, ",") {
		t.Errorf("the keyboard stops at %q, want %q", stops, want)
	}
	order := `(() => { const at = s => [...document.querySelectorAll("a,button,input")].indexOf(document.querySelector(s)); return at(".related a") < at(".votes button"); })()`
	if inOrder := value(t, ctx, chromedp.Evaluate[bool](order)); !inOrder {
		t.Error("the question comes before the related articles")
	}
}

// On paper there is the article alone, and nothing of it is cut off.
func TestPrint(t *testing.T) {
	_, server := start(t, Options{})
	ctx := looktest.Browser(t)
	print := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	})
	do(t, ctx, chromedp.EmulateViewport(800, 1100), print, chromedp.Navigate(server.URL+Prefix+"vpc-link-headers"))
	const shown = `[".top", ".bottom", ".toc", ".feedback", ".copy"].filter(s => { const e = document.querySelector(s); return e && e.getClientRects().length; })`
	if visible := value(t, ctx, chromedp.Evaluate[[]string](shown)); len(visible) > 0 {
		t.Errorf("on paper there are %v", visible)
	}
	const cut = `[...document.querySelectorAll("pre, table")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 40))`
	if cuts := value(t, ctx, chromedp.Evaluate[[]string](cut)); len(cuts) > 0 {
		t.Errorf("cut off: %q", cuts)
	}
	looktest.Shoot(ctx, t, "print.png")
}

// Everything works without scripts: the form leads to the reasons and thanks.
func TestFeedbackWithoutScripts(t *testing.T) {
	_, server := start(t, Options{})
	ctx := looktest.Browser(t)
	do(t, ctx,
		withoutScripts(),
		chromedp.Navigate(server.URL+Prefix+"GH-R101"),
		chromedp.Click(chromedp.CSS("button[value=no]")),
		chromedp.WaitVisible(chromedp.CSS("input[value=missing]")),
		chromedp.Click(chromedp.CSS("input[value=missing]")),
		chromedp.SendKeys(chromedp.CSS("#text"), "my case"),
		chromedp.Click(chromedp.CSS(".details button")),
		chromedp.WaitVisible(chromedp.CSS(".thanks")),
	)
	if thanks := value(t, ctx, chromedp.Text(chromedp.CSS(".thanks"))); !strings.Contains(thanks, "Thank you") {
		t.Errorf("got %q", thanks)
	}
}
