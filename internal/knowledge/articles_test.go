package knowledge

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
	"gatehouse/internal/lambda"
)

func load(t testing.TB) *Library {
	t.Helper()
	library, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return library
}

// Every way to fail has the article that its row names, and that article names it back.
func TestEveryErrorHasItsArticle(t *testing.T) {
	library := load(t)
	for _, entry := range fault.Registry() {
		article, ok := library.byID[strings.ToLower(entry.Article)]
		if !ok {
			t.Errorf("%s (%s) names article %q, which does not exist", entry.Id, entry.Name, entry.Article)
			continue
		}
		if !slices.Contains(article.Errors, string(entry.Id)) {
			t.Errorf("article %s does not name error %s", article.ID, entry.Id)
		}
	}
	for id := range situations {
		if _, ok := library.Find(id); !ok {
			t.Errorf("%s is laid out and has no article", id)
		}
	}
}

// An article shows the status and the text that callers really get.
func TestArticlesShowWhatCallersGet(t *testing.T) {
	library := load(t)
	for _, entry := range fault.Registry() {
		article, ok := library.byID[strings.ToLower(entry.Article)]
		if !ok {
			continue // TestEveryErrorHasItsArticle says so
		}
		shown := article.Title + "\n" + strings.Join(article.Symptoms, "\n") + "\n" + article.Markdown
		if entry.Message != "" && !strings.Contains(shown, entry.Message) {
			t.Errorf("%s answers %q, which article %s does not show", entry.Id, entry.Message, article.ID)
		}
		if status := servedStatus(entry); !strings.Contains(shown, status) {
			t.Errorf("%s answers %s, which article %s does not show", entry.Id, status, article.ID)
		}
	}
}

func servedStatus(entry fault.Entry) string {
	if entry.StatusCode != 0 {
		return strconv.Itoa(entry.StatusCode)
	}
	if entry.ResponseType == apigw.ResponseTypeDefault4XX || entry.ResponseType == apigw.ResponseTypeDefault5XX {
		return "" // these have no status of their own
	}
	for _, responseType := range apigw.GatewayResponseTypes {
		if responseType.Name == entry.ResponseType {
			return strconv.Itoa(responseType.ServedStatusCode)
		}
	}
	return ""
}

func TestArticlesNameKnownErrors(t *testing.T) {
	owner := map[string]string{}
	for _, article := range load(t).Articles() {
		for _, id := range article.Errors {
			_, registered := fault.Lookup(fault.Id(id))
			if _, laidOut := Situation(id); !registered && !laidOut {
				t.Errorf("%s names error %s, which is unknown", article.ID, id)
			}
			if other := owner[id]; other != "" {
				t.Errorf("%s and %s both explain %s", article.ID, other, id)
			}
			owner[id] = article.ID
		}
	}
}

func TestSituationsLeaveWhenRegistered(t *testing.T) {
	for id := range situations {
		if _, ok := fault.Lookup(fault.Id(id)); ok {
			t.Errorf("%s is in the registry now; take it out of situations", id)
		}
	}
}

