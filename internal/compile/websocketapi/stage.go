package websocketapi

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// CompileStage adds what the record of a stage sets. The diagnostics are the snapshot's
// and the stage's.
func (a *Api) CompileStage(stage *apigwv2.Stage, options Options) (*plan.WebSocketStage, []Diagnostic) {
	scope := options.Scope
	compiled := &plan.WebSocketStage{
		AccountId: scope.Account, Region: scope.Region, ApiId: a.apiId, StageName: stage.StageName,
		DeploymentId: stage.DeploymentId, Api: a.plan, Variables: maps.Clone(stage.StageVariables),
		AccountThrottleName: "account/" + scope.Account + "/" + scope.Region,
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
			Severity: restapi.Warning, Where: "stage.clientCertificateId", Message: "not built: client certificates for backends",
		})
	}
	compiled.Settings = make([]plan.WebSocketRouteSettings, len(a.plan.Routes))
	for i, route := range a.plan.Routes {
		compiled.Settings[i] = compileSettings(compiled, stage, route)
		compiled.Settings[i].ThrottleName = "route/" + scope.Region + "/" + a.apiId + "/" + stage.StageName + "/" + strconv.Itoa(i)
	}
	// Messages that no route gets are logged as those of routes without settings of their own.
	compiled.Recorded = compileSettings(compiled, stage, &plan.WebSocketRoute{}).Recorded
	return compiled, diagnostics
}

// recorded is what records of exchanges with a route have in common; nothing is logged of them.
func recorded(stage *plan.WebSocketStage, route *plan.WebSocketRoute) *record.Method {
	return &record.Method{
		AccountId: stage.AccountId, Region: stage.Region, ApiId: stage.ApiId, StageName: stage.StageName, DeploymentId: stage.DeploymentId,
		ProtocolType: record.ProtocolWebSocket, ResourcePath: route.RouteKey, ResourceId: route.RouteId, LoggingLevel: record.LevelOff,
	}
}

// compileSettings resolves what the stage sets for a route: its own settings, member by
// member, else the default ones. A limit alone goes with the account's other one.
func compileSettings(compiled *plan.WebSocketStage, stage *apigwv2.Stage, route *plan.WebSocketRoute) plan.WebSocketRouteSettings {
	defaults, own := stage.DefaultRouteSettings, stage.RouteSettings[route.RouteKey]
	settings := plan.WebSocketRouteSettings{Recorded: recorded(compiled, route)}
	settings.Recorded.LoggingLevel = cmp.Or(own.LoggingLevel, defaults.LoggingLevel, record.LevelOff)
	if trace := cmp.Or(own.DataTraceEnabled, defaults.DataTraceEnabled); trace != nil {
		settings.Recorded.DataTraceEnabled = *trace
	}
	rate := cmp.Or(own.ThrottlingRateLimit, defaults.ThrottlingRateLimit)
	burst := cmp.Or(own.ThrottlingBurstLimit, defaults.ThrottlingBurstLimit)
	if rate == nil && burst == nil {
		return settings
	}
	settings.HasThrottle, settings.Throttle = true, plan.ThrottleLimit(rate, burst)
	return settings
}
