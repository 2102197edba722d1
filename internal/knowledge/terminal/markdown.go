package terminal

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"

	"gatehouse/internal/knowledge"
)

// printer walks the blocks of an article.
type printer struct {
	options Options
	source  []byte
	out     *strings.Builder
}

func (o Options) document(b *strings.Builder, article *knowledge.Article) {
	root, source := article.Document()
	p := &printer{options: o, source: source, out: b}
	p.blocks(root, "")
}

func (p *printer) blocks(parent ast.Node, indent string) {
	for node := parent.FirstChild(); node != nil; node = node.NextSibling() {
		p.block(node, indent)
	}
}

func (p *printer) block(node ast.Node, indent string) {
	switch node := node.(type) {
	case *ast.Heading:
		for _, line := range wrap(p.plain(node), p.options.width()) {
			p.out.WriteString(p.options.style(escapeBold, line) + "\n")
		}
		p.out.WriteByte('\n')
	case *ast.Paragraph:
		p.text(node, indent, indent)
		p.out.WriteByte('\n')
	case *ast.TextBlock:
		p.text(node, indent, indent)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		p.code(node, indent)
	case *ast.List:
		p.list(node, indent)
	case *extension.Table:
		p.table(node, indent)
	case *ast.ThematicBreak:
		p.out.WriteString(indent + "---\n\n")
	default:
		p.blocks(node, indent+"  ")
	}
}

// text wraps the inline content of a block; first comes before its first line.
func (p *printer) text(node ast.Node, first, indent string) {
	for i, line := range p.options.wrapPieces(p.pieces(node), p.options.width()-utf8.RuneCountInString(indent)) {
		lead := indent
		if i == 0 {
			lead = first
		}
		p.out.WriteString(lead + line + "\n")
	}
}

func (p *printer) code(node ast.Node, indent string) {
	lines := node.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		line := strings.TrimRight(string(segment.Value(p.source)), "\r\n")
		p.out.WriteString(indent + "    " + printable(strings.ReplaceAll(line, "\t", "    ")) + "\n")
	}
	p.out.WriteByte('\n')
}

func (p *printer) list(list *ast.List, indent string) {
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		bullet := "- "
		if list.IsOrdered() {
			bullet = fmt.Sprintf("%d. ", number)
			number++
		}
		inner := indent + strings.Repeat(" ", len(bullet))
		for child := item.FirstChild(); child != nil; child = child.NextSibling() {
			_, isText := child.(*ast.TextBlock)
			_, isParagraph := child.(*ast.Paragraph)
			if child == item.FirstChild() && (isText || isParagraph) {
				p.text(child, indent+bullet, inner)
				continue
			}
			p.block(child, inner)
		}
	}
	p.out.WriteByte('\n')
}

// table prints each row as its cells under the names of their columns, which stays
// readable on a narrow terminal.
func (p *printer) table(table *extension.Table, indent string) {
	var names []string
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, p.plain(cell))
		}
		if _, isHeader := row.(*extension.TableHeader); isHeader {
			names = cells
			continue
		}
		for i, cell := range cells {
			lead, inner := indent+"  ", indent+"    "
			if i == 0 {
				lead, inner = indent+"- ", indent+"  "
			}
			if i > 0 && i < len(names) && names[i] != "" && cell != "" {
				cell = names[i] + ": " + cell
			}
			for j, line := range wrap(cell, p.options.width()-len(inner)) {
				if j > 0 {
					lead = inner
				}
				p.out.WriteString(lead + line + "\n")
			}
		}
	}
	p.out.WriteByte('\n')
}

func (p *printer) plain(node ast.Node) string {
	var b strings.Builder
	for _, piece := range p.pieces(node) {
		b.WriteString(piece.text)
	}
	return b.String()
}

// piece is text of one style.
type piece struct{ text, escape string }

// pieces are the inline content of a node.
func (p *printer) pieces(node ast.Node) []piece {
	var pieces []piece
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			text := string(child.Segment.Value(p.source))
			if child.SoftLineBreak() || child.HardLineBreak() {
				text += " "
			}
			pieces = append(pieces, piece{text: unescape(text)})
		case *ast.String:
			pieces = append(pieces, piece{text: string(child.Value)})
		case *ast.CodeSpan:
			pieces = append(pieces, piece{p.codeSpan(child), escapeBold})
		case *ast.Emphasis:
			for _, inner := range p.pieces(child) {
				pieces = append(pieces, piece{inner.text, escapeUnderline})
			}
		case *ast.Link:
			pieces = append(pieces, p.pieces(child)...)
			if to := string(child.Destination); to != p.plain(child) {
				pieces = append(pieces, piece{text: " (" + to + ")"})
			}
		case *ast.AutoLink:
			pieces = append(pieces, piece{text: string(child.Label(p.source))})
		default:
			pieces = append(pieces, p.pieces(child)...)
		}
	}
	return pieces
}

func (p *printer) codeSpan(span *ast.CodeSpan) string {
	var b strings.Builder
	for child := span.FirstChild(); child != nil; child = child.NextSibling() {
		if text, ok := child.(*ast.Text); ok {
			b.Write(text.Segment.Value(p.source))
		}
	}
	return b.String()
}

// unescape takes the backslashes off that Markdown needs.
func unescape(text string) string {
	if !strings.ContainsRune(text, '\\') {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte("\\`*_{}[]()<>#+-.!|\"'$:", text[i+1]) >= 0 {
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// wrap breaks a text into lines of at most width columns; a word longer than a line has
// one of its own.
func wrap(text string, width int) []string {
	return Options{}.wrapPieces([]piece{{text: text}}, width)
}

// wrapPieces breaks pieces into lines, each word in its style. What has no space in
// between is one word, such as code and the comma after it.
func (o Options) wrapPieces(pieces []piece, width int) []string {
	var lines []string
	var line strings.Builder
	column := 0
	for _, word := range wordsOf(pieces) {
		length := 0
		for _, part := range word {
			length += utf8.RuneCountInString(part.text)
		}
		switch {
		case column == 0:
		case column+1+length > width:
			lines = append(lines, line.String())
			line.Reset()
			column = 0
		default:
			line.WriteByte(' ')
			column++
		}
		for _, part := range word {
			line.WriteString(o.style(part.escape, part.text))
		}
		column += length
	}
	if column > 0 {
		lines = append(lines, line.String())
	}
	return lines
}

// wordsOf cuts pieces at spaces; a word may have parts of several styles.
func wordsOf(pieces []piece) [][]piece {
	var words [][]piece
	joined := false // the next part belongs to the last word
	for _, p := range pieces {
		for i, field := range strings.Split(printable(p.text), " ") {
			if i > 0 {
				joined = false
			}
			if field == "" {
				continue
			}
			if last := len(words) - 1; joined && last >= 0 {
				words[last] = append(words[last], piece{field, p.escape})
			} else {
				words = append(words, []piece{{field, p.escape}})
			}
			joined = true
		}
	}
	return words
}

// printable takes control characters out, so that an article cannot command the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}
