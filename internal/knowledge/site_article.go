package knowledge

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// articlePage is what the template of an article gets.
type articlePage struct {
	*Article
	HTML     template.HTML
	Sections []Section
	Related  []*Article
	Category Category
	// Case is the box "In your case"; nil without one.
	Case *yourCase
	// Vote is what the reader answered before: "yes", "no" or nothing.
	Vote    string
	Reasons []Reason
	// Thanked says that the reader has just answered.
	Thanked   bool
	RequestID string
}

// yourCase holds the values of one request.
type yourCase struct {
	RequestID   string
	Found       bool
	Explanation Explanation
	// Finding is the one that this article explains, or else the first.
	Finding Finding
	// Cause is the section of this article that applies.
	Cause *Section
	// Other is the article that explains the request, if it is not this one.
	Other *Article
	// Also are the articles of the request's other findings.
	Also []*Article
}

func (s *site) article(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	id, asMarkdown := strings.CutSuffix(r.PathValue("id"), articleFileName)
	article, ok := library.Find(id)
	switch {
	case !ok:
		s.missing(w, r, id)
	case article.ID != id && asMarkdown:
		redirectTo(w, r, article.ID+articleFileName)
	case article.ID != id:
		redirectTo(w, r, article.ID)
	case asMarkdown:
		s.markdown(w, article)
	default:
		s.base.tally.view(article.ID)
		s.showArticle(w, r, library, article)
	}
}

// redirectTo leads from an id that an article had before, and keeps the query.
func redirectTo(w http.ResponseWriter, r *http.Request, id string) {
	target := url.URL{Path: articleURL(id), RawQuery: r.URL.RawQuery}
	w.Header().Set("Cache-Control", "max-age=3600") // an own article may take the id
	http.Redirect(w, r, target.String(), http.StatusMovedPermanently)
}

func (s *site) markdown(w http.ResponseWriter, article *Article) {
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	_, _ = w.Write([]byte("# " + article.Title + "\n\n" + article.Markdown))
}

func (s *site) showArticle(w http.ResponseWriter, r *http.Request, library *Library, article *Article) {
	rendered, err := article.HTML()
	if err != nil {
		s.fail(w, err)
		return
	}
	category, _ := FindCategory(article.Category)
	body := articlePage{
		Article: article, HTML: rendered, Related: library.Related(article), Category: category, Reasons: Reasons(),
		Thanked: r.URL.Query().Has("thanks"), RequestID: boundedID(r.URL.Query().Get("request")),
	}
	for _, section := range article.Sections() {
		if section.Level <= 3 {
			body.Sections = append(body.Sections, section)
		}
	}
	body.Case = s.yourCase(r, library, article)
	body.Vote, _ = readVote(r)
	s.render(w, "article", http.StatusOK, page{Title: article.Title, Description: article.Summary(), Category: article.Category, Body: body})
}

const maxRequestID = 128

func boundedID(id string) string {
	if len(id) > maxRequestID {
		return ""
	}
	return id
}

// yourCase looks up the request that the page was opened with.
func (s *site) yourCase(r *http.Request, library *Library, article *Article) *yourCase {
	id := boundedID(r.URL.Query().Get("request"))
	if id == "" || s.base.options.Explainer == nil {
		return nil
	}
	box := &yourCase{RequestID: id}
	if box.Explanation, box.Found = s.base.options.Explainer.Explain(r.Context(), id); !box.Found {
		return box
	}
	box.RequestID = cmp.Or(box.Explanation.RequestID, id)
	box.choose(library, article)
	if box.Other == nil {
		box.Cause = article.causeOf(box.Finding)
	}
	return box
}

// choose takes the finding that the article is about, and names the articles of the others.
func (box *yourCase) choose(library *Library, article *Article) {
	findings := append([]Finding{box.Explanation.Finding}, box.Explanation.Also...)
	chosen := slices.IndexFunc(findings, func(f Finding) bool { return slices.Contains(article.Errors, f.ErrorID) })
	box.Finding = findings[max(chosen, 0)]
	if strings.HasSuffix(box.Finding.Fix.Text, seeArticle) {
		box.Finding.Fix = Fix{} // here it is
	}
	for i, finding := range findings {
		other, ok := library.Find(path.Base(finding.Article))
		switch {
		case !ok || other == article:
		case chosen < 0 && i == 0:
			box.Other = other
		case i != chosen && !slices.Contains(box.Also, other) && other != box.Other:
			box.Also = append(box.Also, other)
		}
	}
}

// seeArticle ends the fix of a finding that has no better one than its article.
const seeArticle = "of the knowledge base."

// causeOf is the section of the cause that a finding points at; nil without one.
func (a *Article) causeOf(f Finding) *Section {
	text := strings.Join(append([]string{f.Checked, f.Found, f.Wanted, f.Fix.Text}, f.Nearest...), "\n")
	heading, ok := a.applies(text)
	if !ok {
		return nil
	}
	for _, section := range a.Sections() {
		if section.Title == heading {
			return &section
		}
	}
	return nil
}

// The cookie of an article remembers "yes" or "no" and the id of the answer.
const (
	voteCookie    = "gatehouse_kb_vote"
	voteCookieAge = 365 * 24 * 60 * 60
)

// readVote reads the cookie; without one both are empty.
func readVote(r *http.Request) (vote, id string) {
	cookie, err := r.Cookie(voteCookie)
	if err != nil {
		return "", ""
	}
	vote, id, _ = strings.Cut(cookie.Value, ".")
	if vote != "yes" && vote != "no" {
		return "", ""
	}
	return vote, id
}

// postFeedback takes the form at the end of an article and leads back to it.
func (s *site) postFeedback(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	article, ok := library.Find(r.PathValue("id"))
	if !ok {
		s.missing(w, r, r.PathValue("id"))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil {
		refuseForm(w, err)
		return
	}
	vote := r.FormValue("helpful")
	if vote != "yes" && vote != "no" {
		http.Error(w, errNoAnswer.Error(), http.StatusBadRequest)
		return
	}
	_, before := readVote(r)
	id, err := s.base.answer(r.Context(), Feedback{
		Article: article.ID, Helpful: vote == "yes", Reason: r.FormValue("reason"), Text: formText(r),
	}, before)
	if err != nil {
		s.refuseAnswer(w, err)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: voteCookie, Value: vote + "." + id, Path: articleURL(article.ID), MaxAge: voteCookieAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
	back := url.URL{Path: articleURL(article.ID), Fragment: "feedback", RawQuery: backQuery(r)}
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

// formText is the comment, with the line ends that the browser counted as one letter each.
func formText(r *http.Request) string {
	return strings.TrimSpace(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n"))
}

func backQuery(r *http.Request) string {
	query := url.Values{}
	if r.FormValue("details") != "" || r.FormValue("helpful") == "yes" {
		query.Set("thanks", "1")
	}
	if id := boundedID(r.FormValue("request")); id != "" {
		query.Set("request", id)
	}
	return query.Encode()
}

// refuseAnswer says why an answer was not taken.
func (s *site) refuseAnswer(w http.ResponseWriter, err error) {
	status := answerStatus(err)
	if status == http.StatusInternalServerError {
		s.fail(w, err)
		return
	}
	http.Error(w, err.Error(), status)
}
