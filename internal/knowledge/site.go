package knowledge

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/look"
)

//go:embed pages
var pageFiles embed.FS

// Where the knowledge base is served.
const (
	Prefix    = "/_gatehouse/kb/"
	APIPrefix = "/_gatehouse/api/kb/"
)

// Bounds of what is posted. A letter may take twelve bytes of a form.
const (
	maxFormBytes  = 64 * 1024
	maxPasteBytes = 256 * 1024
)

// contentSecurityPolicy lets a page load its own style sheet and script, and nothing else.
const contentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// site serves the pages of a Base.
type site struct {
	base      *Base
	templates map[string]*template.Template
}

// page is what every template gets.
type page struct {
	Title       string
	Description string
	Query       Query
	Category    string // the current one
	Categories  []Category
	APITypes    []string
	Support     string
	Version     string
	Prefix      string
	// OwnSearch says that the page has a search box beneath the head.
	OwnSearch bool
	Body      any
}

func newSite(base *Base) *site {
	s := &site{base: base, templates: map[string]*template.Template{}}
	functions := template.FuncMap{
		"sentence": errorSentence, "articlePath": articleURL, "apiName": apiName,
		"day": func(t time.Time) string { return t.Format("2 January 2006") },
	}
	for _, name := range []string{"home", "article", "search", "category", "reports", "missing"} {
		s.templates[name] = template.Must(look.Templates("layout.html").Funcs(functions).ParseFS(pageFiles, "pages/layout.html", "pages/parts.html", "pages/"+name+".html"))
	}
	return s
}

// apiName is what people call a kind of API.
func apiName(apiType string) string {
	switch apiType {
	case "WEBSOCKET":
		return "WebSocket API"
	default:
		return apiType + " API"
	}
}

// errorSentence says what an error id means.
func errorSentence(id string) string {
	if entry, ok := fault.Lookup(fault.Id(id)); ok {
		return entry.Sentence
	}
	sentence, _ := Situation(id)
	return sentence
}

func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Prefix+"{$}", s.home)
	mux.HandleFunc("GET "+Prefix+"search", s.search)
	mux.HandleFunc("POST "+Prefix+"search", s.search)
	mux.HandleFunc("GET "+Prefix+"category/{category}", s.category)
	mux.HandleFunc("GET "+Prefix+"reports", s.reports)
	mux.HandleFunc("GET "+Prefix+"feed.atom", s.feed)
	mux.HandleFunc("GET "+Prefix+"sitemap.xml", s.sitemap)
	mux.HandleFunc("GET "+Prefix+"llms.txt", s.llms)
	mux.HandleFunc("GET "+Prefix+"kb.css", asset(look.Style(styleSheet), "text/css; charset=utf-8"))
	mux.HandleFunc("GET "+Prefix+"kb.js", asset(look.Script(script), "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET "+Prefix+"icon.svg", asset(look.Icon(), "image/svg+xml"))
	mux.HandleFunc("GET "+Prefix+"{id}", s.article)
	mux.HandleFunc("POST "+Prefix+"{id}/feedback", s.postFeedback)
	mux.HandleFunc("GET "+Prefix, func(w http.ResponseWriter, r *http.Request) { s.missing(w, r, "") })
	s.addAPI(mux)
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		guarded.ServeHTTP(w, r)
	})
}

// render writes a page. It renders first, so that a failure is a whole answer.
func (s *site) render(w http.ResponseWriter, name string, status int, p page) {
	p.Categories, p.APITypes = Categories(), apiTypes
	p.Support, p.Version, p.Prefix = s.base.options.Support, s.base.options.Version, Prefix
	var out bytes.Buffer
	if err := s.templates[name].Execute(&out, p); err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

func (s *site) fail(w http.ResponseWriter, err error) {
	s.base.options.Log.Error("serving the knowledge base", "error", err)
	http.Error(w, "The knowledge base could not answer; the server's log says why.", http.StatusInternalServerError)
}

// withLibrary gives the articles, or answers the request with an error.
func (s *site) withLibrary(w http.ResponseWriter) (*Library, bool) {
	library, err := s.base.Library()
	if err != nil {
		s.fail(w, err)
	}
	return library, err == nil
}

// The files of pages that are no templates.
var (
	//go:embed pages/kb.css
	styleSheet string
	//go:embed pages/kb.js
	script string
)

func asset(content []byte, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "max-age=300")
		_, _ = w.Write(content)
	}
}

