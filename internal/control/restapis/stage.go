package restapis

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/mappings"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/fault"
)

// CreateStage makes a stage of a deployment. It returns when the stage is served.
func (s *Service) CreateStage(ctx context.Context, in *apigateway.CreateStageInput) (*apigateway.Stage, error) {
	now := s.Now().UTC()
	created := apigw.Stage{
		StageName: in.StageName, DeploymentId: in.DeploymentId, Description: text(in.Description), Variables: in.Variables,
		DocumentationVersion: text(in.DocumentationVersion), CacheClusterEnabled: given(in.CacheClusterEnabled, false),
		CacheClusterSize: string(in.CacheClusterSize), TracingEnabled: given(in.TracingEnabled, false), Tags: in.Tags,
		CreatedDate: now, LastUpdatedDate: now,
	}
	if canary := in.CanarySettings; canary != nil {
		created.CanarySettings = &apigw.CanarySettings{
			PercentTraffic: given(canary.PercentTraffic, 0), DeploymentId: given(canary.DeploymentId, in.DeploymentId),
			StageVariableOverrides: canary.StageVariableOverrides, UseStageCache: given(canary.UseStageCache, false),
		}
	}
	err := s.updateServed(ctx, in.RestApiId, func(a api) error {
		if records.Stages.Has(a.r, a.at, a.id, in.StageName) {
			return conflict(messageStageExists)
		}
		if err := validateTags(in.Tags); err != nil {
			return err
		}
		if err := a.roomForStage(); err != nil {
			return err
		}
		if err := a.setCacheCluster(&apigw.Stage{}, &created); err != nil {
			return err
		}
		return a.putStage(&created)
	})
	if err != nil {
		return nil, err
	}
	return changingCache(&apigw.Stage{}, &created, stageOutput(created)), nil
}

// GetStage returns a stage.
func (s *Service) GetStage(ctx context.Context, in *apigateway.GetStageInput) (*apigateway.Stage, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.stage(in.StageName)
	if err != nil {
		return nil, err
	}
	return stageOutput(found), nil
}

// GetStages lists the stages of an API, or those of one deployment.
func (s *Service) GetStages(ctx context.Context, in *apigateway.GetStagesInput) (*apigateway.Stages, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.stages()
	if err != nil {
		return nil, err
	}
	if id := text(in.DeploymentId); id != "" {
		found = slices.DeleteFunc(found, func(stage apigw.Stage) bool { return stage.DeploymentId != id })
	}
	return &apigateway.Stages{Item: convert(found, stageOutput)}, nil
}

// UpdateStage patches a stage. It returns when the change is served.
func (s *Service) UpdateStage(ctx context.Context, in *apigateway.UpdateStageInput) (*apigateway.Stage, error) {
	var before, updated apigw.Stage
	err := s.updateServed(ctx, in.RestApiId, func(a api) error {
		var err error
		if before, err = a.stage(in.StageName); err != nil {
			return err
		}
		updated = before
		if err := applyStagePatch(&updated, in.PatchOperations); err != nil {
			return err
		}
		if len(in.PatchOperations) > 0 {
			updated.LastUpdatedDate = s.Now().UTC()
		}
		if err := a.setCacheCluster(&before, &updated); err != nil {
			return err
		}
		return a.putStage(&updated)
	})
	if err != nil {
		return nil, err
	}
	return changingCache(&before, &updated, stageOutput(updated)), nil
}

