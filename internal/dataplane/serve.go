package dataplane

import (
	"cmp"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
	"gatehouse/internal/requestbody"
)

// RestApis serves requests to REST APIs; *restapi.Pipeline does.
type RestApis interface {
	Serve(w http.ResponseWriter, stage *plan.RestStage, in *inbound.Request)
}

// Handler serves requests to APIs. All its fields are needed but the last three.
type Handler struct {
	// Published returns the table that holds now.
	Published func() *plan.Table
	Rest      RestApis
	// Http serves HTTP APIs; needed once the table has one.
	Http HttpApis
	// WebSocket serves WebSocket APIs; needed once the table has one.
	WebSocket WebSocketApis
	Now       func() time.Time
	Random    func() uint64 // 64 random bits; the ids of requests are made of them
	// Log tells of requests that reach no API, which AWS logs nowhere; nil for silence.
	Log *slog.Logger
	// Recorder is told of requests that reach no API; nil records nothing.
	Recorder record.Recorder
	// Traced has requests continue or begin traces: those of REST APIs where the stage or
	// the caller says so, all others unless the caller says no.
	Traced bool
	// HelpBase is the URL of the knowledge base, ending in a slash, which failed requests
	// are answered with for people who develop; empty answers as AWS does.
	HelpBase string
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r, finish := requestbody.Guard(w, r)
	defer finish()
	target, ok := Match(r)
	if !ok {
		table := h.Published()
		if domain := table.Domain(hostOnly(r.Host)); domain != nil {
			h.serveDomain(w, r, table, domain)
			return
		}
		f := fault.New(fault.UnknownHost)
		f.Found = "host " + quote(r.Host) + " and path " + quote(r.URL.Path) + " name no API"
		h.refuse(w, r, target, f)
		return
	}
	api, ok := h.Published().Api(target.ApiId)
	if !ok {
		f := fault.New(fault.UnknownApi)
		f.Found = "no API with the id " + quote(target.ApiId) + " is served here"
		h.refuse(w, r, target, f)
		return
	}
	switch {
	case api.HttpStages != nil:
		h.serveHttp(w, r, api, target)
	case api.WebSocketStages != nil:
		h.serveWebSocket(w, r, api, target)
	default:
		h.serveRest(w, r, api, target)
	}
}

// serveRest serves a request to a REST API's own endpoint.
func (h *Handler) serveRest(w http.ResponseWriter, r *http.Request, api *plan.Api, target Target) {
	stage, ok := api.Stages[target.StageName]
	if !ok {
		h.forbid(w, r, target)
		return
	}
	if h.otherRegion(w, r, target, stage.Region) {
		return
	}
	target.Traced = stage.TracingEnabled
	h.Rest.Serve(w, stage, h.receive(r, target))
}

// notServed is the body of an answer that AWS has no equivalent for: there the host
// name would not resolve.
type notServed struct {
	Message string   `json:"message"`
	Error   string   `json:"error"`
	Shapes  []string `json:"shapes"`
	Help    string   `json:"help"`
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, target Target, f *fault.Fault) {
	body, err := json.Marshal(notServed{
		Message: f.Found, Error: string(f.Id()), Shapes: shapes, Help: "/_gatehouse/kb/" + f.Entry.Article,
	})
	if err != nil || h.HelpBase == "" { // callers are not to be told errors' ids
		body = []byte(`{"message":"Not Found"}`)
	}
	h.answer(w, r, &refusal{target: target, fault: f, statusCode: http.StatusNotFound, errorType: "NotFoundException", body: body})
}

// forbid answers a request to a stage that does not exist as AWS does.
func (h *Handler) forbid(w http.ResponseWriter, r *http.Request, target Target) {
	f := fault.New(fault.UnknownStage)
	f.Found = "stage " + quote(target.StageName) + " of API " + quote(target.ApiId)
	h.answer(w, r, &refusal{target: target, fault: f, statusCode: http.StatusForbidden, errorType: f.Entry.ErrorType, body: []byte(`{"message":"Forbidden"}`)})
}

// refusal is the answer to a request that reaches no pipeline.
type refusal struct {
	target     Target
	fault      *fault.Fault
	statusCode int
	errorType  string
	body       []byte
	step       string // that the request did not pass; empty is stepMatch
}

// log tells of a request by the id that explains it: the client may not have seen one.
func (h *Handler) log(r *http.Request, f *fault.Fault, requestId string) {
	if h.Log != nil {
		h.Log.InfoContext(r.Context(), "request reaches no API", "error", string(f.Id()), "found", f.Found, "requestId", requestId)
	}
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request, given *refusal) {
	received := h.Now()
	minted := ids{h.Random}
	requestId, extended := minted.uuid(), minted.extended()
	h.log(r, given.fault, requestId)
	header := w.Header()
	header["Content-Type"] = []string{"application/json"}
	header["x-amzn-RequestId"] = []string{requestId}
	header["x-amzn-ErrorType"] = []string{given.errorType}
	header["x-amz-apigw-id"] = []string{extended}
	fault.SetHelp(header, h.HelpBase, given.fault, requestId)
	w.WriteHeader(given.statusCode)
	_, _ = w.Write(given.body) // a client that is gone needs no answer
	h.recordRefusal(r, given, "", record.Exchange{RequestId: requestId, ExtendedRequestId: extended, Received: received})
}

// recordRefusal leaves a record of a request that reached no API; known has its ids, and its path where
// that is not the target's.
func (h *Handler) recordRefusal(r *http.Request, given *refusal, protocolType string, known record.Exchange) {
	if h.Recorder == nil {
		return
	}
	target := &given.target
	known.HttpMethod, known.Path = r.Method, cmp.Or(known.Path, target.pathIn(r))
	known.DomainName, known.BasePath = target.DomainName, target.BasePath
	kept := record.NewNotes(&record.Method{ApiId: target.ApiId, StageName: target.StageName, ProtocolType: protocolType}, known)
	h.Recorder.Begin(kept)
	kept.BeginStep(record.NameStep(cmp.Or(given.step, stepMatch)), 0)
	kept.NoteFields(record.RequestQuery, fieldsOf(r.URL.Query()))
	kept.NoteFields(record.RequestHeaders, append(fieldsOf(r.Header), record.Field{Name: "Host", Value: r.Host}))
	kept.Fault, kept.StatusCode, kept.ResponseLength = given.fault, given.statusCode, len(given.body)
	kept.Duration = h.Now().Sub(known.Received)
	h.Recorder.End(kept)
}

// fieldsOf are the first values of a query or of headers, in order of names.
func fieldsOf(values map[string][]string) []record.Field {
	fields := make([]record.Field, 0, len(values)+1)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fields = append(fields, record.Field{Name: name, Value: values[name][0]})
	}
	return fields
}

// pathIn is the path of a request as a record has it: within the API for a custom domain
// name, as it was sent otherwise.
func (t *Target) pathIn(r *http.Request) string {
	if t.DomainName != "" && t.Path != "" {
		return t.Path
	}
	return r.URL.EscapedPath()
}

// stepMatch is the one step that a request takes which reaches no pipeline; match.go.
const stepMatch = "match"

// shownOfName bounds what an answer repeats of a host or path.
const shownOfName = 256

func quote(text string) string { return `"` + cut(text) + `"` }
