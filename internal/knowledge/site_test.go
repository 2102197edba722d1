package knowledge

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type stubExplainer map[string]Explanation

func (s stubExplainer) Explain(_ context.Context, id string) (Explanation, bool) {
	explanation, ok := s[id]
	return explanation, ok
}

var explained = stubExplainer{
	"req-1": {
		RequestID: "req-1", Asked: "GET /orders", Status: 502, Finding: Finding{
			ErrorID: "GH-L201", Checked: "the function's answer", Found: `field "body" is object, must be string`, Wanted: "string",
			Nearest: []string{"returned keys: statusCode, body, headers"}, Article: "GH-L201",
			Fix: Fix{Text: "Return body as a string.", Command: "return { statusCode: 200, body: JSON.stringify(body) };"},
		},
		Also:  []Finding{{ErrorID: "GH-R401", Found: "no such header in the backend's answer", Article: "GH-R401"}},
		Steps: []Step{{"find method", new(0.1)}, {"throttle", nil}, {"call integration", new(12.4)}},
	},
	"req-2": {RequestID: "req-2", Status: 403, Finding: Finding{ErrorID: "GH-R101", Article: "GH-R101", Found: "<script>alert(1)</script>",
		Fix: Fix{Text: "Read the article GH-R101 of the knowledge base."}}},
}

func start(t *testing.T, options Options) (*Base, *httptest.Server) {
	t.Helper()
	base, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(base.Handler())
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		server.Close()
	})
	return base, server
}

func get(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	response, err := http.Get(address) // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestPages(t *testing.T) {
	_, server := start(t, Options{Version: "0.1.0", Support: "mailto:help@example.com", Explainer: explained})
	for _, c := range []struct {
		path   string
		status int
		want   []string
	}{
		{"", 200, []string{"What went wrong?", `name="q"`, "Reaching an API", "Contact support", `href="/_gatehouse/kb/GH-R101"`}},
		{"category/lambda", 200, []string{"<h1>Lambda functions</h1>", "GH-L201"}},
		{"category/none", 404, []string{"There is no such article"}},
		{"search?q=missing+authentication+token", 200, []string{"GH-R101", "the first is known by what you entered"}},
		{"search?q=selection+pattern", 200, []string{"<mark>selection</mark>"}},
		{"search?q=%3Cscript%3Ealert(1)%3C/script%3E", 200, []string{"&lt;script&gt;alert(1)"}},
		{"search?q=qqqqzzzz", 200, []string{"Nothing was found", "editors"}},
		{"search?q=cors&category=websocket", 200, []string{`value="websocket" selected`}},
		{"GH-R101", 200, []string{"Updated <time", "On this page", "Did this article help?", `id="in-short"`, "Related", "mailto:help@example.com"}},
		{"gh-r101", 200, []string{"<h1>403"}},
		{"GH-A203", 200, []string{"User is not authorized"}},
		{"missing-authentication-token", 200, []string{"GH-R101"}},
		{"GH-R101.md", 200, []string{"# 403", "## In short"}},
		{"GH-Z999", 404, []string{"There is no such article", "GH-Z999"}},
		{"a/b/c", 404, []string{"There is no such article"}},
		{"GH-L201?request=req-1", 200, []string{"In your case", "must be string", `href="#the-body-is-not-a-string"`, "JSON.stringify", "12.4 ms", "GET /orders", "<dt>Would pass</dt><dd>string", "GH-R401?request=req-1"}},
		{"GH-R401?request=req-1", 200, []string{"In your case", "no such header", "GH-L201?request=req-1"}},
		{"GH-L201?request=req-2", 200, []string{"for another reason", "GH-R101?request=req-2", "&lt;script&gt;alert(1)"}},
		{"GH-L201?request=gone", 200, []string{"Nothing can be shown here about request", `href="/_gatehouse/requests/gone"`}},
		{"reports", 200, []string{"Searches without result", "<td>qqqqzzzz</td>"}},
		{"feed.atom", 200, []string{"<feed", "<entry>"}},
		{"sitemap.xml", 200, []string{"<urlset", "/_gatehouse/kb/GH-R101</loc>"}},
		{"llms.txt", 200, []string{"# Gatehouse knowledge base", "GH-R101.md): "}},
		{"kb.css", 200, []string{"prefers-color-scheme: dark"}},
		{"kb.js", 200, []string{"use strict"}},
	} {
		response, body := get(t, server.URL+Prefix+c.path)
		if response.StatusCode != c.status {
			t.Errorf("%s: got %d, want %d", c.path, response.StatusCode, c.status)
		}
		for _, want := range c.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is not in the page", c.path, want)
			}
		}
		if strings.Contains(body, "<script>") || strings.Contains(body, " style=") || strings.Contains(body, "onclick") {
			t.Errorf("%s has an inline script or style", c.path)
		}
		if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", c.path, policy)
		}
	}
}

