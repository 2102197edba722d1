package knowledge

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// The JSON API. Its fields are fixed; new ones may be added.

type articleInList struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Category string   `json:"category"`
	Excerpt  string   `json:"excerpt"`
	Updated  string   `json:"updated"`
	Errors   []string `json:"errors"`
	APITypes []string `json:"apiTypes"`
	URL      string   `json:"url"`
}

type wholeArticle struct {
	articleInList
	Symptoms       []string `json:"symptoms"`
	Related        []string `json:"related"`
	Verified       string   `json:"verified,omitempty"`
	ReadingMinutes int      `json:"readingMinutes"`
	Markdown       string   `json:"markdown"`
	HTML           string   `json:"html"`
}

type apiError struct {
	Message string `json:"message"`
}

func (s *site) addAPI(mux *http.ServeMux) {
	mux.HandleFunc("GET "+APIPrefix+"search", s.apiSearch)
	mux.HandleFunc("GET "+APIPrefix+"articles", s.apiList)
	mux.HandleFunc("GET "+APIPrefix+"articles/{id}", s.apiArticle)
	mux.HandleFunc("POST "+APIPrefix+"articles/{id}/feedback", s.apiFeedback)
	mux.HandleFunc(APIPrefix, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusNotFound, apiError{"There is search, articles, articles/{id} and articles/{id}/feedback."})
	})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

func inList(article *Article, excerpt string) articleInList {
	return articleInList{
		ID: article.ID, Title: article.Title, Category: article.Category, Excerpt: excerpt, Updated: article.UpdatedDay(),
		Errors: nonNil(article.Errors), APITypes: nonNil(article.APITypes), URL: articleURL(article.ID),
	}
}

func idsOf(articles []*Article) []string {
	ids := []string{}
	for _, article := range articles {
		ids = append(ids, article.ID)
	}
	return ids
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (s *site) apiSearch(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	values := r.URL.Query()
	query := Query{Text: strings.TrimSpace(values.Get("q")), Category: values.Get("category"), APIType: strings.ToUpper(values.Get("apiType"))}
	if err := query.Check(); err != nil {
		writeJSON(w, http.StatusBadRequest, apiError{err.Error()})
		return
	}
	if text := values.Get("limit"); text != "" {
		limit, err := strconv.Atoi(text)
		if err != nil || limit < 1 {
			writeJSON(w, http.StatusBadRequest, apiError{"limit must be a number above 0"})
			return
		}
		query.Limit = limit
	}
	articles := []articleInList{}
	if query.Text == "" {
		for _, article := range library.articles {
			if query.accepts(article) {
				articles = append(articles, inList(article, article.Summary()))
			}
		}
	} else {
		for _, hit := range library.Search(query) {
			articles = append(articles, inList(hit.Article, hit.ExcerptText()))
		}
		s.base.tally.search(query.Text, len(articles)+library.elsewhere(query, len(articles)))
	}
	writeJSON(w, http.StatusOK, map[string]any{"articles": articles})
}

func (s *site) apiList(w http.ResponseWriter, _ *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	articles := []articleInList{}
	for _, article := range library.articles {
		articles = append(articles, inList(article, article.Summary()))
	}
	writeJSON(w, http.StatusOK, map[string]any{"articles": articles})
}

func (s *site) apiArticle(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	article, ok := library.Find(r.PathValue("id"))
	if !ok {
		writeJSON(w, http.StatusNotFound, apiError{errNoArticle.Error()})
		return
	}
	rendered, err := article.HTML()
	if err != nil {
		s.fail(w, err)
		return
	}
	s.base.tally.view(article.ID)
	writeJSON(w, http.StatusOK, wholeArticle{
		articleInList: inList(article, article.Summary()), Symptoms: nonNil(article.Symptoms), Related: idsOf(library.Related(article)),
		Verified: article.Verified, ReadingMinutes: article.ReadingMinutes(), Markdown: article.Markdown, HTML: string(rendered),
	})
}

// apiAnswer is the body of a posted answer.
type apiAnswer struct {
	Helpful *bool  `json:"helpful"`
	Reason  string `json:"reason"`
	Text    string `json:"text"`
	// Replaces is the id of an earlier answer of the same reader.
	Replaces string `json:"replaces"`
}

func (s *site) apiFeedback(w http.ResponseWriter, r *http.Request) {
	library, ok := s.withLibrary(w)
	if !ok {
		return
	}
	article, ok := library.Find(r.PathValue("id"))
	if !ok {
		writeJSON(w, http.StatusNotFound, apiError{errNoArticle.Error()})
		return
	}
	answer, err := readAnswer(http.MaxBytesReader(w, r.Body, maxFormBytes))
	id := ""
	if err == nil {
		id, err = s.base.answer(r.Context(), Feedback{Article: article.ID, Helpful: *answer.Helpful, Reason: answer.Reason, Text: answer.Text}, answer.Replaces)
	}
	if err != nil {
		s.refuseJSON(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]string{"id": id})
}

// readAnswer reads one answer; a misspelt member is refused, not lost.
func readAnswer(body io.Reader) (answer apiAnswer, err error) {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&answer)
	if err == nil {
		if _, after := decoder.Token(); !errors.Is(after, io.EOF) {
			err = errNotReadable
		}
	}
	switch {
	case errors.As(err, new(*http.MaxBytesError)):
		return answer, errTooLong
	case err != nil:
		return answer, errNotReadable
	case answer.Helpful == nil:
		return answer, errNoAnswer
	}
	return answer, nil
}

func (s *site) refuseJSON(w http.ResponseWriter, err error) {
	status := answerStatus(err)
	if status == http.StatusInternalServerError {
		s.base.options.Log.Error("keeping feedback", "error", err)
		err = errors.New("the answer could not be kept; the server's log says why")
	}
	writeJSON(w, status, apiError{err.Error()})
}

// answerStatus is the status of a refused answer; what is not the reader's fault is 500.
func answerStatus(err error) int {
	switch {
	case errors.Is(err, ErrTooMany):
		return http.StatusTooManyRequests
	case errors.Is(err, errTooLong):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errReason), errors.Is(err, errNoAnswer), errors.Is(err, errNotReadable):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}
