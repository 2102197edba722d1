package dataplane

import (
	"net/http"

	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// ServesHost says whether a host is a custom domain name, so that a request to it is for
// an API whatever its path.
func (h *Handler) ServesHost(host string) bool { return h.Published().Domain(hostOnly(host)) != nil }

// serveDomain serves a request to a custom domain name: its routing rules, then its
// mappings, say which stage it is for. API routes are not consulted (guide:
// rest-api-mappings.md).
func (h *Handler) serveDomain(w http.ResponseWriter, r *http.Request, table *plan.Table, domain *plan.Domain) {
	sent := r.URL.EscapedPath()
	match, ok := domain.Find(orRoot(sent), r.Header.Values)
	if !ok {
		f := fault.New(fault.UnmappedPath)
		f.Checked, f.Found = "the mappings and routing rules of "+domain.DomainName, "none for the path "+quote(sent)
		h.refuseDomain(w, r, f)
		return
	}
	api, ok := table.Api(match.ApiId)
	if !ok {
		h.refuseStage(w, r, domain, match)
		return
	}
	switch {
	case api.HttpStages != nil:
		h.serveHttpOfDomain(w, r, api, match)
	case api.WebSocketStages != nil:
		h.serveWebSocketOfDomain(w, r, api, match)
	default:
		h.serveRestOfDomain(w, r, api, match)
	}
}

func (h *Handler) serveHttpOfDomain(w http.ResponseWriter, r *http.Request, api *plan.Api, match plan.DomainMatch) {
	stage, ok := api.HttpStages[match.StageName]
	if !ok {
		h.httpNotFound(w, r, targetOf(r, match))
		return
	}
	h.Http.Serve(w, stage, h.receiveHttp(r, httpTarget{
		Path: match.Path, EventPath: orRoot(r.URL.EscapedPath()), BasePath: match.BasePath, CustomDomain: true,
	}))
}

// serveRestOfDomain serves a REST API; $context.path and the event's path keep the base
// path (seen on AWS). A base path mapping without a stage takes it from the path.
func (h *Handler) serveRestOfDomain(w http.ResponseWriter, r *http.Request, api *plan.Api, match plan.DomainMatch) {
	if match.StageName == "" {
		target := stageFirst(match.ApiId, match.Path)
		match.StageName, match.Path = target.StageName, target.Path
	}
	stage, ok := api.Stages[match.StageName]
	if !ok {
		h.forbid(w, r, targetOf(r, match))
		return
	}
	in := h.receive(r, Target{ApiId: match.ApiId, StageName: match.StageName, Path: match.Path, Traced: stage.TracingEnabled})
	in.EventPath = orRoot(r.URL.EscapedPath())
	in.ContextPath, in.BasePath, in.DefaultEndpoint = in.EventPath, match.BasePath, false
	h.Rest.Serve(w, stage, in)
}

func (h *Handler) serveWebSocketOfDomain(w http.ResponseWriter, r *http.Request, api *plan.Api, match plan.DomainMatch) {
	target := targetOf(r, match)
	target.Traced = true
	stage, ok := api.WebSocketStages[match.StageName]
	if !ok {
		h.forbid(w, r, target)
		return
	}
	in := h.receive(r, target)
	in.EventPath = orRoot(r.URL.EscapedPath())
	in.ContextPath, in.BasePath, in.DefaultEndpoint = in.EventPath, match.BasePath, false
	h.WebSocket.Serve(w, stage, in)
}

func targetOf(r *http.Request, match plan.DomainMatch) Target {
	return Target{ApiId: match.ApiId, StageName: match.StageName, Path: match.Path, DomainName: hostOnly(r.Host), BasePath: match.BasePath}
}

func (h *Handler) refuseStage(w http.ResponseWriter, r *http.Request, domain *plan.Domain, match plan.DomainMatch) {
	f := fault.New(fault.UnmappedPath)
	f.Checked = "the mappings and routing rules of " + domain.DomainName
	f.Found = "they lead to API " + quote(match.ApiId) + ", which is not served here"
	h.refuseDomain(w, r, f)
}

// refuseDomain answers what no mapping matches as AWS does.
func (h *Handler) refuseDomain(w http.ResponseWriter, r *http.Request, f *fault.Fault) {
	h.answer(w, r, &refusal{target: Target{DomainName: hostOnly(r.Host)}, fault: f, statusCode: http.StatusForbidden, errorType: f.Entry.ErrorType, body: []byte(`{"message":"` + f.Message + `"}`)})
}
