package websocketapi

import (
	"net/http"
	"strings"

	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// checkUsagePlan lets the usage plan of the client's API key decide whether it may
// connect. The key stays with the connection; messages are not counted.
func checkUsagePlan(e *exchange) *fault.Fault {
	if e.eventType != eventConnect || !e.route.ApiKeyRequired {
		return nil
	}
	if e.pipeline.UsagePlans == nil {
		f := fault.New(fault.ApiKeyRefused)
		f.Found = "a server that knows no API keys"
		return f
	}
	call := usageplan.Call{
		Scope: plan.Scope{AccountId: e.stage.AccountId, Region: e.stage.Region}, ApiId: e.stage.ApiId, StageName: e.stage.StageName,
		ResourceId: e.route.RouteId, ResourcePath: e.route.RouteKey, HttpMethod: http.MethodGet, MethodOfResource: http.MethodGet,
		Value: e.showApiKey(), Source: e.stage.Api.ApiKeySource, Request: e,
	}
	if e.identity == nil {
		e.identity = &identity{}
	}
	e.identity.apiKey = strings.Clone(call.Value) // it outlives the handshake
	key, f := e.pipeline.UsagePlans.Check(&call, e.record)
	if key != nil {
		e.identity.apiKeyId = key.Id
	}
	return f
}

// showApiKey is the value where the API looks for it.
func (e *exchange) showApiKey() string {
	if e.stage.Api.ApiKeySource != plan.ApiKeySourceAuthorizer {
		return usageplan.Value(e.in.Headers)
	}
	if e.identity == nil || e.identity.grant == nil {
		return ""
	}
	return e.identity.grant.UsageIdentifierKey
}

// SimilarToApiKey says what may have been meant as a key; it implements usageplan.Request.
func (e *exchange) SimilarToApiKey() string {
	switch {
	case e.stage.Api.ApiKeySource != plan.ApiKeySourceAuthorizer:
		return usageplan.Similar(e.in.Headers, e.in.Query)
	case e.route.Authorizer == nil:
		return "$connect has no Lambda authorizer that could return one"
	default:
		return "the authorizer returned none"
	}
}
