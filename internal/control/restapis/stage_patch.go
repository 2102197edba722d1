package restapis

import (
	"maps"

	"gatehouse/internal/apigw"
	"gatehouse/internal/control/patch"
)

func variables(s *apigw.Stage) *map[string]string { return &s.Variables }

// stagePatches: API reference, "Patch operations", UpdateStage; the order is that of
// AWS's error, as far as it is known. The paths of method settings are in method_setting.go.
var stagePatches = append(patch.Table[apigw.Stage]{
	{
		Path: "/deploymentId", Replace: patch.String(func(s *apigw.Stage) *string { return &s.DeploymentId }),
		From: "/canarySettings/deploymentId", Copy: promoteDeployment,
	},
	{Path: "/description", Replace: patch.String(func(s *apigw.Stage) *string { return &s.Description })},
	{Path: "/cacheClusterEnabled", Replace: patch.Bool(func(s *apigw.Stage) *bool { return &s.CacheClusterEnabled })},
	{Path: "/cacheClusterSize", Replace: patch.Enum(func(s *apigw.Stage) *string { return &s.CacheClusterSize }, cacheClusterSizes...)},
	{Path: "/clientCertificateId", Replace: patch.String(func(s *apigw.Stage) *string { return &s.ClientCertificateId })},
	{Path: "/accessLogSettings", Remove: func(s *apigw.Stage, _ patch.Operation) error { s.AccessLogSettings = nil; return nil }},
	{
		Path: "/accessLogSettings/destinationArn",
		Add:  accessLog(func(l *apigw.AccessLogSettings) *string { return &l.DestinationArn }), Replace: accessLog(func(l *apigw.AccessLogSettings) *string { return &l.DestinationArn }),
		Remove: clearAccessLog(func(l *apigw.AccessLogSettings) *string { return &l.DestinationArn }),
	},
	{
		Path: "/accessLogSettings/format",
		Add:  accessLog(func(l *apigw.AccessLogSettings) *string { return &l.Format }), Replace: accessLog(func(l *apigw.AccessLogSettings) *string { return &l.Format }),
		Remove: clearAccessLog(func(l *apigw.AccessLogSettings) *string { return &l.Format }),
	},
	{Path: "/canarySettings", Remove: func(s *apigw.Stage, _ patch.Operation) error { s.CanarySettings = nil; return nil }},
	{Path: "/canarySettings/deploymentId", Replace: canary(patch.String(func(c *apigw.CanarySettings) *string { return &c.DeploymentId }))},
	{Path: "/canarySettings/percentTraffic", Replace: canary(patch.Float64(func(c *apigw.CanarySettings) *float64 { return &c.PercentTraffic }))},
	{
		Path: "/canarySettings/stageVariableOverrides/{variable_name}",
		Add:  canary(patch.SetEntry(overrides, "variable_name")), Replace: canary(patch.SetEntry(overrides, "variable_name")),
		Remove: canary(patch.RemoveEntry(overrides, "variable_name")),
	},
	{Path: "/canarySettings/useStageCache", Replace: canary(patch.Bool(func(c *apigw.CanarySettings) *bool { return &c.UseStageCache }))},
	{Path: "/documentationVersion", Replace: patch.String(func(s *apigw.Stage) *string { return &s.DocumentationVersion })},
	{Path: "/tracingEnabled", Replace: patch.Bool(func(s *apigw.Stage) *bool { return &s.TracingEnabled })},
	{
		Path: "/variables", From: "/canarySettings/stageVariableOverrides", Copy: promoteVariables,
		Remove: func(s *apigw.Stage, _ patch.Operation) error { s.Variables = nil; return nil },
	},
	{
		Path: "/variables/{variable_name}", Add: patch.SetEntry(variables, "variable_name"),
		Replace: patch.SetEntry(variables, "variable_name"), Remove: patch.RemoveEntry(variables, "variable_name"),
	},
}, methodSettingPatches...)

func accessLog(field func(*apigw.AccessLogSettings) *string) patch.Change[apigw.Stage] {
	return func(stage *apigw.Stage, operation patch.Operation) error {
		var settings apigw.AccessLogSettings
		if stage.AccessLogSettings != nil {
			settings = *stage.AccessLogSettings
		}
		*field(&settings) = operation.Value
		stage.AccessLogSettings = &settings
		return nil
	}
}

// clearAccessLog empties one setting; a stage without either logs no more.
func clearAccessLog(field func(*apigw.AccessLogSettings) *string) patch.Change[apigw.Stage] {
	return func(stage *apigw.Stage, _ patch.Operation) error {
		if stage.AccessLogSettings == nil {
			return nil
		}
		settings := *stage.AccessLogSettings
		*field(&settings) = ""
		stage.AccessLogSettings = &settings
		if settings == (apigw.AccessLogSettings{}) {
			stage.AccessLogSettings = nil
		}
		return nil
	}
}

func overrides(c *apigw.CanarySettings) *map[string]string { return &c.StageVariableOverrides }

// canary changes a stage's canary; the first change makes one, of the stage's own deployment.
func canary(change patch.Change[apigw.CanarySettings]) patch.Change[apigw.Stage] {
	return func(stage *apigw.Stage, operation patch.Operation) error {
		settings := apigw.CanarySettings{DeploymentId: stage.DeploymentId}
		if stage.CanarySettings != nil {
			settings = *stage.CanarySettings
		}
		if err := change(&settings, operation); err != nil {
			return err
		}
		stage.CanarySettings = &settings
		return nil
	}
}

// promoteDeployment makes the canary's deployment the stage's (promote-canary-deployment.md).
func promoteDeployment(stage *apigw.Stage, operation patch.Operation) error {
	if stage.CanarySettings == nil {
		return patch.InvalidValue(operation, "copied from a stage with canary settings")
	}
	stage.DeploymentId = stage.CanarySettings.DeploymentId
	return nil
}

// promoteVariables makes the canary's variables the stage's.
func promoteVariables(stage *apigw.Stage, operation patch.Operation) error {
	if stage.CanarySettings == nil {
		return patch.InvalidValue(operation, "copied from a stage with canary settings")
	}
	merged := maps.Clone(stage.Variables)
	if merged == nil {
		merged = map[string]string{}
	}
	maps.Copy(merged, stage.CanarySettings.StageVariableOverrides)
	stage.Variables = merged
	return nil
}
