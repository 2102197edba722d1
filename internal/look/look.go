// Package look is what all of Gatehouse's pages share: colours, letters, the mark, and the
// head of a page.
//
// It has no page and no path: each family of pages (the knowledge base, requests,
// the login) serves one style sheet, which is this look and what it adds, and begins its
// templates with Templates. The script, which adds buttons that copy, goes the same way;
// a page without it lacks only those.
//
// Begin at look.css; its variables are the colours, light and dark.
package look

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

//go:embed look.css look.js icon.svg parts.html
var files embed.FS

// Style is the style sheet of a family of pages: the look, then what they add.
func Style(own string) []byte { return append(read("look.css"), own...) }

// Script is the script of a family of pages: buttons that copy, then what they add.
func Script(own string) []byte { return append(read("look.js"), own...) }

// Icon is the mark, an SVG. The knowledge base serves it for all pages, at
// /_gatehouse/kb/icon.svg.
func Icon() []byte { return read("icon.svg") }

// Templates begins a set of templates with the parts look-head, for a page's head, and
// look-brand, the mark with the name of the family of pages, which may be empty.
func Templates(name string) *template.Template {
	return template.Must(template.New(name).ParseFS(files, "parts.html"))
}

// contentSecurityPolicy lets a page load its style sheet and the icon and send its forms, and
// nothing else; withScript lets it load the family's script too.
const (
	contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	withScript            = contentSecurityPolicy + "; script-src 'self'"
)

// Write writes a page that has no scripts. It is rendered first, so that a failure is a
// whole answer. Headers that are set already stay.
func Write(w http.ResponseWriter, statusCode int, page *template.Template, data any) {
	write(w, statusCode, render{page, data, contentSecurityPolicy})
}

// WriteScripted writes a page as Write does; it may load the script of its family.
func WriteScripted(w http.ResponseWriter, statusCode int, page *template.Template, data any) {
	write(w, statusCode, render{page, data, withScript})
}

// render is a page to be written.
type render struct {
	page   *template.Template
	data   any
	policy string
}

func write(w http.ResponseWriter, statusCode int, wanted render) {
	var out bytes.Buffer
	if err := wanted.page.Execute(&out, wanted.data); err != nil {
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", wanted.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	w.WriteHeader(statusCode)
	_, _ = out.WriteTo(w) // a client that is gone needs no answer
}

// WriteStyle writes the style sheet of a family of pages: the look, then what they add.
func WriteStyle(w http.ResponseWriter, own string) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write(Style(own)) // a client that is gone needs no answer
}

// WriteScript writes the script of a family of pages: the look's, then what they add.
func WriteScript(w http.ResponseWriter, own string) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write(Script(own)) // a client that is gone needs no answer
}

func read(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded by the line above
	}
	return content
}
