package restapi

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
)

// CompileStage adds what the record of a stage sets. The diagnostics are the
// snapshot's and the stage's.
func (a *Api) CompileStage(stage *apigw.Stage, options Options) (*plan.RestStage, []Diagnostic) {
	compiled := &plan.RestStage{
		AccountId: options.Scope.Account, Region: options.Scope.Region, ApiId: a.apiId, StageName: stage.StageName,
		DeploymentId: stage.DeploymentId, Api: a.plan, Variables: maps.Clone(stage.Variables),
		TracingEnabled: stage.TracingEnabled, CacheCluster: compileCacheCluster(a.apiId, stage, options.Scope),
		ClientCertificate:   options.ClientCertificate,
		AccountThrottleName: "account/" + options.Scope.Account + "/" + options.Scope.Region,
	}
	for _, name := range slices.Sorted(maps.Keys(stage.Variables)) {
		compiled.VariableFields = append(compiled.VariableFields, integration.Field{Name: name, Value: stage.Variables[name]})
	}
	if settings := stage.AccessLogSettings; settings != nil && settings.DestinationArn != "" && settings.Format != "" {
		compiled.AccessLog = &plan.AccessLog{DestinationArn: settings.DestinationArn, Format: plan.NewSubstitution(settings.Format)}
	}
	refusal, found := refuseStage(stage, options)
	diagnostics := append(append([]Diagnostic(nil), a.diagnostics...), found...)
	compiled.Settings = make([]plan.MethodSettings, len(a.plan.Methods))
	for i, method := range a.plan.Methods {
		settings := compileSettings(compiled, stage, method)
		settings.ThrottleName = "method/" + a.apiId + "/" + stage.StageName + "/" + strconv.Itoa(i)
		if refusal != nil {
			settings.Refusal = refusal
		}
		compiled.Settings[i] = settings
	}
	// Requests that no method gets are logged as the stage says for all methods, so that what
	// one method traces is not traced of others. AWS logs nothing of them.
	compiled.Recorded = compileSettings(compiled, stage, &plan.Method{}).Recorded
	return compiled, diagnostics
}

// recorded is what records of requests to a method have in common; nothing is logged of them.
func recorded(stage *plan.RestStage, method *plan.Method) *record.Method {
	return &record.Method{
		AccountId: stage.AccountId, Region: stage.Region, ApiId: stage.ApiId, StageName: stage.StageName, DeploymentId: stage.DeploymentId,
		ResourcePath: method.ResourcePath, ResourceId: method.ResourceId, LoggingLevel: record.LevelOff,
	}
}

// compileSettings resolves what the stage sets for a method: its own setting, else
// that of all methods. A negative limit is none.
func compileSettings(compiled *plan.RestStage, stage *apigw.Stage, method *plan.Method) plan.MethodSettings {
	setting, ok := stage.MethodSettingFor(method.ResourcePath, method.HttpMethod)
	if !ok {
		return plan.MethodSettings{Recorded: recorded(compiled, method)}
	}
	settings := plan.MethodSettings{
		MetricsEnabled: setting.MetricsEnabled, Recorded: recorded(compiled, method),
		Throttle:    throttle.Limit{Rate: setting.ThrottlingRateLimit, Burst: int(setting.ThrottlingBurstLimit)},
		HasThrottle: setting.ThrottlingRateLimit >= 0 && setting.ThrottlingBurstLimit >= 0,
		Cache:       compileCache(stage, method, &setting),
	}
	settings.Recorded.LoggingLevel = cmp.Or(setting.LoggingLevel, record.LevelOff)
	settings.Recorded.DataTraceEnabled = setting.DataTraceEnabled
	return settings
}
