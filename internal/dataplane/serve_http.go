package dataplane

import (
	"net/http"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// HttpApis serves requests to HTTP APIs; *httpapi.Pipeline does.
type HttpApis interface {
	Serve(w http.ResponseWriter, stage *plan.HttpStage, in *inbound.Request)
}

// serveHttp serves a request to an HTTP API's own endpoint.
func (h *Handler) serveHttp(w http.ResponseWriter, r *http.Request, api *plan.Api, target Target) {
	stage, within, ok := selectHttpStage(api, target)
	if !ok {
		h.httpNotFound(w, r, target)
		return
	}
	if h.otherRegion(w, r, target, stage.Region) {
		return
	}
	h.Http.Serve(w, stage, h.receiveHttp(r, within))
}

// selectHttpStage finds the stage: the one that the path begins with, else $default,
// whose path is the whole one (guide: http-api-develop-routes.md). A path-style URL may
// name $default itself.
func selectHttpStage(api *plan.Api, target Target) (*plan.HttpStage, httpTarget, bool) {
	if target.StageName == plan.DefaultStage && target.PathStyle {
		stage, ok := api.HttpStages[plan.DefaultStage]
		return stage, httpTarget{Path: target.Path, EventPath: target.Path}, ok
	}
	if stage, ok := api.HttpStages[target.StageName]; ok && target.StageName != plan.DefaultStage {
		return stage, httpTarget{Path: target.Path, EventPath: target.Whole}, true
	}
	stage, ok := api.HttpStages[plan.DefaultStage]
	return stage, httpTarget{Path: target.Whole, EventPath: target.Whole}, ok
}

// httpNotFound answers a request to a stage that does not exist as AWS does.
func (h *Handler) httpNotFound(w http.ResponseWriter, r *http.Request, target Target) {
	f := fault.New(fault.UnknownStage)
	f.Found = "stage " + quote(target.StageName) + " of API " + quote(target.ApiId) + ", which has no stage $default"
	received, requestId := h.Now(), ids{h.Random}.extended()
	given := &refusal{target: target, fault: f, statusCode: http.StatusNotFound, body: []byte(`{"message":"Not Found"}`)}
	h.log(r, f, requestId)
	header := w.Header()
	header["Content-Type"] = []string{"application/json"}
	header["Apigw-Requestid"] = []string{requestId}
	fault.SetHelp(header, h.HelpBase, f, requestId)
	w.WriteHeader(given.statusCode)
	_, _ = w.Write(given.body) // a client that is gone needs no answer
	h.recordRefusal(r, given, record.ProtocolHttp, record.Exchange{RequestId: requestId, ExtendedRequestId: requestId, Received: received})
}
