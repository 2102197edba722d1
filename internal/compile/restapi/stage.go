package restapi

import (
	"maps"
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
		TracingEnabled:      stage.TracingEnabled,
		AccountThrottleName: "account/" + options.Scope.Account + "/" + options.Scope.Region,
	}
	for _, name := range sortedKeys(stage.Variables) {
		compiled.VariableFields = append(compiled.VariableFields, integration.Field{Name: name, Value: stage.Variables[name]})
	}
	if settings := stage.AccessLogSettings; settings != nil && settings.DestinationArn != "" {
		compiled.AccessLog = &plan.AccessLog{DestinationArn: settings.DestinationArn, Format: plan.NewSubstitution(settings.Format)}
	}
	refusal, found := refuseStage(stage, options)
	diagnostics := append(append([]Diagnostic(nil), a.diagnostics...), found...)
	compiled.Settings = make([]plan.MethodSettings, len(a.plan.Methods))
	for i, method := range a.plan.Methods {
		settings, diagnostic := compileSettings(stage, method)
		settings.ThrottleName = "method/" + a.apiId + "/" + stage.StageName + "/" + strconv.Itoa(i)
		if refusal != nil {
			settings.Refusal = refusal
		}
		if diagnostic != nil {
			diagnostics = append(diagnostics, *diagnostic)
		}
		compiled.Settings[i] = settings
	}
	return compiled, diagnostics
}

// compileSettings resolves what the stage sets for a method: its own setting, else
// that of all methods. A negative limit is none.
func compileSettings(stage *apigw.Stage, method *plan.Method) (plan.MethodSettings, *Diagnostic) {
	setting, ok := stage.MethodSettingFor(method.ResourcePath, method.HttpMethod)
	if !ok {
		return plan.MethodSettings{LoggingLevel: loggingOff}, nil
	}
	refusal, diagnostic := refuseSetting(stage, method, setting)
	settings := plan.MethodSettings{
		LoggingLevel: setting.LoggingLevel, DataTraceEnabled: setting.DataTraceEnabled, MetricsEnabled: setting.MetricsEnabled,
		Throttle:    throttle.Limit{Rate: setting.ThrottlingRateLimit, Burst: int(setting.ThrottlingBurstLimit)},
		HasThrottle: setting.ThrottlingRateLimit >= 0 && setting.ThrottlingBurstLimit >= 0,
		Refusal:     refusal,
	}
	if settings.LoggingLevel == "" {
		settings.LoggingLevel = loggingOff
	}
	return settings, diagnostic
}

const loggingOff = "OFF"
