package diagnosis_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"gatehouse/internal/diagnosis"
	"gatehouse/internal/look/looktest"
)

// The list of requests, an explanation, one without a finding, and the page of a request
// that is forgotten, in headless Chromium.
func TestPagesInABrowser(t *testing.T) {
	w, good, missing, _ := served(t)
	signing, credentials := signedApi(t)
	traced := signing.sendSigned(credentials, "/pets?type=dog", func(r *http.Request) { r.URL.Path = "/prod/pets" }).RequestId
	credentials.SecretAccessKey = "another"
	untraced := signing.sendSigned(credentials, "/prod/pets?type=dog", nil).RequestId
	signatures := httptest.NewServer(signing.handler)
	t.Cleanup(signatures.Close)
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	ctx := looktest.Browser(t)
	for name, path := range map[string]string{"list": "", "explanation": missing, "latest": diagnosis.Latest, "good": good, "forgotten": "none"} {
		if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/_gatehouse/requests/"+path)); err != nil {
			t.Fatal(err)
		}
		looktest.Examine(ctx, t, "requests-"+name)
	}
	for name, requestId := range map[string]string{"signature": traced, "canonical": untraced} {
		if err := chromedp.Do(ctx, chromedp.Navigate(signatures.URL+"/_gatehouse/requests/"+requestId)); err != nil {
			t.Fatal(err)
		}
		looktest.Examine(ctx, t, "requests-"+name)
	}
}

// The mending command has a button that copies it, and a request's id another; without
// scripts there are no buttons, and everything else is there.
func TestCopyTheMendingCommand(t *testing.T) {
	w, _, missing, _ := served(t)
	ctx := looktest.Browser(t)
	page := "http://" + w.address + "/_gatehouse/requests/" + missing
	if err := chromedp.Do(ctx, chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS(".fix .copy"))); err != nil {
		t.Fatal(err)
	}
	const click = `(() => {
  const copied = [];
  navigator.clipboard.writeText = text => { copied.push(text); return Promise.resolve(); };
  document.querySelector(".fix .copy").click();
  document.querySelector(".meta .copy").click();
  return [copied[0] === document.querySelector(".fix pre").textContent, copied[1]].join(" ");
})()`
	copied, err := chromedp.Run(ctx, chromedp.Evaluate[string](click))
	if err != nil || copied != "true "+missing {
		t.Errorf("copied %q: %v", copied, err)
	}
	without := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	if err := chromedp.Do(ctx, without, chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS(".fix pre"))); err != nil {
		t.Fatal(err)
	}
	const shown = `[document.querySelectorAll("button").length, document.querySelectorAll("details").length > 0, document.querySelector(".bar rect").getBoundingClientRect().width > 1].join(" ")`
	if found, err := chromedp.Run(ctx, chromedp.Evaluate[string](shown)); err != nil || found != "0 true true" {
		t.Errorf("without scripts: %q %v", found, err)
	}
}

// On paper the explanation is whole: nothing is cut off, nothing is folded away, and what
// only a screen can use is not there.
func TestPrintAnExplanation(t *testing.T) {
	w, good, missing, _ := served(t)
	ctx := looktest.Browser(t)
	paper := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
		})
		return err
	})
	for _, id := range []string{good, missing} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(700, 1000), paper, chromedp.Navigate("http://"+w.address+"/_gatehouse/requests/"+id)); err != nil {
			t.Fatal(err)
		}
		const problems = `(() => {
  const found = [".top", ".bottom", ".copy"].filter(s => { const e = document.querySelector(s); return e && e.getClientRects().length; });
  for (const e of document.querySelectorAll("pre, table")) if (e.scrollWidth > e.clientWidth + 1) found.push("cut off: " + e.textContent.slice(0, 40));
  for (const e of document.querySelectorAll("details .field")) if (!e.checkVisibility({ contentVisibilityAuto: true })) found.push("folded: " + e.textContent);
  if (getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)") found.push("dark paper");
  return found;
})()`
		if found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](problems)); err != nil || len(found) > 0 {
			t.Errorf("%v %v", found, err)
		}
		looktest.Shoot(ctx, t, "print-"+id+".png")
	}
}
