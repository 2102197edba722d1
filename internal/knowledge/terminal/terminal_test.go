package terminal

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"gatehouse/internal/knowledge"
)

func library(t testing.TB) *knowledge.Library {
	t.Helper()
	library, err := knowledge.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return library
}

func TestShow(t *testing.T) {
	var out strings.Builder
	if err := Show(&out, library(t), "gh-l201", Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"502: Malformed Lambda proxy response\n", "GH-L201 · REST", "What you see\n", "    return { statusCode: 200", "Related\n", "GH-L202"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\x1b") || strings.Contains(out.String(), "`") || strings.Contains(out.String(), "## ") {
		t.Error("plain output has escapes or Markdown in it")
	}
	if err := Show(&out, library(t), "GH-Z999", Options{}); !errors.Is(err, ErrNoArticle) {
		t.Errorf("got %v", err)
	}
}

func TestBold(t *testing.T) {
	var out strings.Builder
	if err := Show(&out, library(t), "GH-L201", Options{Bold: true}); err != nil || !strings.Contains(out.String(), escapeBold+"502: Malformed") {
		t.Errorf("%v: the title is not bold", err)
	}
}

// Every article is printed whole, and no line of text is wider than asked.
func TestEveryArticleFits(t *testing.T) {
	l := library(t)
	for _, article := range l.Articles() {
		for _, width := range []int{40, 80} {
			var out strings.Builder
			if err := Show(&out, l, article.ID, Options{Width: width}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				line = strings.TrimRight(line, "\n")
				text := strings.TrimLeft(line, " -0123456789.")
				if utf8.RuneCountInString(line) > width && !strings.HasPrefix(line, "    ") && strings.Contains(text, " ") {
					t.Errorf("%s at %d: %q", article.ID, width, line)
				}
			}
			for _, section := range article.Sections() {
				if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), strings.Join(strings.Fields(section.Title), " ")) {
					t.Errorf("%s does not print %q", article.ID, section.Title)
				}
			}
		}
	}
}

func TestSearch(t *testing.T) {
	var out strings.Builder
	if err := Search(&out, library(t), knowledge.Query{Text: "selection pattern", Limit: 3}, Options{Bold: true}); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "GH-M30") < 2 || !strings.Contains(strings.ToLower(out.String()), escapeUnderline+"selection"+escapeEnd) ||
		strings.Contains(out.String(), " the"+escapeEnd) || !strings.Contains(out.String(), "gatehouse kb show") {
		t.Errorf("got:\n%s", out.String())
	}
	if err := Search(&out, library(t), knowledge.Query{Text: "qqqqzzzz"}, Options{}); !errors.Is(err, ErrNothingFound) {
		t.Errorf("got %v", err)
	}
}

func TestList(t *testing.T) {
	var out strings.Builder
	if err := List(&out, library(t), "websocket", Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "WebSocket APIs  (websocket)\n  GH-W101     410 GoneException") || strings.Contains(out.String(), "GH-R101") {
		t.Errorf("got:\n%s", out.String())
	}
	if err := List(&out, library(t), "none", Options{}); !errors.Is(err, ErrNoCategory) {
		t.Errorf("got %v", err)
	}
}

func TestArticlesCannotCommandTheTerminal(t *testing.T) {
	article, err := knowledge.ParseArticle([]byte("---\nid: evil\ntitle: T\ncategory: logs\nupdated: \"2026-01-01\"\n---\n\n\x1b[2J text `\x1b]0;x\x07`\n\n```\n\x1b[31mcode\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	Options{}.document(&b, article)
	if strings.ContainsAny(b.String(), "\x1b\x07") {
		t.Errorf("got %q", b.String())
	}
}
