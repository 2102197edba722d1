// Package terminal prints the knowledge base for `gatehouse kb list|search|show`, plain
// or with bold, wrapped to a width. It needs no server.
//
// It finds nothing by itself: package knowledge does. Begin at [List], [Search], [Show].
package terminal

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"gatehouse/internal/knowledge"
)

// Options are how to print.
type Options struct {
	// Width is the number of columns; 0 is DefaultWidth.
	Width int
	// Bold says that the output is a terminal that knows bold and underlined text.
	Bold bool
}

// DefaultWidth is the width where nothing else is known.
const DefaultWidth = 80

// Bounds of the width that text is wrapped to: wider lines are hard to read.
const (
	leastWidth = 30
	mostWidth  = 100
)

// Errors of a wrong request.
var (
	// ErrNoArticle says that no article has the id.
	ErrNoArticle = errors.New("there is no such article")
	// ErrNothingFound says that a search had no result.
	ErrNothingFound = errors.New("nothing was found")
	// ErrNoCategory says that there is no such category.
	ErrNoCategory = errors.New("there is no such category")
)

func (o Options) width() int {
	if o.Width <= 0 {
		return DefaultWidth
	}
	return max(leastWidth, min(o.Width, mostWidth))
}

const (
	escapeBold      = "\x1b[1m"
	escapeUnderline = "\x1b[4m"
	escapeDim       = "\x1b[2m"
	escapeEnd       = "\x1b[0m"
)

func (o Options) style(escape, text string) string {
	if !o.Bold || text == "" || escape == "" {
		return text
	}
	return escape + text + escapeEnd
}

// List prints the articles of a category, or with an empty category all of them.
func List(w io.Writer, library *knowledge.Library, category string, o Options) error {
	if _, ok := knowledge.FindCategory(category); category != "" && !ok {
		return fmt.Errorf("%w: %q", ErrNoCategory, category)
	}
	var b strings.Builder
	for _, c := range knowledge.Categories() {
		if category != "" && c.ID != category {
			continue
		}
		fmt.Fprintf(&b, "%s  (%s)\n", o.style(escapeBold, c.Title), c.ID)
		for _, article := range library.InCategory(c.ID) {
			o.listed(&b, article)
		}
		b.WriteByte('\n')
	}
	return write(w, b.String())
}

// idColumn is where titles begin; longer ids push theirs to the next line.
const idColumn = 12

func (o Options) listed(b *strings.Builder, article *knowledge.Article) {
	title := wrap(article.Title, o.width()-idColumn-2)
	id := article.ID
	if len(id) >= idColumn {
		fmt.Fprintf(b, "  %s\n", id)
		id = ""
	}
	for i, line := range title {
		if i > 0 {
			id = ""
		}
		fmt.Fprintf(b, "  %-*s%s\n", idColumn, id, line)
	}
}

// Search prints what is found, best first, with where it says so.
func Search(w io.Writer, library *knowledge.Library, query knowledge.Query, o Options) error {
	if _, ok := knowledge.FindCategory(query.Category); query.Category != "" && !ok {
		return fmt.Errorf("%w: %q", ErrNoCategory, query.Category)
	}
	hits := library.Search(query)
	if len(hits) == 0 {
		return ErrNothingFound
	}
	var b strings.Builder
	for _, hit := range hits {
		for _, line := range wrap(hit.Article.ID+" · "+hit.Article.Title, o.width()) {
			fmt.Fprintf(&b, "%s\n", o.style(escapeBold, line))
		}
		for _, line := range o.wrapFragments(hit.Excerpt) {
			fmt.Fprintf(&b, "    %s\n", line)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "Read one with: gatehouse kb show %s\n", hits[0].Article.ID)
	return write(w, b.String())
}

// wrapFragments wraps an excerpt and keeps what is marked.
func (o Options) wrapFragments(fragments []knowledge.Fragment) []string {
	var pieces []piece
	for _, fragment := range fragments {
		escape := ""
		if fragment.Marked {
			escape = escapeUnderline
		}
		pieces = append(pieces, piece{fragment.Text, escape})
	}
	return o.wrapPieces(pieces, o.width()-4)
}

// Show prints an article by its id, a former id or the id of an error.
func Show(w io.Writer, library *knowledge.Library, id string, o Options) error {
	article, ok := library.Find(id)
	if !ok {
		return fmt.Errorf("%w: %q", ErrNoArticle, id)
	}
	var b strings.Builder
	for _, line := range wrap(article.Title, o.width()) {
		b.WriteString(o.style(escapeBold, line) + "\n")
	}
	facts := []string{article.ID}
	facts = append(facts, article.APITypes...)
	facts = append(facts, "updated "+article.UpdatedDay())
	if article.Verified != "" {
		facts = append(facts, "verified with "+article.Verified)
	}
	for _, line := range wrap(strings.Join(facts, " · "), o.width()) {
		b.WriteString(o.style(escapeDim, line) + "\n")
	}
	b.WriteByte('\n')
	o.document(&b, article)
	if related := library.Related(article); len(related) > 0 {
		b.WriteString(o.style(escapeBold, "Related") + "\n\n")
		for _, other := range related {
			o.listed(&b, other)
		}
	}
	return write(w, b.String())
}

func write(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}
