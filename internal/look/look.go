// Package look is what all of Gatehouse's pages share: colours, letters, the mark, and the
// head of a page.
//
// It serves nothing and knows no page: each family of pages (the knowledge base, requests,
// the login) serves one style sheet, which is this look and what it adds, and begins its
// templates with Templates.
//
// Begin at look.css; its variables are the colours, light and dark.
package look

import (
	"embed"
	"html/template"
)

//go:embed look.css icon.svg parts.html
var files embed.FS

// Style is the style sheet of a family of pages: the look, then what they add.
func Style(own string) []byte { return append(read("look.css"), own...) }

// Icon is the mark, an SVG. The knowledge base serves it for all pages, at
// /_gatehouse/kb/icon.svg.
func Icon() []byte { return read("icon.svg") }

// Templates begins a set of templates with the parts look-head, for a page's head, and
// look-brand, the mark with the name of the family of pages, which may be empty.
func Templates(name string) *template.Template {
	return template.Must(template.New(name).ParseFS(files, "parts.html"))
}

func read(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded by the line above
	}
	return content
}
