package dataplane

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// RestApis serves requests to REST APIs; *restapi.Pipeline does.
type RestApis interface {
	Serve(w http.ResponseWriter, stage *plan.RestStage, in *inbound.Request)
}

// Handler serves requests to APIs. All its fields are needed but Log.
type Handler struct {
	// Published returns the table that holds now.
	Published func() *plan.Table
	Rest      RestApis
	Now       func() time.Time
	Random    func() uint64 // 64 random bits; the ids of requests are made of them
	// Log tells of requests that reach no API, which AWS logs nowhere; nil for silence.
	Log *slog.Logger
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target, ok := Match(r)
	if !ok {
		h.refuse(w, r, fault.New(fault.UnknownHost), "host "+quote(r.Host)+" and path "+quote(r.URL.Path)+" name no API")
		return
	}
	api, ok := h.Published().Api(target.ApiId)
	if !ok {
		h.refuse(w, r, fault.New(fault.UnknownApi), "no API with the id "+quote(target.ApiId)+" is served here")
		return
	}
	stage, ok := api.Stages[target.StageName]
	if !ok {
		h.forbid(w, r, target)
		return
	}
	in := h.receive(r, target)
	h.Rest.Serve(w, stage, in)
}

// notServed is the body of an answer that AWS has no equivalent for: there the host
// name would not resolve.
type notServed struct {
	Message string   `json:"message"`
	Error   string   `json:"error"`
	Shapes  []string `json:"shapes"`
	Help    string   `json:"help"`
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, f *fault.Fault, reason string) {
	f.Found = reason
	h.log(r, f)
	body, err := json.Marshal(notServed{
		Message: reason, Error: string(f.Id()), Shapes: Shapes, Help: "/_gatehouse/kb/" + f.Entry.Article,
	})
	if err != nil {
		body = []byte(`{"message":"Not Found"}`)
	}
	h.answer(w, http.StatusNotFound, "NotFoundException", body)
}

// forbid answers a request to a stage that does not exist as AWS does.
func (h *Handler) forbid(w http.ResponseWriter, r *http.Request, target Target) {
	f := fault.New(fault.UnknownStage)
	f.Found = "stage " + quote(target.StageName) + " of API " + quote(target.ApiId)
	h.log(r, f)
	h.answer(w, http.StatusForbidden, f.Entry.ErrorType, []byte(`{"message":"Forbidden"}`))
}

func (h *Handler) log(r *http.Request, f *fault.Fault) {
	if h.Log != nil {
		h.Log.InfoContext(r.Context(), "request reaches no API", "error", string(f.Id()), "found", f.Found)
	}
}

func (h *Handler) answer(w http.ResponseWriter, statusCode int, errorType string, body []byte) {
	minted := ids{h.Random}
	header := w.Header()
	header["Content-Type"] = []string{"application/json"}
	header["x-amzn-RequestId"] = []string{minted.uuid()}
	header["x-amzn-ErrorType"] = []string{errorType}
	header["x-amz-apigw-id"] = []string{minted.extended()}
	w.WriteHeader(statusCode)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

func quote(text string) string { return `"` + text + `"` }
