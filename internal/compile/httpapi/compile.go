// Package httpapi compiles a Snapshot of an HTTP API and a Stage into the plan that the
// data plane executes, and says what is wrong with which route.
//
// It is pure: no store, no clock, no network. A route that cannot be compiled, or needs
// what is not built, is in the plan with a Refusal and answers 500; its neighbours are
// served. It does not serve (package dataplane/httpapi).
//
// Begin at CompileApi, then route.go; stage.go adds what no deployment freezes.
package httpapi

import (
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// The vocabulary of diagnostics is the one of REST APIs. A route key stands in
// HttpMethod and ResourcePath.
type (
	// Diagnostic is something wrong with an API, found while compiling.
	Diagnostic = restapi.Diagnostic
	// Options is what a plan needs beyond the records.
	Options = restapi.Options
)

// Compile makes the plan of a stage.
func Compile(snapshot *apigwv2.Snapshot, stage *apigwv2.Stage, options Options) (*plan.HttpStage, []Diagnostic) {
	return CompileApi(snapshot).CompileStage(stage, options)
}

// Api is a compiled Snapshot. Stages of one deployment share it.
type Api struct {
	plan        *plan.HttpApi
	apiId       string
	diagnostics []Diagnostic
}

// CompileApi does the part of Compile that no stage can change.
func CompileApi(snapshot *apigwv2.Snapshot) *Api {
	c := &compiler{
		snapshot: snapshot, integrations: map[string]*apigwv2.Integration{}, authorizers: map[string]*apigwv2.Authorizer{},
	}
	for i := range snapshot.Integrations {
		c.integrations[snapshot.Integrations[i].IntegrationId] = &snapshot.Integrations[i]
	}
	for i := range snapshot.Authorizers {
		c.authorizers[snapshot.Authorizers[i].AuthorizerId] = &snapshot.Authorizers[i]
	}
	api := &plan.HttpApi{Cors: compileCors(snapshot.Api.CorsConfiguration), DisableExecuteApiEndpoint: snapshot.Api.DisableExecuteApiEndpoint}
	api.List = c.compileRoutes()
	api.Routes = plan.NewHttpRoutes(api.List)
	return &Api{plan: api, apiId: snapshot.Api.ApiId, diagnostics: c.diagnostics}
}

// compiler compiles one snapshot.
type compiler struct {
	snapshot     *apigwv2.Snapshot
	integrations map[string]*apigwv2.Integration
	authorizers  map[string]*apigwv2.Authorizer
	diagnostics  []Diagnostic
}

// broken reports what cannot work; the route answers 500.
func (c *compiler) broken(route *plan.HttpRoute, where, message string) {
	c.report(route, Diagnostic{Severity: restapi.Broken, Id: fault.MethodMisconfigured, Where: where, Message: message})
	setRefusal(route, &plan.Refusal{Id: fault.MethodMisconfigured, Feature: where, Reason: message, Fix: "correct " + where + " and deploy"})
}

func (c *compiler) report(route *plan.HttpRoute, d Diagnostic) {
	d.HttpMethod, d.ResourcePath, _ = strings.Cut(route.RouteKey, " ")
	c.diagnostics = append(c.diagnostics, d)
}

func setRefusal(route *plan.HttpRoute, refusal *plan.Refusal) {
	if route.Refusal == nil {
		route.Refusal = refusal
	}
}
