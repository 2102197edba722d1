package restapi

import (
	"maps"
	"slices"
	"strconv"

	"gatehouse/internal/apigw"
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
		settings := compileSettings(stage, method)
		settings.ThrottleName = "method/" + a.apiId + "/" + stage.StageName + "/" + strconv.Itoa(i)
		if refusal != nil {
			settings.Refusal = refusal
		}
		compiled.Settings[i] = settings
	}
	return compiled, diagnostics
}

// compileSettings resolves what the stage sets for a method: its own setting, else
// that of all methods. A negative limit is none.
func compileSettings(stage *apigw.Stage, method *plan.Method) plan.MethodSettings {
	setting, ok := stage.MethodSettingFor(method.ResourcePath, method.HttpMethod)
	if !ok {
		return plan.MethodSettings{LoggingLevel: loggingOff}
	}
	settings := plan.MethodSettings{
		LoggingLevel: setting.LoggingLevel, DataTraceEnabled: setting.DataTraceEnabled, MetricsEnabled: setting.MetricsEnabled,
		Throttle:    throttle.Limit{Rate: setting.ThrottlingRateLimit, Burst: int(setting.ThrottlingBurstLimit)},
		HasThrottle: setting.ThrottlingRateLimit >= 0 && setting.ThrottlingBurstLimit >= 0,
		Cache:       compileCache(stage, method, &setting),
	}
	if settings.LoggingLevel == "" {
		settings.LoggingLevel = loggingOff
	}
	return settings
}

const loggingOff = "OFF"
