// Package websocketapi compiles a Snapshot of a WebSocket API and a Stage into the plan
// that the data plane executes, and says what is wrong with which route.
//
// It is pure: no store, no clock, no network. A route that cannot be compiled, or needs
// what is not built, is in the plan with a Refusal; its neighbours are served. What is
// not built: AWS_PROXY integrations other than Lambda functions, and a stage's client
// certificate. It does not serve (package dataplane/websocketapi).
//
// Begin at CompileApi, then route.go and integration.go; stage.go adds what no
// deployment freezes.
package websocketapi

import (
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/fault"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// The vocabulary of diagnostics is the one of REST APIs. "ROUTE" stands in HttpMethod,
// the route key in ResourcePath.
type (
	// Diagnostic is something wrong with an API, found while compiling.
	Diagnostic = restapi.Diagnostic
	// Options is what a plan needs beyond the records.
	Options = restapi.Options
)

// Compile makes the plan of a stage.
func Compile(snapshot *apigwv2.Snapshot, stage *apigwv2.Stage, options Options) (*plan.WebSocketStage, []Diagnostic) {
	return CompileApi(snapshot).CompileStage(stage, options)
}

// Api is a compiled Snapshot. Stages of one deployment share it.
type Api struct {
	plan        *plan.WebSocketApi
	apiId       string
	diagnostics []Diagnostic
}

// CompileApi does the part of Compile that no stage can change.
func CompileApi(snapshot *apigwv2.Snapshot) *Api {
	c := &compiler{snapshot: snapshot, integrations: map[string]*apigwv2.Integration{}, authorizers: map[string]*apigwv2.Authorizer{}}
	for i := range snapshot.Integrations {
		c.integrations[snapshot.Integrations[i].IntegrationId] = &snapshot.Integrations[i]
	}
	for i := range snapshot.Authorizers {
		c.authorizers[snapshot.Authorizers[i].AuthorizerId] = &snapshot.Authorizers[i]
	}
	api := &plan.WebSocketApi{
		DisableExecuteApiEndpoint: snapshot.Api.DisableExecuteApiEndpoint, DisableSchemaValidation: snapshot.Api.DisableSchemaValidation,
		ApiKeySource: plan.ApiKeySourceHeader,
	}
	if snapshot.Api.ApiKeySelectionExpression == authorizerKeySelection {
		api.ApiKeySource = plan.ApiKeySourceAuthorizer
	}
	c.compileRouteSelection(api)
	api.SetRoutes(c.compileRoutes())
	return &Api{plan: api, apiId: snapshot.Api.ApiId, diagnostics: c.diagnostics}
}

// authorizerKeySelection takes a client's API key from what its authorizer answered
// (guide: apigateway-websocket-api-selection-expressions.md); every other expression that
// the control plane lets through is the header.
const authorizerKeySelection = "$context.authorizer.usageIdentifierKey"

// compileRouteSelection compiles the expression that every message goes through. A
// broken one leaves $connect and $disconnect alone; messages are answered with an error.
func (c *compiler) compileRouteSelection(api *plan.WebSocketApi) {
	selection, err := mapping.CompileSelection(c.snapshot.Api.RouteSelectionExpression)
	if err != nil {
		api.SelectionBroken = err.Error()
		c.diagnostics = append(c.diagnostics, Diagnostic{
			Severity: restapi.Broken, Id: fault.MethodMisconfigured, Where: "routeSelectionExpression", Message: err.Error(),
		})
		return
	}
	api.RouteSelection = selection
}

// compiler compiles one snapshot.
type compiler struct {
	snapshot     *apigwv2.Snapshot
	integrations map[string]*apigwv2.Integration
	authorizers  map[string]*apigwv2.Authorizer
	diagnostics  []Diagnostic
}

// refuse reports what is not built; the route fails and says so.
func (c *compiler) refuse(route *plan.WebSocketRoute, where, feature string) {
	c.report(route, Diagnostic{Severity: restapi.Refused, Id: fault.MethodNotServed, Where: where, Message: "not built: " + feature})
	setRefusal(route, &plan.Refusal{
		Id: fault.MethodNotServed, Feature: feature, Reason: "Gatehouse has not built it", Fix: "remove it from the route and deploy",
	})
}

// broken reports what cannot work; the route fails.
func (c *compiler) broken(route *plan.WebSocketRoute, where, message string) {
	c.report(route, Diagnostic{Severity: restapi.Broken, Id: fault.MethodMisconfigured, Where: where, Message: message})
	setRefusal(route, &plan.Refusal{Id: fault.MethodMisconfigured, Feature: where, Reason: message, Fix: "correct " + where + " and deploy"})
}

// warn reports what is served, but not as a setting promises.
func (c *compiler) warn(route *plan.WebSocketRoute, where, message string) {
	c.report(route, Diagnostic{Severity: restapi.Warning, Where: where, Message: message})
}

func (c *compiler) report(route *plan.WebSocketRoute, d Diagnostic) {
	d.HttpMethod, d.ResourcePath = "ROUTE", route.RouteKey
	c.diagnostics = append(c.diagnostics, d)
}

func setRefusal(route *plan.WebSocketRoute, refusal *plan.Refusal) {
	if route.Refusal == nil {
		route.Refusal = refusal
	}
}

// selection compiles a selection expression; nil for none, and for one that is broken.
func (c *compiler) selection(route *plan.WebSocketRoute, where, expression string) *mapping.Expression {
	if expression == "" {
		return nil
	}
	compiled, err := mapping.CompileSelection(expression)
	if err != nil {
		c.broken(route, where, err.Error())
		return nil
	}
	return compiled
}