// DeleteStage deletes a stage, and takes it out of its usage plans. It returns when the
// stage is no longer served.
func (s *Service) DeleteStage(ctx context.Context, in *apigateway.DeleteStageInput) (*apigateway.DeleteStageOutput, error) {
	err := s.updateServed(ctx, in.RestApiId, func(a api) error {
		mapped, err := records.MappingsTo(a.r, a.scope, a.id, in.StageName)
		if err != nil {
			return err
		}
		if len(mapped) > 0 {
			return fault.Refuse(stageMapped(in.StageName, records.DomainsOf(mapped)), mappings.Refusal("stage "+in.StageName, mapped))
		}
		if records.Stages.Delete(a.tx, a.at, a.id, in.StageName) == 0 {
			return notFound(messageInvalidStage)
		}
		return records.RemoveApiStages(a.tx, a.scope, a.id, in.StageName)
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteStageOutput{}, nil
}

// FlushStageAuthorizersCache empties a stage's cache of authorizers' answers.
func (s *Service) FlushStageAuthorizersCache(ctx context.Context, in *apigateway.FlushStageAuthorizersCacheInput) (*apigateway.FlushStageAuthorizersCacheOutput, error) {
	if err := s.hasStage(ctx, in.RestApiId, in.StageName); err != nil {
		return nil, err
	}
	if s.ResetAuthorizers != nil {
		if err := s.ResetAuthorizers(ctx, scopeOf(ctx), in.RestApiId, in.StageName); err != nil {
			return nil, err
		}
	}
	return &apigateway.FlushStageAuthorizersCacheOutput{}, nil
}

func (s *Service) hasStage(ctx context.Context, restApiId, stageName string) error {
	a, err := s.view(ctx, restApiId)
	if err != nil {
		return err
	}
	_, err = a.stage(stageName)
	return err
}

func (a api) stage(name string) (apigw.Stage, error) {
	return find(a, records.Stages, name, notFound(messageInvalidStage))
}

func (a api) stages() ([]apigw.Stage, error) {
	return records.Stages.List(a.r, a.at, a.id)
}

func (a api) roomForStage() error {
	if len(records.Stages.IDs(a.r, a.at, a.id)) >= or(a.service.StagesLimit, apigw.StagesLimit) {
		return limitExceeded(messageStagesLimit)
	}
	return nil
}

// putStage checks a stage and puts it.
func (a api) putStage(stage *apigw.Stage) error {
	if !apigw.ValidStageName(stage.StageName) {
		return badRequest(messageInvalidStageName)
	}
	if !records.Deployments.Has(a.r, a.at, a.id, stage.DeploymentId) {
		return badRequest(messageDeploymentMissing)
	}
	if version := stage.DocumentationVersion; version != "" && !records.DocumentationVersions.Has(a.r, a.at, a.id, version) {
		return badRequest(messageInvalidDocumentationVersion)
	}
	if id := stage.ClientCertificateId; id != "" && !records.ClientCertificates.Has(a.r, a.at, id) {
		return badRequest(messageInvalidClientCertificate)
	}
	if err := validateStageVariables(stage.Variables); err != nil {
		return err
	}
	if err := a.validateCanary(stage.CanarySettings); err != nil {
		return err
	}
	if err := validateAccessLog(stage.AccessLogSettings); err != nil {
		return err
	}
	if err := unsupportedOfStage.Refuse(stage, badRequest); err != nil {
		return err
	}
	if settings := stage.AccessLogSettings; settings != nil && !apigw.IsOfAccount(settings.DestinationArn, a.at.Account) {
		return unsupportedLogAccount.Refuse(badRequest)
	}
	if stage.TracingEnabled && !a.service.TracesRequests {
		return unsupportedTracing.Refuse(badRequest)
	}
	return records.Stages.Put(a.tx, *stage, a.at, a.id, stage.StageName)
}

func validateStageVariables(variables map[string]string) error {
	if len(variables) > apigw.StageVariablesLimit {
		return badRequest(messageStageVariablesLimit)
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if !apigw.ValidStageVariableName(name) {
			return invalidStageVariableName(name)
		}
		if !apigw.ValidStageVariableValue(variables[name]) {
			return invalidStageVariableValue(variables[name])
		}
	}
	return nil
}

func (a api) validateCanary(canary *apigw.CanarySettings) error {
	if canary == nil {
		return nil
	}
	if !records.Deployments.Has(a.r, a.at, a.id, canary.DeploymentId) {
		return badRequest(messageDeploymentMissing)
	}
	if canary.PercentTraffic < 0 || canary.PercentTraffic > 100 {
		return badRequest(messageInvalidPercentTraffic)
	}
	return validateStageVariables(canary.StageVariableOverrides)
}

// logArnParts is the number of parts of arn:aws:logs:{region}:{account}:{resource}.
const logArnParts = 6

// validateAccessLog checks what is there of an access log: clients set the destination and
// the format with one operation or with two (public scripts), and nothing is written
// before both are set.
func validateAccessLog(settings *apigw.AccessLogSettings) error {
	if settings == nil {
		return nil
	}
	if err := validateLogDestination(settings.DestinationArn); settings.DestinationArn != "" && err != nil {
		return err
	}
	switch {
	case settings.Format == "":
		return nil
	case !apigw.IsOneLine(settings.Format):
		return badRequest(messageInvalidLogFormat + "'" + settings.Format + "'")
	case !apigw.NamesRequest(settings.Format):
		return badRequest(messageLogFormatWithoutId)
	}
	return nil
}

func validateLogDestination(arn string) error {
	parts := strings.SplitN(arn, ":", logArnParts)
	if len(parts) < logArnParts || parts[0] != "arn" || parts[3] == "" || parts[4] == "" || parts[5] == "" {
		return badRequest(messageInvalidLogArn)
	}
	if parts[2] == "firehose" {
		return nil // refused with its reason
	}
	name, ok := apigw.LogGroupOf(parts[5])
	switch {
	case parts[2] != "logs", !ok:
		return badRequest(messageInvalidLogArn)
	case !apigw.ValidLogDestination(name):
		return badRequest(messageLogDestination + "'" + parts[5] + "'")
	}
	return nil
}

// applyStagePatch applies a stage's patches; a path that looks like one of a method
// setting has an error of its own (observed).
func applyStagePatch(stage *apigw.Stage, operations []apigateway.PatchOperation) error {
	for i, operation := range operations {
		err := applyPatchUnwrapped(stagePatches, stage, operations[i:i+1])
		var refused *patch.Error
		if errors.As(err, &refused) && refused.Possible != nil {
			return invalidStagePath(operation)
		}
		if err != nil {
			return badPatch(err)
		}
	}
	return nil
}

func invalidStagePath(operation apigateway.PatchOperation) error {
	path, op := text(operation.Path), string(operation.Op)
	possible := stagePatches.Paths(op)
	if strings.Count(path, "/") >= methodSettingSlashes {
		return invalidMethodSetting(path, possible)
	}
	return badPatch(patch.InvalidPath(patch.Operation{Op: op, Path: path}, possible))
}

func stageOutput(stage apigw.Stage) *apigateway.Stage {
	out := &apigateway.Stage{
		StageName: &stage.StageName, DeploymentId: &stage.DeploymentId, Description: optional(stage.Description),
		ClientCertificateId: optional(stage.ClientCertificateId), CacheClusterEnabled: &stage.CacheClusterEnabled,
		CacheClusterSize: apigateway.CacheClusterSize(stage.CacheClusterSize), CacheClusterStatus: cacheClusterStatus(&stage),
		MethodSettings: map[string]apigateway.MethodSetting{}, Variables: stage.Variables,
		DocumentationVersion: optional(stage.DocumentationVersion), TracingEnabled: &stage.TracingEnabled,
		WebAclArn: optional(stage.WebAclArn), Tags: stage.Tags, CreatedDate: seconds(stage.CreatedDate), LastUpdatedDate: seconds(stage.LastUpdatedDate),
	}
	for key, setting := range stage.MethodSettings {
		out.MethodSettings[key] = *methodSettingOutput(setting)
	}
	if settings := stage.AccessLogSettings; settings != nil {
		out.AccessLogSettings = &apigateway.AccessLogSettings{Format: &settings.Format, DestinationArn: &settings.DestinationArn}
	}
	if canary := stage.CanarySettings; canary != nil {
		out.CanarySettings = &apigateway.CanarySettings{
			PercentTraffic: &canary.PercentTraffic, DeploymentId: &canary.DeploymentId,
			StageVariableOverrides: canary.StageVariableOverrides, UseStageCache: &canary.UseStageCache,
		}
	}
	return out
}
