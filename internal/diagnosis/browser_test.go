package diagnosis_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

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
