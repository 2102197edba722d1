package dataplane

import (
	"net/http"
	"slices"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/origin"
	"gatehouse/internal/plan"
)

// apiIdHeader names the API of a request to an endpoint's own host name (guide:
// apigateway-private-api-test-invoke-url.md).
const apiIdHeader = "X-Apigw-Api-Id"

// At serves what arrives at a VPC endpoint: private REST APIs. Everything else is
// forbidden there, as on AWS, where an endpoint with private DNS hides public APIs.
func (h *Handler) At(endpoint origin.VpcEndpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.servePrivate(w, r, &endpoint) })
}

func (h *Handler) servePrivate(w http.ResponseWriter, r *http.Request, endpoint *origin.VpcEndpoint) {
	target, alias := matchPrivate(r)
	stage, found := h.privateStage(target)
	if found == "" {
		found = refusesAlias(stage, alias, endpoint)
	}
	if found != "" {
		h.forbidAtEndpoint(w, r, target, found)
		return
	}
	target.Traced = stage.TracingEnabled
	in := h.receive(r, target)
	in.VpcEndpoint = endpoint
	h.Rest.Serve(w, stage, in)
}

// matchPrivate says which API a request at an endpoint is for. alias is the endpoint in
// a host name {api}-{vpce}.execute-api.…, empty in others. Unconfirmed: that the header
// wins over a host that names an API.
func matchPrivate(r *http.Request) (target Target, alias string) {
	if apiId := r.Header.Get(apiIdHeader); apiId != "" {
		return stageFirst(strings.ToLower(apiId), r.URL.EscapedPath()), ""
	}
	target, _ = Match(r)
	if i := strings.LastIndex(target.ApiId, "-vpce-"); i > 0 && !target.PathStyle {
		target.ApiId, alias = target.ApiId[:i], target.ApiId[i+1:]
	}
	return target, alias
}

// privateStage is the stage of a private API, or what was found in its place.
func (h *Handler) privateStage(target Target) (stage *plan.RestStage, found string) {
	if target.ApiId == "" {
		return nil, "a request whose host, path and " + apiIdHeader + " header name no API"
	}
	api, ok := h.Published().Api(target.ApiId)
	if !ok {
		return nil, "no API with the id " + quote(target.ApiId) + " is served here"
	}
	stage, ok = api.Stages[target.StageName]
	switch {
	case !ok && api.Stages != nil:
		return nil, "API " + quote(target.ApiId) + " has no stage " + quote(target.StageName)
	case !ok || !stage.Api.Private:
		return nil, "API " + quote(target.ApiId) + " is public, and public APIs do not answer at a VPC endpoint"
	}
	return stage, ""
}

// refusesAlias says why a host name {api}-{vpce} does not lead to the API: AWS makes the
// name for the endpoints in vpcEndpointIds, and it leads to that endpoint.
func refusesAlias(stage *plan.RestStage, alias string, endpoint *origin.VpcEndpoint) (found string) {
	switch {
	case alias == "":
		return ""
	case alias != endpoint.VpcEndpointId:
		return "the host name is of " + alias + ", this listener is " + endpoint.VpcEndpointId
	case !slices.Contains(stage.Api.VpcEndpointIds, alias):
		return "the API's vpcEndpointIds have no " + alias + ", so it has no host name there"
	}
	return ""
}

// forbidAtEndpoint answers a request that the endpoint leads to no private API.
func (h *Handler) forbidAtEndpoint(w http.ResponseWriter, r *http.Request, target Target, found string) {
	f := fault.New(fault.EndpointMismatch)
	f.Checked, f.Found = "whether the API answers at this VPC endpoint", found
	f.Fix = "name a private API (" + apiIdHeader + ", or the host), or call a public one at the server's own address"
	h.answer(w, r, &refusal{target: target, fault: f, statusCode: http.StatusForbidden, errorType: "ForbiddenException", body: []byte(`{"message":"Forbidden"}`)})
}
