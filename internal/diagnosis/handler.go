package diagnosis

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
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
// An explanation is an Explanation as JSON: requestId, status, errorId, checked, found, nearest, fix with text and
// command, article, and steps with name and milliseconds; a step that was not timed has no milliseconds. signature
// is there for a signature that does not match, changes for what was changed and is not deployed. What failed has
// beforeAndSince: comparedRequests, allCompared, sameErrorCount, firstSameErrorDate, lastSuccessBefore and
// firstSuccessSince, each as in the list, and deployment with deploymentId, createdDate, metDeploymentId,
// deployedSince and changes. A change has what, how (made, changed or deleted) and lastChangedDate.
//
// In place of a request id, "latest" is the latest request that failed.
type Handler struct {
	Requests  Requests
	Explainer *Explainer
	// Nodes are the other nodes; nil without any.
	Nodes Nodes
	// Sight says what who asks may see, and Visitor who asks; both are nil where everybody
	// may see everything.
	Sight   func(ctx context.Context) Sight
	Visitor func(ctx context.Context) string

	mux *http.ServeMux
}

// NewHandler makes the handler of the four paths.
func NewHandler(requests Requests, explainer *Explainer) *Handler {
	h := &Handler{Requests: requests, Explainer: explainer, mux: http.NewServeMux()}
	h.mux.HandleFunc("GET "+apiPath, h.serveList)
	h.mux.HandleFunc("GET "+apiPath+"/{requestId}/explanation", h.explanation)
	h.mux.HandleFunc("GET "+pagesPath+"/{$}", h.listPage)
	h.mux.HandleFunc("GET "+pagesPath+"/style.css", style)
	h.mux.HandleFunc("GET "+pagesPath+"/page.js", script)
	h.mux.HandleFunc("GET "+pagesPath+"/{requestId}", h.page)
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Latest stands for the id of the latest request that failed: clients such as the aws
// CLI do not show the ids of theirs.
const Latest = "latest"

// findHere explains a request that this node served; nil where there is none.
func (h *Handler) findHere(requestId string, sight Sight) *Explanation {
	if requestId == Latest {
		failed := h.Requests.List(1, func(r *record.Record) bool { return r.Fault != nil && sight.sees(r) })
		if len(failed) == 0 {
			return nil
		}
		return h.explain(failed[0], sight)
	}
	found, ok := h.Requests.Find(requestId)
	if !ok && (uuid.MatchString(requestId) || trace.MatchString(requestId)) {
		if one := h.Requests.List(1, func(r *record.Record) bool { return mentions(r, requestId) }); len(one) > 0 {
			found, ok = one[0], true
		}
	}
	if !ok || !sight.sees(found) {
		return nil
	}
	return h.explain(found, sight)
}

func (h *Handler) explain(r *record.Record, sight Sight) *Explanation {
	e := h.Explainer.Explain(r)
	e.BeforeAndSince = h.beforeAndSince(e, r, sight)
	return e
}

// listHere are the latest requests that this node served.
func (h *Handler) listHere(f filter, sight Sight) []Summary {
	list := []Summary{}
	for _, one := range h.Requests.List(min(f.Limit, maxListLimit), func(r *record.Record) bool { return f.keeps(r) && sight.sees(r) }) {
		list = append(list, summaryOf(one))
	}
	return list
}

func (h *Handler) sight(ctx context.Context) Sight {
	if h.Sight == nil {
		return Sight{All: true}
	}
	return h.Sight(ctx)
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
	// Node is the node that served it, where there are several.
	Node string `json:"node,omitempty"`
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

// filterOf reads the query of a list.
func filterOf(r *http.Request) filter {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 {
		limit = defaultListLimit
	}
	return filter{
		Limit: min(limit, maxListLimit), Api: query.Get("api"), Stage: query.Get("stage"), Status: strings.ToLower(query.Get("status")), ErrorId: query.Get("error"),
	}
}

// listAnswer is what the list's API answers.
type listAnswer struct {
	Requests   []Summary    `json:"requests"`
	Unanswered []Unanswered `json:"unanswered,omitempty"`
}

func (h *Handler) serveList(w http.ResponseWriter, r *http.Request) {
	list, unanswered := h.list(r.Context(), filterOf(r))
	writeJSON(w, http.StatusOK, listAnswer{Requests: list, Unanswered: unanswered})
}

// forgotten says why there is no explanation.
type forgotten struct {
	Message    string       `json:"message"`
	Unanswered []Unanswered `json:"unanswered,omitempty"`
}

const (
	messageForgottenBegins  = "No recent request has this id."
	messageForgotten        = messageForgottenBegins + " The latest 10,000 are kept, since the server started."
	messageForgottenByNodes = messageForgottenBegins + " Each node keeps the latest 10,000, since it started."
)

func (h *Handler) forgotten(unanswered []Unanswered) forgotten {
	if h.Nodes == nil {
		return forgotten{Message: messageForgotten}
	}
	return forgotten{Message: messageForgottenByNodes, Unanswered: unanswered}
}

func (h *Handler) explanation(w http.ResponseWriter, r *http.Request) {
	found := h.Find(r.Context(), r.PathValue("requestId"))
	if found.Explanation == nil {
		writeJSON(w, http.StatusNotFound, h.forgotten(found.Unanswered))
		return
	}
	found.Explanation.Unanswered = found.Unanswered
	writeJSON(w, http.StatusOK, found.Explanation)
}

func writeJSON(w http.ResponseWriter, statusCode int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statusCode)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // a client that is gone needs no answer
}
