package restapi

import (
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// checkUsagePlan lets the usage plan of the client's API key decide. A method that needs
// no key asks nothing and counts for nobody, whatever key the client sends (guide:
// api-gateway-create-usage-plans-with-rest-api.md).
func checkUsagePlan(e *exchange) *fault.Fault {
	if !e.method.ApiKeyRequired {
		return nil
	}
	if e.pipeline.UsagePlans == nil {
		f := fault.New(fault.ApiKeyRefused)
		f.Found = "a server that knows no API keys"
		return f
	}
	call := usageplan.Call{
		Scope: plan.Scope{AccountId: e.stage.AccountId, Region: e.stage.Region}, ApiId: e.stage.ApiId, StageName: e.stage.StageName,
		ResourceId: e.method.ResourceId, ResourcePath: e.method.ResourcePath, HttpMethod: e.httpMethod, MethodOfResource: e.method.HttpMethod,
		Value: e.showApiKey(), Source: e.stage.Api.ApiKeySource, Request: e,
	}
	e.apiKey = call.Value
	key, f := e.pipeline.UsagePlans.Check(&call, e.record)
	if key != nil {
		e.apiKeyId = key.Id
	}
	return f
}

// showApiKey is the value where the API looks for it.
func (e *exchange) showApiKey() string {
	if e.stage.Api.ApiKeySource != plan.ApiKeySourceAuthorizer {
		return usageplan.Value(e.in.Headers)
	}
	if e.grant == nil {
		return ""
	}
	return e.grant.UsageIdentifierKey
}

// SimilarToApiKey says what may have been meant as a key; it implements usageplan.Request.
func (e *exchange) SimilarToApiKey() string {
	switch {
	case e.stage.Api.ApiKeySource != plan.ApiKeySourceAuthorizer:
		return usageplan.Similar(e.in.Headers, e.in.Query)
	case e.method.Function == nil:
		return "the method has no Lambda authorizer that could return one"
	case usageplan.Value(e.in.Headers) != "":
		return "the header x-api-key was sent, which counts with the key source HEADER alone"
	default:
		return "the authorizer returned none"
	}
}
