package knowledge

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Section is a heading of an article.
type Section struct {
	// Anchor is the id of the heading's element.
	Anchor string
	Title  string
	// Level is 2 for ##, 3 for ###.
	Level int
}

// newMarkdown makes a renderer that leaves out raw HTML and links that run scripts, so
// that an article cannot do anything on a page.
func newMarkdown() goldmark.Markdown {
	const beforeTheUsual = 100
	return goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(consoleRenderer{}, beforeTheUsual))))
}

// anchors gives out the ids of headings, other than those that the page has itself.
func anchors() parser.Context {
	context := parser.NewContext()
	for _, taken := range [...]string{"q", "content", "case", "related", "feedback", "feedback-title", "text", "toc-title", "ids-title"} {
		context.IDs().Put([]byte(taken))
	}
	return context
}

// HTML renders the body.
func (a *Article) HTML() (template.HTML, error) {
	var out bytes.Buffer
	if err := newMarkdown().Convert([]byte(a.Markdown), &out, parser.WithContext(anchors())); err != nil {
		return "", fmt.Errorf("rendering article %s: %w", a.ID, err)
	}
	return template.HTML(out.String()), nil // rendered without raw HTML
}

// Document parses the body; source is what its segments point into.
func (a *Article) Document() (document ast.Node, source []byte) {
	source = []byte(a.Markdown)
	return newMarkdown().Parser().Parse(text.NewReader(source), parser.WithContext(anchors())), source
}

// Sections are the headings, in order.
func (a *Article) Sections() []Section {
	document, source := a.Document()
	return sectionsOf(document, source)
}

func sectionsOf(document ast.Node, source []byte) []Section {
	var sections []Section
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		if heading, ok := node.(*ast.Heading); ok {
			sections = append(sections, Section{Anchor: anchorOf(heading), Title: plainText(heading, source), Level: heading.Level})
		}
	}
	return sections
}

func anchorOf(heading *ast.Heading) string {
	value, _ := heading.AttributeString("id")
	anchor, _ := value.([]byte)
	return string(anchor)
}

// Summary is the first paragraph under "In short", or else the first of the article.
func (a *Article) Summary() string {
	document, source := a.Document()
	first, inShort := "", false
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		switch node.(type) {
		case *ast.Heading:
			inShort = strings.EqualFold(plainText(node, source), "in short")
		case *ast.Paragraph:
			if inShort {
				return plainText(node, source)
			}
			if first == "" {
				first = plainText(node, source)
			}
		}
	}
	return first
}

// plainText is the text of a node and all beneath it.
func plainText(node ast.Node, source []byte) string {
	prose, _ := proseAndCommands(node, source, func(ast.Node) bool { return false })
	return prose
}

// proseAndCommands are the text of a node and all beneath it, less that of the nodes that
// apart chooses, and the text of these.
func proseAndCommands(node ast.Node, source []byte, apart func(ast.Node) bool) (prose, commands string) {
	var b, c strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch {
		case entering && apart(n):
			writePlain(&c, n, source)
		case entering:
			writePlain(&b, n, source)
		case n.Kind() == extensionast.KindTableCell && n.NextSibling() != nil:
			b.WriteString(" – ")
		case n.Type() == ast.TypeBlock:
			b.WriteByte(' ')
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " "), strings.Join(strings.Fields(c.String()), " ")
}

// divide takes the text of a document apart, without headings: what it says, and what
// counts little for being found, which are commands, what they print, and advice for later.
func divide(document ast.Node, source []byte) (prose, aside string) {
	var proses, asides []string
	forLater := false
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		if _, ok := node.(*ast.Heading); ok {
			forLater = plainText(node, source) == "Prevent"
			continue
		}
		said, commands := proseAndCommands(node, source, isConsole(source))
		if forLater {
			said, commands = "", said+" "+commands
		}
		proses, asides = appendText(proses, said), appendText(asides, commands)
	}
	return strings.Join(proses, " "), strings.Join(asides, " ")
}

func appendText(texts []string, text string) []string {
	if text = strings.TrimSpace(text); text == "" {
		return texts
	}
	return append(texts, text)
}

// isConsole says whether a node is a block of commands and what they print.
func isConsole(source []byte) func(ast.Node) bool {
	return func(n ast.Node) bool {
		block, ok := n.(*ast.FencedCodeBlock)
		return ok && string(block.Language(source)) == consoleLanguage
	}
}

func writePlain(b *strings.Builder, n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Text:
		b.Write(n.Segment.Value(source))
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte(' ')
		}
	case *ast.String:
		b.Write(n.Value)
	case *ast.AutoLink:
		b.Write(n.Label(source))
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		lines := n.Lines()
		for i := range lines.Len() {
			segment := lines.At(i)
			b.Write(segment.Value(source))
		}
		b.WriteByte(' ')
	}
}