// The articles that the product was asked for, by what they are about.
func TestTopicsExist(t *testing.T) {
	library := load(t)
	for _, id := range append([]string{
		"vpc-link-headers", "500-errors-lambda", "delete-vpc-link", "access-from-another-account", "map-status-codes-http-api",
		"map-status-codes-rest-api", "read-execution-logs", // the seven
		"GH-V101", "GH-V201", "payload-formats", "logs-role-arn", "logs-http-api", "GH-V301", "headers-remapped", "private-api-from-vpc",
		"final-policy-size", "control-plane-throttling", "test-invoke-differs", "GH-R104", // the ten after the situations
	}, topicIDs...) {
		if _, ok := library.byID[strings.ToLower(id)]; !ok {
			t.Errorf("there is no article %s", id)
		}
	}
	for _, id := range []string{ // the 25 situations
		"GH-R101", "GH-L201", "GH-L101", "GH-I301", "GH-R401", "GH-A202", "GH-A101", "GH-A301", "GH-A111", "GH-T101", "GH-T201", "GH-M301", "GH-M201",
		"GH-M101", "GH-A401", "GH-A501", "GH-R201", "GH-I201", "GH-I211", "GH-C201", "GH-C101", "GH-W101", "GH-W201", "GH-B101", "GH-L111",
	} {
		if _, ok := library.byID[strings.ToLower(id)]; !ok {
			t.Errorf("there is no article %s", id)
		}
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	library := load(t)
	for _, article := range library.Articles() {
		for _, id := range article.Related {
			if _, ok := library.byID[strings.ToLower(id)]; !ok {
				t.Errorf("%s: related article %q does not exist", article.ID, id)
			}
		}
		document, _ := article.Document()
		_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if link, ok := n.(*ast.Link); ok && entering {
				checkLink(t, library, article, string(link.Destination))
			}
			return ast.WalkContinue, nil
		})
	}
	for from, to := range library.redirects {
		if _, ok := library.byID[strings.ToLower(to)]; !ok {
			t.Errorf("the redirect from %s leads to %s, which does not exist", from, to)
		}
		if _, ok := library.byID[from]; ok {
			t.Errorf("the redirect from %s hides an article", from)
		}
	}
}

func checkLink(t *testing.T, library *Library, article *Article, destination string) {
	t.Helper()
	target, err := url.Parse(destination)
	if err != nil || target.Scheme != "" || target.Host != "" {
		t.Errorf("%s links to %q; articles are readable without a network", article.ID, destination)
		return
	}
	other := article
	if target.Path != "" {
		var ok bool
		if other, ok = library.byID[strings.ToLower(target.Path)]; !ok {
			t.Errorf("%s links to %q, which does not exist", article.ID, destination)
			return
		}
	}
	if target.Fragment != "" && !slices.ContainsFunc(other.Sections(), func(s Section) bool { return s.Anchor == target.Fragment }) {
		t.Errorf("%s links to %q, and there is no such section", article.ID, destination)
	}
}

// A limit is a variable, so that it cannot be out of date. Code and tables of AWS's own
// texts are free.
var writtenLimit = regexp.MustCompile(`(?i)\b(29|30|300|900) ?s(econds)?\b|\b(6|10) ?MB\b|\b(128|32) ?KB\b|\b(10 minutes|2 hours)\b|` +
	`\b(five|ten|fifteen|thirty|sixty) (seconds|minutes)\b|\b\d,?\d{3} bytes\b|` +
	`\b(10|60) ?s(econds)? (for|after)\b|\b(after|up to|than) (10|60) ?s(econds)?\b|\bwaited \d+s\b|\b\d{2,3} (days|at once)\b|\b(after|than) a minute\b`)

func TestLimitsComeFromTheCode(t *testing.T) {
	files, err := articleFiles.ReadDir("articles")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := articleFiles.ReadFile("articles/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range strings.Split(string(text), "\n") {
			if found := writtenLimit.FindString(line); found != "" && !strings.Contains(line, "  - ") {
				t.Errorf("%s:%d writes the limit %q as a number", file.Name(), number+1, found)
			}
		}
		if strings.Contains(string(text), "{{") != numberPattern.MatchString(string(text)) {
			t.Errorf("%s has braces that are no limit", file.Name())
		}
	}
}

