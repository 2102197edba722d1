package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Bounds of an article; they keep a page a page.
const (
	maxArticleBytes = 64 * 1024
	maxTitle        = 120
	maxSymptoms     = 40
	wordsPerMinute  = 200
)

// Article is one article, as its file says it.
type Article struct {
	// ID is permanent: the id of the error it explains, or a few words.
	ID    string
	Title string
	// Category is the id of one of Categories.
	Category string
	// Errors are the ids of the errors it explains, such as GH-R101.
	Errors []string
	// APITypes are the kinds of API it is about: REST, HTTP, WEBSOCKET.
	APITypes []string
	// Symptoms are texts as people see them; "…" stands for anything.
	Symptoms []string
	// Related are ids of other articles.
	Related []string
	// Updated is the day of the last change of content.
	Updated time.Time
	// Verified is the version of Gatehouse that its commands ran against; empty when
	// nobody ran them.
	Verified string
	// Test names the script in test/articles that reproduces the situation.
	Test string
	// Untestable is why no command can reproduce it; only an article without Test has it.
	Untestable string
	// Causes say which heading applies when a diagnosis has one of the texts.
	Causes []Cause
	// Markdown is the body, with its numbers filled in.
	Markdown string
	// Own says that the operator wrote it.
	Own bool
}

// Cause ties a heading of an article to what a diagnosis found.
type Cause struct {
	// Heading is the text of the heading.
	Heading string `yaml:"heading"`
	// When are texts, one of which is in the diagnosis if the cause applies.
	When []string `yaml:"when"`
}

// frontMatter is what stands between the two lines of dashes.
type frontMatter struct {
	ID       string   `yaml:"id"`
	Title    string   `yaml:"title"`
	Category string   `yaml:"category"`
	Errors   []string `yaml:"errors"`
	APITypes []string `yaml:"apiTypes"`
	Symptoms []string `yaml:"symptoms"`
	Related  []string `yaml:"related"`
	Updated  string   `yaml:"updated"`
	Verified string   `yaml:"verified"`
	Test     string   `yaml:"test"`
	// Untestable is for the few that no command can bring about.
	Untestable string  `yaml:"untestable"`
	Causes     []Cause `yaml:"causes"`
}

var (
	idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{1,63}$`)
	apiTypes  = []string{"REST", "HTTP", "WEBSOCKET"}
	// reservedIDs are pages of their own beneath the prefix.
	reservedIDs = []string{"search", "reports", "category", "articles"}
)

var (
	errNoFrontMatter = errors.New("the file does not begin with front matter between two lines of ---")
	errNotUTF8       = errors.New("the file is not in UTF-8")
)

// ParseArticle reads an article. It says everything that is wrong with the front
// matter, joined.
func ParseArticle(text []byte) (*Article, error) {
	if len(text) > maxArticleBytes {
		return nil, fmt.Errorf("the file has %d bytes, at most %d are an article", len(text), maxArticleBytes)
	}
	if !utf8.Valid(text) {
		return nil, errNotUTF8
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // which some editors put first
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(text, []byte("---\n"))
	if !ok {
		return nil, errNoFrontMatter
	}
	head, body, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return nil, errNoFrontMatter
	}
	var front frontMatter
	decoder := yaml.NewDecoder(bytes.NewReader(head))
	decoder.KnownFields(true)
	if err := decoder.Decode(&front); err != nil {
		return nil, fmt.Errorf("reading the front matter: %w", err)
	}
	updated, err := front.check()
	if err != nil {
		return nil, err
	}
	markdown, err := fillNumbers(string(bytes.TrimSpace(body)))
	if err != nil {
		return nil, err
	}
	return &Article{
		ID: front.ID, Title: front.Title, Category: front.Category, Errors: front.Errors, APITypes: front.APITypes,
		Symptoms: front.Symptoms, Related: front.Related, Updated: updated, Verified: front.Verified, Test: front.Test, Untestable: front.Untestable,
		Causes: front.Causes, Markdown: markdown + "\n",
	}, nil
}

func (f *frontMatter) check() (updated time.Time, err error) {
	var problems []error
	refuse := func(format string, arguments ...any) { problems = append(problems, fmt.Errorf(format, arguments...)) }
	if !idPattern.MatchString(f.ID) || slices.Contains(reservedIDs, strings.ToLower(f.ID)) {
		refuse("id: %q is not letters, digits and hyphens, or is the name of a page", f.ID)
	}
	if f.Title == "" || len(f.Title) > maxTitle {
		refuse("title: has %d bytes, must have 1 to %d", len(f.Title), maxTitle)
	}
	if _, ok := FindCategory(f.Category); !ok {
		refuse("category: there is no category %q", f.Category)
	}
	for _, apiType := range f.APITypes {
		if !slices.Contains(apiTypes, apiType) {
			refuse("apiTypes: %q is none of %s", apiType, strings.Join(apiTypes, ", "))
		}
	}
	if len(f.Symptoms) > maxSymptoms {
		refuse("symptoms: %d, at most %d", len(f.Symptoms), maxSymptoms)
	}
	updated, dateErr := time.Parse(time.DateOnly, f.Updated)
	if dateErr != nil {
		refuse("updated: %q is not a day such as 2026-01-31", f.Updated)
	}
	return updated, errors.Join(problems...)
}

// ReadingMinutes is how long reading it takes, at least 1.
func (a *Article) ReadingMinutes() int {
	return max(1, (len(strings.Fields(a.Markdown))+wordsPerMinute/2)/wordsPerMinute)
}

// UpdatedDay is the day of the last change, as 2026-01-31.
func (a *Article) UpdatedDay() string { return a.Updated.Format(time.DateOnly) }

// CategoryTitle is the title of its category.
func (a *Article) CategoryTitle() string {
	category, _ := FindCategory(a.Category)
	return category.Title
}

// applies returns the heading of the cause whose texts are in a diagnosis.
func (a *Article) applies(diagnosis string) (heading string, ok bool) {
	diagnosis = strings.ToLower(diagnosis)
	for _, cause := range a.Causes {
		for _, text := range cause.When {
			if strings.Contains(diagnosis, strings.ToLower(text)) {
				return cause.Heading, true
			}
		}
	}
	return "", false
}
