package knowledge

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The operator's own articles: one more, one in place of a built-in one, one broken.
func TestOwnArticles(t *testing.T) {
	directory := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("oncall.md", "---\nid: payments-on-call\ntitle: Payments on call\ncategory: logs\nsymptoms: [PaymentGatewayDown]\nupdated: \"2026-10-01\"\n---\n\n## In short\n\nCall Pilar. <script>alert(1)</script> [x](javascript:alert(1))\n")
	write("r101.md", "---\nid: GH-R101\ntitle: Our own words\ncategory: reaching\nerrors: [GH-R101]\nupdated: \"2026-10-01\"\n---\n\nAsk the team of the portal.\n")
	write("broken.md", "---\nid: broken\n---\n\nx\n")
	write("redirects.yaml", "old-runbook: payments-on-call\n")
	write("README.md", "not an article")
	base, server := start(t, Options{Directory: directory, Poll: 10 * time.Millisecond})
	for path, want := range map[string]string{
		"GH-R101": "Ask the team of the portal", "missing-authentication-token": "Ask the team of the portal", "payments-on-call": "Call Pilar",
		"old-runbook": "Call Pilar", "search?q=PaymentGatewayDown": "Payments on call", "reports": "broken.md",
	} {
		if _, body := get(t, server.URL+Prefix+path); !strings.Contains(body, want) || strings.Contains(body, "alert(1)</script>") || strings.Contains(body, "javascript:alert") {
			t.Errorf("%s: %q is not in the page, or a script is", path, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { base.Run(ctx); close(ended) }()
	write("new.md", "---\nid: brand-new\ntitle: Brand new\ncategory: logs\nupdated: \"2026-10-02\"\n---\n\nHello.\n")
	deadline := time.Now().Add(time.Minute)
	for {
		if response, _ := get(t, server.URL+Prefix+"brand-new"); response.StatusCode == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a new article is not read")
		}
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	<-ended
}

// ownArticle is the text of an article in category logs.
func ownArticle(id, body string) string {
	return "---\nid: " + id + "\ntitle: About " + id + "\ncategory: logs\nupdated: \"2026-10-01\"\n---\n\n" + body + "\n"
}

// What a directory holds in practice: links of a mounted volume, files of editors and of
// version control, a byte order mark. What is left out is named with why.
func TestOwnDirectories(t *testing.T) {
	directory, elsewhere := t.TempDir(), t.TempDir()
	at := func(name string) string { return filepath.Join(directory, name) }
	for name, text := range map[string]string{
		at("bom.md"): "\ufeff" + ownArticle("bom", "x"), at("UPPER.MD"): ownArticle("upper", "x"), at("lines.md"): strings.ReplaceAll(ownArticle("lines", "x"), "\n", "\r\n"),
		at("latin.md"): ownArticle("latin", "Gr\xf6\xdfe"), at("large.md"): ownArticle("large", strings.Repeat("x ", maxArticleBytes)),
		at(".git/hidden.md"): ownArticle("hidden", "x"), at("sub/sub.md"): ownArticle("sub", "x"), filepath.Join(elsewhere, "linked.md"): ownArticle("linked", "x"),
		at("redirects.yaml"): "was-sub: sub\nnowhere: no-such\nGH-R102: sub\nround: about\nabout: round\nmissing-authentication-token: GH-R101\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for from, to := range map[string]string{"linked.md": filepath.Join(elsewhere, "linked.md"), ".#sub.md": "nothing", "gone.md": "nothing", "device.md": "/dev/zero", "tree.md": elsewhere} {
		if err := os.Symlink(to, at(from)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(at("pipe.md"), 0o600); err != nil {
		t.Fatal(err)
	}
	library, err := Load(os.DirFS(directory))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{
		"bom": true, "upper": true, "lines": true, "sub": true, "was-sub": true, "linked": true, "latin": false, "large": false, "hidden": false, "nowhere": false, "round": false,
	} {
		if _, ok := library.Find(id); ok != want {
			t.Errorf("%s is found: %t, want %t", id, ok, want)
		}
	}
	var problems strings.Builder
	for _, problem := range library.Problems() {
		problems.WriteString(problem.File + ": " + problem.Err.Error() + "\n")
	}
	for _, want := range []string{
		"latin.md: the file is not in UTF-8", "large.md: the file has more than", "gone.md: ", "device.md: it is", "tree.md: it is", "pipe.md: it is",
		`"nowhere" leads to "no-such"`, `"gh-r102" is the id of an article`, `"round" leads`,
	} {
		if !strings.Contains(problems.String(), want) {
			t.Errorf("the problems do not have %q:\n%s", want, problems.String())
		}
	}
	const named = 10 // those above, and "about"
	if len(library.Problems()) != named {
		t.Errorf("%d problems, want %d:\n%s", len(library.Problems()), named, problems.String())
	}
}

// A heading of an article is never mistaken for a part of the page.
func TestHeadingsDoNotClashWithThePage(t *testing.T) {
	directory := t.TempDir()
	text := ownArticle("clash", "## Feedback\n\n## Related\n\n## Case\n\n## q\n\n## Content\n\n## Text\n\n## Feedback title\n\n## Toc title\n\n## Ids title\n\n[up](#feedback-1)")
	if err := os.WriteFile(filepath.Join(directory, "clash.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, server := start(t, Options{Directory: directory})
	_, body := get(t, server.URL+Prefix+"clash")
	seen := map[string]bool{}
	for _, match := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if seen[match[1]] {
			t.Errorf("two elements have the id %q", match[1])
		}
		seen[match[1]] = true
	}
	if !seen["feedback-1"] || !strings.Contains(body, `<a href="#feedback-1">Feedback</a>`) {
		t.Error("the heading has no place in the contents")
	}
}

// What is left out is logged also when a page is asked for before the directory is first
// looked at.
func TestProblemsAreLoggedAtFirstReading(t *testing.T) {
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "broken.md"), []byte("no front matter"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	_, server := start(t, Options{Directory: directory, Log: slog.New(slog.NewTextHandler(&log, nil))})
	get(t, server.URL+Prefix)
	if !strings.Contains(log.String(), "broken.md") {
		t.Errorf("the log has %q", log.String())
	}
}
