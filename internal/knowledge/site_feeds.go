package knowledge

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// atomFeed is the format of RFC 4287, what of it a list of articles needs.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title    string       `xml:"title"`
	ID       string       `xml:"id"`
	Updated  string       `xml:"updated"`
	Link     atomLink     `xml:"link"`
	Summary  string       `xml:"summary"`
	Category atomCategory `xml:"category"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

const maxFeedEntries = 50

// feed lists the articles that changed last.
func (s *site) feed(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	articles := library.Articles()
	slices.SortStableFunc(articles, func(x, y *Article) int { return y.Updated.Compare(x.Updated) })
	articles = articles[:min(len(articles), maxFeedEntries)]
	origin := s.origin(r)
	feed := atomFeed{
		Title: "Gatehouse knowledge base", ID: permanentID(""), Updated: time.Time{}.Format(time.RFC3339), Author: "Gatehouse",
		Links: []atomLink{{Rel: "self", Href: origin + Prefix + "feed.atom"}, {Href: origin + Prefix}},
	}
	for _, article := range articles {
		address := origin + articleURL(article.ID)
		feed.Entries = append(feed.Entries, atomEntry{
			Title: article.Title, ID: permanentID(article.ID), Updated: article.Updated.Format(time.RFC3339), Link: atomLink{Href: address},
			Summary: article.Summary(), Category: atomCategory{article.Category},
		})
	}
	if len(articles) > 0 {
		feed.Updated = articles[0].Updated.Format(time.RFC3339)
	}
	s.writeXML(w, "application/atom+xml; charset=utf-8", feed)
}

// permanentID is a URN of an article, or of the whole for "". A feed's ids may never change,
// and the address depends on how the server is reached.
func permanentID(id string) string {
	const version, variant = 0x80, 0x80 // of RFC 9562: of our own making
	sum := sha256.Sum256([]byte("gatehouse knowledge base\n" + strings.ToLower(id)))
	sum[6] = sum[6]&0x0f | version
	sum[8] = sum[8]&0x3f | variant
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

type siteMap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []siteMapURL `xml:"url"`
}

type siteMapURL struct {
	Location string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

func (s *site) sitemap(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	origin := s.origin(r)
	pages := []siteMapURL{{Location: origin + Prefix}}
	for _, category := range Categories() {
		pages = append(pages, siteMapURL{Location: origin + Prefix + "category/" + category.ID})
	}
	for _, article := range library.articles {
		pages = append(pages, siteMapURL{Location: origin + articleURL(article.ID), Modified: article.UpdatedDay()})
	}
	s.writeXML(w, "application/xml; charset=utf-8", siteMap{Pages: pages})
}

func (s *site) writeXML(w http.ResponseWriter, contentType string, value any) {
	text, err := xml.MarshalIndent(value, "", "  ")
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write([]byte(xml.Header))
	_, _ = w.Write(append(text, '\n'))
}

// llms is the table of contents for programs that read text: https://llmstxt.org.
func (s *site) llms(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	origin := s.origin(r)
	var b strings.Builder
	b.WriteString("# Gatehouse knowledge base\n\n> What fails in Gatehouse and Amazon API Gateway, how it shows, why, and what mends it.\n")
	for _, category := range Categories() {
		fmt.Fprintf(&b, "\n## %s\n\n", category.Title)
		for _, article := range library.InCategory(category.ID) {
			fmt.Fprintf(&b, "- [%s](%s%s.md): %s\n", article.Title, origin, articleURL(article.ID), article.Summary())
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(b.String()))
}