// shelf is a category with its articles.
type shelf struct {
	Category
	Articles []*Article
}

func (s *site) home(w http.ResponseWriter, _ *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	var shelves []shelf
	for _, category := range Categories() {
		shelves = append(shelves, shelf{category, oftenFirst(library.InCategory(category.ID))})
	}
	s.render(w, "home", http.StatusOK, page{
		Title: "Knowledge base", Description: "What failed, why, and how to mend it.", OwnSearch: true,
		Body: map[string]any{"Shelves": shelves, "Count": len(library.articles), "Topics": s.topics(library)},
	})
}

func (s *site) topics(library *Library) []*Article {
	var topics []*Article
	for _, id := range topicIDs {
		if article, ok := library.Find(id); ok {
			topics = append(topics, article)
		}
	}
	return topics
}

func (s *site) category(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	category, ok := FindCategory(r.PathValue("category"))
	if !ok {
		s.missing(w, r, "")
		return
	}
	s.render(w, "category", http.StatusOK, page{
		Title: category.Title, Description: category.Description, Category: category.ID,
		Body: shelf{category, oftenFirst(library.InCategory(category.ID))},
	})
}

func (s *site) search(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxPasteBytes)
	if err := r.ParseForm(); err != nil {
		refuseForm(w, err)
		return
	}
	query := Query{Text: strings.TrimSpace(r.FormValue("q")), Category: r.FormValue("category"), APIType: r.FormValue("apiType")}
	var hits []Hit
	elsewhere := 0
	if query.Text != "" {
		hits = library.Search(query)
		elsewhere = library.elsewhere(query, len(hits))
		if !isFragment(r) {
			s.base.tally.search(query.Text, len(hits)+elsewhere)
		}
	}
	title := "Search"
	if query.Text != "" {
		title = shorten(query.Text, 60) + " – search"
	}
	p := page{Title: title, Query: query, OwnSearch: true, Body: map[string]any{"Hits": hits, "Elsewhere": elsewhere, "Topics": s.topics(library)}}
	if isFragment(r) {
		s.renderFragment(w, p)
		return
	}
	s.render(w, "search", http.StatusOK, p)
}

// refuseForm says why a posted form is not read.
func refuseForm(w http.ResponseWriter, err error) {
	if errors.As(err, new(*http.MaxBytesError)) {
		http.Error(w, "This is too long; the line with the error is enough.", http.StatusRequestEntityTooLarge)
		return
	}
	http.Error(w, "The form cannot be read.", http.StatusBadRequest)
}

// isFragment says whether the page's script asks for the results alone, while somebody
// types.
func isFragment(r *http.Request) bool { return r.FormValue("fragment") == "1" }

func (s *site) renderFragment(w http.ResponseWriter, p page) {
	p.Prefix = Prefix
	var out bytes.Buffer
	if err := s.templates["search"].ExecuteTemplate(&out, "results", p); err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(w)
}

// missing answers 404 with what may have been meant.
func (s *site) missing(w http.ResponseWriter, _ *http.Request, id string) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	var hits []Hit
	if id != "" {
		hits = library.Search(Query{Text: strings.ReplaceAll(id, "-", " "), Limit: 5})
	}
	s.render(w, "missing", http.StatusNotFound, page{Title: "No such article", Body: map[string]any{"ID": id, "Hits": hits}})
}

// origin is where clients reach the server.
func (s *site) origin(r *http.Request) string {
	if s.base.options.URL != "" {
		return strings.TrimSuffix(s.base.options.URL, "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host}).String()
}

// articleURL is the path of an article.
func articleURL(id string) string { return path.Join(Prefix, url.PathEscape(id)) }
