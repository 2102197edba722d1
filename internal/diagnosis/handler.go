package diagnosis

import (
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/look"
)

// Bounds of a list of requests.
const (
	defaultListLimit = 100
	maxListLimit     = 1000
)

// Paths that Handler serves.
const (
	apiPath   = "/_gatehouse/api/requests"
	pagesPath = "/_gatehouse/requests"
)

// Handler serves recent requests and their explanations:
//
//	GET /_gatehouse/api/requests?api=&stage=&status=&error=&limit=
//	GET /_gatehouse/api/requests/{requestId}/explanation
//	GET /_gatehouse/requests/              the list as a page
//	GET /_gatehouse/requests/{requestId}   an explanation as a page
//
// In place of a request id, "latest" is the latest request that failed.
type Handler struct {
	Requests  Requests
	Explainer *Explainer
	// Visible says whether who asks may see a request, and Visitor who asks; both are nil
	// where everybody may see everything.
	Visible func(ctx context.Context, r *record.Record) bool
	Visitor func(ctx context.Context) string

	mux *http.ServeMux
}

// NewHandler makes the handler of the four paths.
func NewHandler(requests Requests, explainer *Explainer) *Handler {
	h := &Handler{Requests: requests, Explainer: explainer, mux: http.NewServeMux()}
	h.mux.HandleFunc("GET "+apiPath, h.list)
	h.mux.HandleFunc("GET "+apiPath+"/{requestId}/explanation", h.explanation)
	h.mux.HandleFunc("GET "+pagesPath+"/{$}", h.listPage)
	h.mux.HandleFunc("GET "+pagesPath+"/style.css", h.style)
	h.mux.HandleFunc("GET "+pagesPath+"/{requestId}", h.page)
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Latest stands for the id of the latest request that failed: clients such as the aws
// CLI do not show the ids of theirs.
const Latest = "latest"

// Find explains a recent request by its request id or extended request id, or the one
// that Latest means.
func (h *Handler) Find(ctx context.Context, requestId string) (*Explanation, bool) {
	if requestId == Latest {
		failed := h.Requests.List(1, func(r *record.Record) bool { return r.Fault != nil && h.shows(ctx, r) })
		if len(failed) == 0 {
			return nil, false
		}
		return h.Explainer.Explain(failed[0]), true
	}
	found, ok := h.Requests.Find(requestId)
	if !ok || !h.shows(ctx, found) {
		return nil, false
	}
	return h.Explainer.Explain(found), true
}

func (h *Handler) shows(ctx context.Context, r *record.Record) bool {
	return h.Visible == nil || h.Visible(ctx, r)
}

func (h *Handler) visitor(ctx context.Context) string {
	if h.Visitor == nil {
		return ""
	}
	return h.Visitor(ctx)
}

// Summary is a request in a list.
type Summary struct {
	RequestId    string  `json:"requestId"`
	Received     string  `json:"received"` // RFC 3339, milliseconds
	ApiId        string  `json:"apiId,omitempty"`
	Stage        string  `json:"stage,omitempty"`
	HttpMethod   string  `json:"httpMethod"`
	Path         string  `json:"path"`
	ResourcePath string  `json:"resourcePath,omitempty"`
	Operation    string  `json:"operation,omitempty"` // of a refused operation
	Status       int     `json:"status"`
	ErrorId      string  `json:"errorId"`
	Milliseconds float64 `json:"milliseconds"`
}

const receivedLayout = "2006-01-02T15:04:05.000Z07:00"

func summaryOf(r *record.Record) Summary {
	s := Summary{
		RequestId: r.RequestId, Received: r.Received.UTC().Format(receivedLayout), ApiId: r.ApiId, Stage: r.StageName, HttpMethod: r.HttpMethod,
		Path: r.Path, ResourcePath: r.ResourcePath, Status: r.StatusCode, Milliseconds: milliseconds(r.Duration),
	}
	if r.ProtocolType == record.ControlPlane {
		s.Operation, s.ResourcePath = r.ResourcePath, ""
	}
	if r.Fault != nil {
		s.ErrorId = string(r.Fault.Id())
	}
	return s
}

// filterOf reads the query of a list. A status is a code or a class: 404, 5xx.
func filterOf(r *http.Request) (limit int, keep func(*record.Record) bool) {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 {
		limit = defaultListLimit
	}
	api, stage, status, errorId := query.Get("api"), query.Get("stage"), strings.ToLower(query.Get("status")), fault.Id(query.Get("error"))
	return min(limit, maxListLimit), func(r *record.Record) bool {
		code := strconv.Itoa(r.StatusCode)
		return (api == "" || r.ApiId == api) && (stage == "" || r.StageName == stage) &&
			(status == "" || code == status || code[:1]+"xx" == status) && (errorId == "" || r.Fault != nil && r.Fault.Id() == errorId)
	}
}

func (h *Handler) summaries(r *http.Request) []Summary {
	list := []Summary{}
	limit, keep := filterOf(r)
	shown := func(one *record.Record) bool { return keep(one) && h.shows(r.Context(), one) }
	for _, one := range h.Requests.List(limit, shown) {
		list = append(list, summaryOf(one))
	}
	return list
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"requests": h.summaries(r)})
}

const messageForgotten = "No recent request has this id. The latest 10,000 are kept, since the server started."

func (h *Handler) explanation(w http.ResponseWriter, r *http.Request) {
	explanation, ok := h.Find(r.Context(), r.PathValue("requestId"))
	if !ok {
		writeJSON(w, http.StatusNotFound, map[string]string{"message": messageForgotten})
		return
	}
	writeJSON(w, http.StatusOK, explanation)
}

func writeJSON(w http.ResponseWriter, statusCode int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statusCode)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // a client that is gone needs no answer
}

var (
	//go:embed pages/*.html
	pages embed.FS
	//go:embed pages/style.css
	styleSheet string
)

var templates = template.Must(look.Templates("requests").ParseFS(pages, "pages/*.html"))

func (h *Handler) style(w http.ResponseWriter, _ *http.Request) { look.WriteStyle(w, styleSheet) }

func (h *Handler) listPage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	writePage(w, http.StatusOK, "list.html", map[string]any{
		"Requests": h.summaries(r), "Api": query.Get("api"), "Status": query.Get("status"), "Error": query.Get("error"),
		"Visitor": h.visitor(r.Context()),
	})
}

func (h *Handler) page(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("requestId")
	explanation, ok := h.Find(r.Context(), id)
	if !ok {
		writePage(w, http.StatusNotFound, "missing.html", map[string]any{"RequestId": id, "Message": messageForgotten, "Visitor": h.visitor(r.Context())})
		return
	}
	writePage(w, http.StatusOK, "explanation.html", struct {
		*Explanation
		Visitor string
	}{explanation, h.visitor(r.Context())})
}

func writePage(w http.ResponseWriter, statusCode int, name string, data any) {
	look.Write(w, statusCode, templates.Lookup(name), data)
}