func TestFeedsAreXML(t *testing.T) {
	_, server := start(t, Options{URL: "https://gateway.example.com/"})
	for _, path := range []string{"feed.atom", "sitemap.xml"} {
		_, body := get(t, server.URL+Prefix+path)
		decoder := xml.NewDecoder(strings.NewReader(body))
		for {
			_, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
		if !strings.Contains(body, "https://gateway.example.com/_gatehouse/kb/GH-R101<") && !strings.Contains(body, `"https://gateway.example.com/_gatehouse/kb/`) {
			t.Errorf("%s has no absolute addresses", path)
		}
	}
}

func TestAPISearchAndArticle(t *testing.T) {
	_, server := start(t, Options{})
	_, body := get(t, server.URL+APIPrefix+"search?q="+url.QueryEscape(`{"message":"Missing Authentication Token"}`)+"&category=reaching&limit=2")
	var list struct {
		Articles []struct{ ID, Title, Category, Excerpt, Updated string }
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Articles) != 2 || list.Articles[0].ID != "GH-R101" || list.Articles[0].Category != "reaching" || list.Articles[0].Excerpt == "" || len(list.Articles[0].Updated) != 10 {
		t.Errorf("got %+v", list)
	}
	_, body = get(t, server.URL+APIPrefix+"search?q=qqqqzzzz")
	if strings.TrimSpace(body) != `{"articles":[]}` {
		t.Errorf("nothing found is %s", body)
	}
	response, body := get(t, server.URL+APIPrefix+"articles/gh-l201")
	if response.StatusCode != 200 || !strings.Contains(body, `"id":"GH-L201"`) || !strings.Contains(body, `"markdown":"## What you see`) {
		t.Errorf("article: %d %.200s", response.StatusCode, body)
	}
	if response, _ := get(t, server.URL+APIPrefix+"articles/GH-Z999"); response.StatusCode != 404 {
		t.Errorf("unknown article: %d", response.StatusCode)
	}
	for _, wrong := range []string{"limit=-1", "category=none", "apiType=SOAP"} {
		if response, _ := get(t, server.URL+APIPrefix+"search?q=cors&"+wrong); response.StatusCode != 400 {
			t.Errorf("%s: %d", wrong, response.StatusCode)
		}
	}
	if _, body := get(t, server.URL+APIPrefix+"search?q=cors&apiType=rest"); !strings.Contains(body, `"id":"GH-R401"`) {
		t.Errorf("apiType=rest finds %.100s", body)
	}
}

func post(t *testing.T, address, contentType, body string, header http.Header) (int, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

func TestAPIFeedback(t *testing.T) {
	base, server := start(t, Options{Version: "0.1.0"})
	address := server.URL + APIPrefix + "articles/GH-R101/feedback"
	for _, c := range []struct {
		body   string
		status int
	}{
		{`{"helpful":false,"reason":"missing","text":"my case"}`, 201},
		{`{"helpful":true}`, 201},
		{`{}`, 400},
		{`{"helpful":true,"reason":"boring"}`, 400},
		{`not json`, 400},
		{`{"helpful":true,"txt":"a misspelt member"}`, 400},
		{`{"helpful":true}{"helpful":false}`, 400},
		{`{"helpful":true,"text":"` + strings.Repeat("x", MaxFeedbackText+1) + `"}`, 413},
		{`{"helpful":true,"text":"` + strings.Repeat("x", maxFormBytes) + `"}`, 413},
	} {
		if status, text := post(t, address, "application/json", c.body, nil); status != c.status {
			t.Errorf("%.60s: got %d %s, want %d", c.body, status, text, c.status)
		}
	}
	if status, _ := post(t, server.URL+APIPrefix+"articles/GH-Z999/feedback", "application/json", `{"helpful":true}`, nil); status != 404 {
		t.Errorf("unknown article: %d", status)
	}
	counts, kept, err := base.options.Ledger.Read(t.Context())
	if err != nil || len(kept) != 2 || counts.Helpful["GH-R101"] != 1 || counts.NotHelpful["GH-R101"] != 1 || kept[1].Text != "my case" || kept[1].Version != "0.1.0" {
		t.Errorf("kept %+v %+v %v", counts, kept, err)
	}
	otherSite := http.Header{"Sec-Fetch-Site": {"cross-site"}}
	if status, _ := post(t, address, "application/json", `{"helpful":true}`, otherSite); status != 403 {
		t.Errorf("from another site: %d", status)
	}
}

func TestFeedbackIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	_, server := start(t, Options{Now: func() time.Time { return now }})
	address := server.URL + APIPrefix + "articles/GH-R101/feedback"
	for range maxFeedbackMinute {
		if status, _ := post(t, address, "application/json", `{"helpful":true}`, nil); status != 201 {
			t.Fatalf("got %d", status)
		}
	}
	if status, _ := post(t, address, "application/json", `{"helpful":true}`, nil); status != 429 {
		t.Errorf("got %d, want 429", status)
	}
	ledger := &memoryLedger{}
	for minute := range MaxFeedback + 10 {
		_ = ledger.PutFeedback(t.Context(), Feedback{Article: "a", At: now.Add(time.Duration(minute) * time.Minute)}, "")
	}
	if _, kept, _ := ledger.Read(t.Context()); len(kept) != MaxFeedback {
		t.Errorf("kept %d", len(kept))
	}
	var counts Counts
	for i := range 3 * MaxMissed {
		counts.Add(Counts{Missed: map[string]int64{strings.Repeat("x", i+1): 1}})
	}
	if len(counts.Missed) != MaxMissed {
		t.Errorf("kept %d searches", len(counts.Missed))
	}
}

// What a browser lets somebody type is taken: its limit counts letters, and a line end as
// one.
func TestFeedbackFormTakesWhatFits(t *testing.T) {
	base, server := start(t, Options{})
	for name, text := range map[string]string{
		"umlauts": strings.Repeat("ü", MaxFeedbackText), "emoji": strings.Repeat("😀", MaxFeedbackText/2), "lines": strings.Repeat("a\r\n", MaxFeedbackText/2),
	} {
		values := url.Values{"helpful": {"no"}, "details": {"1"}, "text": {text}}
		status, answer := post(t, server.URL+Prefix+"GH-R101/feedback", "application/x-www-form-urlencoded", values.Encode(), nil)
		if status != 200 || !strings.Contains(answer, "Did this article help?") {
			t.Errorf("%s: %d %.100s", name, status, answer)
		}
	}
	if _, kept, _ := base.options.Ledger.Read(t.Context()); len(kept) != 3 {
		t.Errorf("%d are kept", len(kept))
	}
}

// A log that fills the box finds its article, although most of its letters take three
// bytes of the form; a longer one is refused and not searched for as nothing.
func TestLongPastes(t *testing.T) {
	_, server := start(t, Options{})
	line := `{"message":"Missing Authentication Token"}`
	log := line + strings.Repeat("\n{}[]", 15_900/5)
	status, body := post(t, server.URL+Prefix+"search", "application/x-www-form-urlencoded", url.Values{"q": {log}}.Encode(), nil)
	if status != 200 || !strings.Contains(body, "GH-R101") {
		t.Errorf("a log of %d letters: %d", len(log), status)
	}
	if status, _ := post(t, server.URL+Prefix+"search", "application/x-www-form-urlencoded", "q="+strings.Repeat("a", maxPasteBytes), nil); status != 413 {
		t.Errorf("more than the box takes: %d, want 413", status)
	}
}

// A search that only its filters keep from finding anything is no gap in the articles.
func TestFiltersAreNoGap(t *testing.T) {
	base, server := start(t, Options{})
	_, body := get(t, server.URL+Prefix+"search?q=PolicyLengthExceededException&category=websocket&apiType=WEBSOCKET")
	if !strings.Contains(body, "Nothing was found with these filters") || !strings.Contains(body, `search?q=PolicyLengthExceededException"`) {
		t.Error("the page does not say that there is something without the filters")
	}
	get(t, server.URL+APIPrefix+"search?q=PolicyLengthExceededException&category=websocket&apiType=WEBSOCKET")
	if counts, _ := base.tally.take(); counts.Searches != 2 || len(counts.Missed) != 0 {
		t.Errorf("counted %+v", counts)
	}
}

// The feed's ids stay when the server is reached in another way; a renamed article's text
// is found where it was.
func TestAddressesAndIdsAreKept(t *testing.T) {
	ids := map[string]bool{}
	for _, address := range []string{"https://one.example.com", "http://two.example.com:8080"} {
		_, server := start(t, Options{URL: address})
		_, body := get(t, server.URL+Prefix+"feed.atom")
		var feed struct {
			ID      string `xml:"id"`
			Entries []struct {
				ID string `xml:"id"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(body), &feed); err != nil {
			t.Fatal(err)
		}
		ids[feed.ID] = true
		for _, entry := range feed.Entries {
			ids[entry.ID] = true
		}
	}
	if len(ids) != maxFeedEntries+1 {
		t.Errorf("%d ids in two feeds of the same articles", len(ids))
	}
	for id := range ids {
		if !strings.HasPrefix(id, "urn:uuid:") {
			t.Errorf("id %q", id)
		}
	}
	_, server := start(t, Options{})
	if response, body := get(t, server.URL+Prefix+"missing-authentication-token.md"); !strings.HasPrefix(body, "# 403") {
		t.Errorf("%s: %.60s", response.Request.URL, body)
	}
}

// Counts that cannot be kept now are kept later.
func TestCountsOutliveAFailingLedger(t *testing.T) {
	ledger := &failingLedger{fails: true}
	base, _ := start(t, Options{Ledger: ledger})
	base.tally.view("GH-R101")
	base.flush(t.Context())
	ledger.fails = false
	base.flush(t.Context())
	if counts, _, _ := ledger.Read(t.Context()); counts.Views["GH-R101"] != 1 {
		t.Errorf("kept %+v", counts)
	}
}

type failingLedger struct {
	memoryLedger
	fails bool
}

var errLedgerFails = errors.New("no store")

func (l *failingLedger) AddCounts(ctx context.Context, counts Counts) error {
	if l.fails {
		return errLedgerFails
	}
	return l.memoryLedger.AddCounts(ctx, counts)
}

// The form without JavaScript: no, then the reason; the cookie remembers, and the second
// answer replaces the first.
func TestFeedbackForm(t *testing.T) {
	base, server := start(t, Options{})
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	t.Cleanup(client.CloseIdleConnections)
	send := func(values url.Values) string {
		t.Helper()
		response, err := client.PostForm(server.URL+Prefix+"GH-R101/feedback", values)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != 200 {
			t.Fatalf("got %d %s", response.StatusCode, body)
		}
		return string(body)
	}
	if body := send(url.Values{"helpful": {"no"}, "request": {"req-9"}}); !strings.Contains(body, "What was the matter?") || !strings.Contains(body, `value="outdated"`) || !strings.Contains(body, "req-9") {
		t.Error("no does not lead to the reasons")
	}
	if body := send(url.Values{"helpful": {"no"}, "reason": {"outdated"}, "text": {"<b>old</b>"}, "details": {"1"}}); !strings.Contains(body, "Thank you") {
		t.Error("the reason is not thanked for")
	}
	counts, kept, _ := base.options.Ledger.Read(t.Context())
	if len(kept) != 1 || kept[0].Reason != "outdated" || counts.NotHelpful["GH-R101"] != 1 {
		t.Errorf("kept %+v %+v", counts, kept)
	}
	send(url.Values{"helpful": {"no"}})
	if _, kept, _ := base.options.Ledger.Read(t.Context()); len(kept) != 1 || kept[0].Text != "<b>old</b>" {
		t.Errorf("the same vote again loses the comment: %+v", kept)
	}
	if body := send(url.Values{"helpful": {"yes"}}); !strings.Contains(body, `value="yes" aria-pressed="true"`) {
		t.Error("the answer is not remembered")
	}
	_, body := get(t, server.URL+Prefix+"reports")
	if strings.Contains(body, "<b>old") {
		t.Error("a comment is not escaped")
	}
}

func TestRunKeepsCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := &memoryLedger{}
		base, err := New(Options{Ledger: ledger})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { base.Run(ctx); close(ended) }()
		base.tally.view("GH-R101")
		time.Sleep(2 * DefaultPoll)
		synctest.Wait()
		if counts, _, _ := ledger.Read(ctx); counts.Views["GH-R101"] != 1 {
			t.Errorf("kept %+v", counts)
		}
		base.tally.view("GH-R101")
		cancel()
		<-ended
		if counts, _, _ := ledger.Read(t.Context()); counts.Views["GH-R101"] != 2 {
			t.Errorf("kept %+v at the end", counts)
		}
	})
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(Options{Support: "javascript:alert(1)"}); err == nil {
		t.Error("a support link that is a script is taken")
	}
	if _, err := New(Options{Directory: "/nowhere/at/all"}); err == nil {
		t.Error("a directory that does not exist is taken")
	}
}

func TestReportsCompareErrorsWithViews(t *testing.T) {
	_, server := start(t, Options{Occurrences: func(context.Context) (map[string]int64, []string) {
		return map[string]int64{"GH-I301": 41, "GH-Z999": 3}, []string{"node b:4566 did not answer"}
	}})
	get(t, server.URL+Prefix+"GH-I301")
	_, body := get(t, server.URL+Prefix+"reports")
	if !strings.Contains(body, `<td class="num" data-label="Happened">41</td><td class="num" data-label="Views">1</td>`) {
		t.Error("occurrences and views are not side by side")
	}
	if !strings.Contains(body, "Not counted: node b:4566 did not answer.") {
		t.Error("the page does not say whose errors are missing")
	}
}
