// Package looktest examines pages in headless Chromium: what a reader with a small screen,
// in the dark, or without a mouse would stumble over. With GATEHOUSE_SCREENSHOTS set to a
// directory each page is also kept there as an image.
//
// It knows no page. Begin at Browser and Examine.
package looktest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is for all that a test does with its browser.
const patience = 5 * time.Minute

// Browser starts a browser, which ends with the test.
func Browser(t testing.TB) context.Context {
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
	limited, cancelTime := context.WithTimeout(ctx, patience)
	t.Cleanup(cancelTime)
	return limited
}

// Scheme has pages shown light or dark.
func Scheme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	})
}

// appearances are how each page is looked at.
var appearances = []struct {
	scheme        string
	width, height int64
}{{"light", 1280, 900}, {"dark", 1280, 900}, {"light", 360, 760}, {"dark", 640, 450}} // the last is a laptop at 200 %

// Examine looks at the page that the browser shows in each appearance.
func Examine(ctx context.Context, t testing.TB, name string) {
	t.Helper()
	for _, one := range appearances {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(one.width, one.height), Scheme(one.scheme)); err != nil {
			t.Fatal(err)
		}
		problems, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](audit))
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) > 0 {
			t.Errorf("%s, %s, %d wide:\n  %s", name, one.scheme, one.width, strings.Join(problems, "\n  "))
		}
		Shoot(ctx, t, fmt.Sprintf("%s-%s-%d.png", name, one.scheme, one.width))
	}
}

// Shoot keeps an image of the page that the browser shows, if images are wanted.
func Shoot(ctx context.Context, t testing.TB, name string) {
	t.Helper()
	if os.Getenv(screenshots) == "" {
		return
	}
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	keep(t, name, image)
}

// screenshots names the directory where images are wanted.
const screenshots = "GATEHOUSE_SCREENSHOTS"

// keep keeps an image, if images are wanted.
func keep(t testing.TB, name string, image []byte) {
	t.Helper()
	directory := os.Getenv(screenshots)
	if directory == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(directory, name), image, 0o600); err != nil {
		t.Fatal(err)
	}
}

// audit finds what a page must not have: a width that scrolls sideways, a control without
// a name or too small to hit, a heading that skips a level, an id twice, text that hardly
// differs from its ground, a field whose border does; and what it must have: a language, a
// title, a viewport that may be enlarged, one main part, and a way to skip to it.
const audit = `(() => {
  const problems = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) problems.push("scrolls sideways: " + document.documentElement.scrollWidth);
  for (const c of document.querySelectorAll("input:not([type=hidden]), select, textarea")) if (!c.labels.length) problems.push("no label: " + c.outerHTML.slice(0, 80));
  for (const c of document.querySelectorAll("a, button")) if (!c.textContent.trim() && !c.getAttribute("aria-label")) problems.push("no name: " + c.outerHTML.slice(0, 80));
  for (const c of document.querySelectorAll("button, input:not([type=hidden]):not([type=radio]), select, textarea, summary, .top a, .bottom a")) {
    const box = c.getBoundingClientRect();
    if (box.height && box.height < 23.5 && !c.closest(".facts, .skip")) problems.push("too small to hit: " + box.height + " " + c.outerHTML.slice(0, 80));
  }
  if (document.documentElement.lang !== "en" || !document.title.endsWith("Gatehouse")) problems.push("language or title: " + document.title);
  if (/maximum-scale|user-scalable/.test(document.querySelector("meta[name=viewport]").content)) problems.push("cannot be enlarged");
  if (document.querySelectorAll("main").length !== 1 || !document.querySelector("header.top")) problems.push("no one main part and head");
  const skip = document.querySelector("a, button, input");
  if (!skip.matches(".skip") || !document.querySelector(skip.getAttribute("href"))) problems.push("no way to skip to the content");
  let level = 0;
  for (const h of document.querySelectorAll("main h1, main h2, main h3, main h4")) { const l = +h.tagName[1]; if (l > level + 1) problems.push("heading skips: " + h.textContent); level = l; }
  if (document.querySelectorAll("h1").length !== 1) problems.push("h1: " + document.querySelectorAll("h1").length);
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => problems.push("id twice: " + id));
  const rgb = s => s.match(/[\d.]+/g).map(Number);
  const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const ground = e => { for (; e; e = e.parentElement) { const b = rgb(getComputedStyle(e).backgroundColor); if (b.length < 4 || b[3] > .99) return b; } return [255, 255, 255]; };
  const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  for (const c of document.querySelectorAll("input:not([type=hidden]):not([type=radio]), select, textarea")) {
    const border = ratio(lum(rgb(getComputedStyle(c).borderTopColor)), lum(ground(c.parentElement)));
    if (c.getClientRects().length && border < 3) problems.push("border " + border.toFixed(2) + ": " + c.outerHTML.slice(0, 80));
  }
  for (const e of document.querySelectorAll("body *")) {
    if (!e.innerText || !e.getClientRects().length || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (e.closest(".skip, .hidden")) continue;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e)), contrast = ratio(a, b);
    if (contrast < 4.5) problems.push("contrast " + contrast.toFixed(2) + ": " + e.textContent.trim().slice(0, 40));
  }
  return problems;
})()`
