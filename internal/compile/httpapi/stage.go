package httpapi

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// CompileStage adds what the record of a stage sets. The diagnostics are the snapshot's
// and the stage's.
func (a *Api) CompileStage(stage *apigwv2.Stage, options Options) (*plan.HttpStage, []Diagnostic) {
	scope := options.Scope
	compiled := &plan.HttpStage{
		AccountId: scope.Account, Region: scope.Region, ApiId: a.apiId, StageName: stage.StageName,
		DeploymentId: stage.DeploymentId, Api: a.plan, Variables: maps.Clone(stage.StageVariables),
		AccountThrottleName: "account/" + scope.Account + "/" + scope.Region,
		AuthorizerScope:     authorizer.Scope(scope.Account, scope.Region, a.apiId, stage.StageName),
	}
	for _, name := range slices.Sorted(maps.Keys(stage.StageVariables)) {
		compiled.VariableFields = append(compiled.VariableFields, integration.Field{Name: name, Value: stage.StageVariables[name]})
	}
	if settings := stage.AccessLogSettings; settings != nil && settings.DestinationArn != "" {
		compiled.AccessLog = &plan.AccessLog{DestinationArn: settings.DestinationArn, Format: plan.NewSubstitution(settings.Format)}
	}
	diagnostics := append([]Diagnostic(nil), a.diagnostics...)
	if stage.ClientCertificateId != "" {
		diagnostics = append(diagnostics, Diagnostic{
			Severity: restapi.Warning, Where: "stage.clientCertificateId", Message: "HTTP APIs send no client certificate to backends",
		})
	}
	compiled.Settings = make([]plan.HttpRouteSettings, len(a.plan.List))
	for i, route := range a.plan.List {
		compiled.Settings[i] = compileSettings(stage, route)
		compiled.Settings[i].ThrottleName = "route/" + scope.Region + "/" + a.apiId + "/" + stage.StageName + "/" + strconv.Itoa(i)
		compiled.Settings[i].Recorded = recorded(compiled, route)
	}
	compiled.Recorded = recorded(compiled, &plan.HttpRoute{})
	return compiled, diagnostics
}

// recorded is what records have of a route. HTTP APIs have no execution logs.
func recorded(stage *plan.HttpStage, route *plan.HttpRoute) *record.Method {
	return &record.Method{
		AccountId: stage.AccountId, Region: stage.Region, ApiId: stage.ApiId, StageName: stage.StageName, DeploymentId: stage.DeploymentId,
		ProtocolType: record.ProtocolHttp, ResourcePath: route.RouteKey, ResourceId: route.RouteId, LoggingLevel: record.LevelOff,
	}
}

// compileSettings resolves what the stage sets for a route: its own settings, member by
// member, else the default ones. A limit alone goes with the account's other one.
func compileSettings(stage *apigwv2.Stage, route *plan.HttpRoute) plan.HttpRouteSettings {
	defaults, own := stage.DefaultRouteSettings, stage.RouteSettings[route.RouteKey]
	rate := cmp.Or(own.ThrottlingRateLimit, defaults.ThrottlingRateLimit)
	burst := cmp.Or(own.ThrottlingBurstLimit, defaults.ThrottlingBurstLimit)
	metrics := cmp.Or(own.DetailedMetricsEnabled, defaults.DetailedMetricsEnabled)
	settings := plan.HttpRouteSettings{DetailedMetricsEnabled: metrics != nil && *metrics}
	if rate == nil && burst == nil {
		return settings
	}
	settings.HasThrottle, settings.Throttle = true, plan.ThrottleLimit(rate, burst)
	return settings
}