func TestUnknownLimitIsRefused(t *testing.T) {
	if _, err := fillNumbers(`at most {{limit "PayloadLimit"}}`); err == nil || !strings.Contains(err.Error(), "PayloadLimit") {
		t.Errorf("got error %v, want one that names PayloadLimit", err)
	}
	got, err := fillNumbers(`at most {{limit "PayloadSizeLimit"}}`)
	if err != nil || got != "at most 10 MB" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestLambdaLimitsAgree(t *testing.T) {
	if LambdaPayloadLimit != lambda.MaximumPayloadSize || LambdaTimeoutLimit != lambda.MaximumTimeout {
		t.Error("the limits of Lambda in articles are not those of the runner")
	}
}

// An article has a symptom to be found by, a summary, and the sections that readers
// expect; it is about a page long.
func TestArticlesHaveTheShape(t *testing.T) {
	const mostWords = 1000
	for _, article := range load(t).Articles() {
		if len(article.Symptoms) == 0 || len(article.APITypes) == 0 {
			t.Errorf("%s has no symptoms or no apiTypes", article.ID)
		}
		if summary := article.Summary(); len(summary) < 40 || len(summary) > 600 {
			t.Errorf("%s: the summary has %d bytes: %q", article.ID, len(summary), summary)
		}
		if words := len(strings.Fields(article.Markdown)); words > mostWords {
			t.Errorf("%s has %d words, more than a page", article.ID, words)
		}
		if !slices.ContainsFunc(article.Sections(), func(s Section) bool { return s.Title == "In short" }) {
			t.Errorf("%s has no section In short", article.ID)
		}
		for _, cause := range article.Causes {
			if !slices.ContainsFunc(article.Sections(), func(s Section) bool { return s.Title == cause.Heading }) {
				t.Errorf("%s: cause %q is no heading", article.ID, cause.Heading)
			}
		}
		html, err := article.HTML()
		if err != nil || strings.Contains(string(html), "raw HTML omitted") {
			t.Errorf("%s has raw HTML in it, or does not render: %v", article.ID, err)
		}
	}
}

// An article about an error has the same parts as the others, in the same order: readers
// of one know where to look in the next.
func TestArticlesAboutErrorsHaveTheSameParts(t *testing.T) {
	for _, article := range load(t).Articles() {
		if len(article.Errors) == 0 {
			continue
		}
		parts := []string{"What you see", "In short", "Confirm the cause", "Causes and fixes", "Fix", "What to do", "Verify", "Prevent"}
		last, found := -1, map[string]bool{}
		for _, section := range article.Sections() {
			place := slices.Index(parts, section.Title)
			if section.Level != 2 {
				continue
			}
			if place < last {
				t.Errorf("%s: section %q is out of place, or new", article.ID, section.Title)
			}
			last, found[section.Title] = place, true
		}
		for _, part := range []string{"What you see", "In short", "Prevent"} {
			if !found[part] {
				t.Errorf("%s has no section %q", article.ID, part)
			}
		}
		if !found["Causes and fixes"] && !found["Fix"] && !found["What to do"] {
			t.Errorf("%s says no fix", article.ID)
		}
	}
}

// Articles name only commands of ours that exist.
func TestArticlesNameCommandsThatExist(t *testing.T) {
	command := regexp.MustCompile("gatehouse ([a-z]+)")
	known := []string{"serve", "demo", "template", "version", "explain", "kb"}
	for _, article := range load(t).Articles() {
		for _, match := range command.FindAllStringSubmatch(article.Markdown, -1) {
			if !slices.Contains(known, match[1]) {
				t.Errorf("%s names %q", article.ID, match[0])
			}
		}
	}
}

func TestParseArticleSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no front matter":  {"# Hello\n", "front matter"},
		"unknown member":   {"---\nid: a1\ncolour: red\n---\n\nx\n", "colour"},
		"bad id":           {"---\nid: a b\ntitle: T\ncategory: logs\nupdated: \"2026-01-01\"\n---\n\nx\n", "id:"},
		"page's name":      {"---\nid: search\ntitle: T\ncategory: logs\nupdated: \"2026-01-01\"\n---\n\nx\n", "id:"},
		"unknown category": {"---\nid: a1\ntitle: T\ncategory: none\nupdated: \"2026-01-01\"\n---\n\nx\n", "category"},
		"no date":          {"---\nid: a1\ntitle: T\ncategory: logs\n---\n\nx\n", "updated"},
		"unknown API type": {"---\nid: a1\ntitle: T\ncategory: logs\nupdated: \"2026-01-01\"\napiTypes: [SOAP]\n---\n\nx\n", "SOAP"},
	} {
		if _, err := ParseArticle([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one that names %s", name, err, c.want)
		}
	}
}
