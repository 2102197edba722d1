package restapi

import (
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
		settings := compileSettings(stage, method)
		settings.ThrottleName = "method/" + a.apiId + "/" + stage.StageName + "/" + strconv.Itoa(i)
		if refusal != nil {
			settings.Refusal = refusal
		}
		settings.Recorded = recorded(compiled, method, &settings)
		compiled.Settings[i] = settings
	}
	compiled.Recorded = recordedOfStage(compiled)
	return compiled, diagnostics
}

func recorded(stage *plan.RestStage, method *plan.Method, settings *plan.MethodSettings) *record.Method {
	return &record.Method{
		AccountId: stage.AccountId, Region: stage.Region, ApiId: stage.ApiId, StageName: stage.StageName, DeploymentId: stage.DeploymentId,
		ResourcePath: method.ResourcePath, ResourceId: method.ResourceId,
		LoggingLevel: settings.LoggingLevel, DataTraceEnabled: settings.DataTraceEnabled,
	}
}

// recordedOfStage is of requests that no method gets: they are logged as the stage logs its
// first method, which for settings of all methods is what the stage says. AWS logs nothing
// of such requests.
func recordedOfStage(stage *plan.RestStage) *record.Method {
	if len(stage.Settings) == 0 {
		return recorded(stage, &plan.Method{}, &plan.MethodSettings{})
	}
	return recorded(stage, &plan.Method{}, &stage.Settings[0])
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
