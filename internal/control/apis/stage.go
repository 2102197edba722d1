package apis

import (
	"context"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/control/mappings"
	"gatehouse/internal/fault"
)

// CreateStage makes a stage of an API. It returns when the stage is served.
func (s *Service) CreateStage(ctx context.Context, in *apigatewayv2.CreateStageInput) (*apigatewayv2.CreateStageOutput, error) {
	var created apigwv2.Stage
	err := s.updateApi(ctx, in.ApiId, func(a api) error {
		if records.ApiStages.Has(a.r, a.at, a.id, in.StageName) {
			return conflict(messageStageExists)
		}
		if len(records.ApiStages.IDs(a.r, a.at, a.id)) >= apigwv2.StagesLimit {
			return limitReached("Stages")
		}
		created = a.newStage(in.StageName)
		created.DeploymentId, created.Description, created.AutoDeploy = text(in.DeploymentId), text(in.Description), given(in.AutoDeploy, false)
		created.ClientCertificateId, created.AccessLogSettings = text(in.ClientCertificateId), accessLogSettingsOf(in.AccessLogSettings)
		created.StageVariables, created.Tags = in.StageVariables, in.Tags
		if err := a.changeRouteSettings(&created, in.DefaultRouteSettings, in.RouteSettings); err != nil {
			return err
		}
		if created.AutoDeploy && created.DeploymentId != "" {
			return badRequest(messageAutoDeployDeployment)
		}
		return a.putServedStage(&created)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateStageOutput)(stageOutput(created)), nil
}

// newStage is a stage with AWS's defaults.
func (a api) newStage(stageName string) apigwv2.Stage {
	now, no := a.service.Now().UTC(), false
	stage := apigwv2.Stage{
		StageName: stageName, CreatedDate: now, LastUpdatedDate: now,
		DefaultRouteSettings: apigwv2.RouteSettings{DetailedMetricsEnabled: &no},
	}
	if !a.isHttp() {
		stage.DefaultRouteSettings.DataTraceEnabled, stage.DefaultRouteSettings.LoggingLevel = &no, loggingOff
	}
	return stage
}

// putServedStage puts a stage, and deploys to it when it deploys by itself; stage is
// then as it stands.
func (a api) putServedStage(stage *apigwv2.Stage) error {
	if err := a.putStage(stage); err != nil || !stage.AutoDeploy {
		return err
	}
	if err := a.deployAutomatically(); err != nil {
		return err
	}
	var err error
	*stage, err = a.stage(stage.StageName)
	return err
}

// GetStage returns a stage.
func (s *Service) GetStage(ctx context.Context, in *apigatewayv2.GetStageInput) (*apigatewayv2.GetStageOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.stage(in.StageName)
	if err != nil {
		return nil, err
	}
	return stageOutput(found), nil
}

// GetStages lists the stages of an API.
func (s *Service) GetStages(ctx context.Context, in *apigatewayv2.GetStagesInput) (*apigatewayv2.GetStagesOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.ApiStages.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(s apigwv2.Stage) string { return s.StageName }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetStagesOutput{Items: list.Convert(found.Items, stageItem), NextToken: found.Next}, nil
}

// UpdateStage changes a stage. It returns when the change is served.
func (s *Service) UpdateStage(ctx context.Context, in *apigatewayv2.UpdateStageInput) (*apigatewayv2.UpdateStageOutput, error) {
	updated, err := s.changeStage(ctx, in.ApiId, in.StageName, func(a api, stage *apigwv2.Stage) error {
		if stage.ApiGatewayManaged {
			return badRequest(messageManagedStage)
		}
		set(&stage.AutoDeploy, in.AutoDeploy)
		if text(in.DeploymentId) != "" && stage.AutoDeploy && *in.DeploymentId != stage.DeploymentId {
			return badRequest(messageAutoDeployDeployment)
		}
		set(&stage.DeploymentId, in.DeploymentId)
		set(&stage.Description, in.Description)
		set(&stage.ClientCertificateId, in.ClientCertificateId)
		merge(&stage.StageVariables, in.StageVariables, isEmptyText)
		if in.AccessLogSettings != nil {
			stage.AccessLogSettings = accessLogSettingsOf(in.AccessLogSettings)
		}
		return a.changeRouteSettings(stage, in.DefaultRouteSettings, in.RouteSettings)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateStageOutput)(stageOutput(updated)), nil
}

// changeStage changes a stage, and returns when the change is served.
func (s *Service) changeStage(ctx context.Context, apiId, stageName string, change func(a api, stage *apigwv2.Stage) error) (apigwv2.Stage, error) {
	var updated apigwv2.Stage
	err := s.updateApi(ctx, apiId, func(a api) error {
		var err error
		if updated, err = a.stage(stageName); err != nil {
			return err
		}
		if err := change(a, &updated); err != nil {
			return err
		}
		updated.LastUpdatedDate = s.Now().UTC()
		return a.putServedStage(&updated)
	})
	return updated, err
}

// DeleteStage deletes a stage that no domain maps to. It returns when the stage is no
// longer served.
func (s *Service) DeleteStage(ctx context.Context, in *apigatewayv2.DeleteStageInput) (*apigatewayv2.DeleteStageOutput, error) {
	err := s.updateApi(ctx, in.ApiId, func(a api) error {
		if _, err := a.stage(in.StageName); err != nil {
			return err
		}
		mapped, err := records.MappingsTo(a.r, a.scope, a.id, in.StageName)
		if err != nil {
			return err
		}
		if len(mapped) > 0 {
			return fault.Refuse(stageMapped(in.StageName, records.DomainsOf(mapped)), mappings.Refusal("stage "+in.StageName, mapped))
		}
		records.ApiStages.Delete(a.tx, a.at, a.id, in.StageName)
		return records.RemoveApiStages(a.tx, a.scope, a.id, in.StageName)
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteStageOutput{}, nil
}

// DeleteAccessLogSettings makes a stage write no access log.
func (s *Service) DeleteAccessLogSettings(ctx context.Context, in *apigatewayv2.DeleteAccessLogSettingsInput) (*apigatewayv2.DeleteAccessLogSettingsOutput, error) {
	_, err := s.changeStage(ctx, in.ApiId, in.StageName, func(_ api, stage *apigwv2.Stage) error {
		stage.AccessLogSettings = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteAccessLogSettingsOutput{}, nil
}

// ResetAuthorizersCache makes a stage forget what its authorizers have answered.
func (s *Service) ResetAuthorizersCache(ctx context.Context, in *apigatewayv2.ResetAuthorizersCacheInput) (*apigatewayv2.ResetAuthorizersCacheOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.stage(in.StageName); err != nil {
		return nil, err
	}
	if s.ResetAuthorizers != nil {
		if err := s.ResetAuthorizers(ctx, a.scope, a.id, in.StageName); err != nil {
			return nil, err
		}
	}
	return &apigatewayv2.ResetAuthorizersCacheOutput{}, nil
}

func (a api) stage(name string) (apigwv2.Stage, error) {
	return find(a.place, records.ApiStages, unknownStage(name), a.id, name)
}

// putStage checks a stage and puts it.
func (a api) putStage(stage *apigwv2.Stage) error {
	isDefault := stage.StageName == apigwv2.DefaultStageName && a.isHttp()
	if !isDefault && !apigw.ValidStageName(stage.StageName) {
		return badRequest(messageInvalidStageName)
	}
	if stage.DeploymentId != "" {
		if _, err := a.deployment(stage.DeploymentId); err != nil {
			return err
		}
	}
	if err := validateStageVariables(stage.StageVariables); err != nil {
		return err
	}
	if err := a.validateStageSettings(stage); err != nil {
		return err
	}
	if err := a.validateAccessLog(stage.AccessLogSettings); err != nil {
		return err
	}
	if err := validateTags(stage.Tags); err != nil {
		return err
	}
	if err := unsupportedOfStage.Refuse(stage, badRequest); err != nil {
		return err
	}
	if settings := stage.AccessLogSettings; settings != nil && !apigw.IsOfAccount(settings.DestinationArn, a.at.Account) {
		return unsupportedLogAccount.Refuse(badRequest)
	}
	return records.ApiStages.Put(a.tx, *stage, a.at, a.id, stage.StageName)
}

func validateStageVariables(variables map[string]string) error {
	if len(variables) > apigw.StageVariablesLimit {
		return badRequest(messageStageVariablesLimit)
	}
	for name, value := range variables {
		if !apigw.ValidStageVariableName(name) {
			return invalidStageVariableName(name)
		}
		if !apigw.ValidStageVariableValue(value) {
			return invalidStageVariableValue(value)
		}
	}
	return nil
}

// logArnParts is the number of parts of arn:aws:logs:{region}:{account}:log-group:{name}.
const logArnParts = 6

func (a api) validateAccessLog(settings *apigwv2.AccessLogSettings) error {
	if settings == nil {
		return nil
	}
	parts := strings.SplitN(settings.DestinationArn, ":", logArnParts)
	if len(parts) < logArnParts || parts[0] != "arn" || parts[3] == "" || parts[4] == "" || parts[5] == "" {
		return badRequest(messageInvalidLogArn)
	}
	if _, ok := apigw.LogGroupOf(parts[5]); parts[2] != "firehose" && (parts[2] != "logs" || !ok) {
		return badRequest(messageInvalidLogArn)
	}
	if !apigw.IsOneLine(settings.Format) {
		return badRequest(messageInvalidLogFormat)
	}
	protocolType := apigwv2.ProtocolTypeWebSocket
	if a.isHttp() {
		protocolType = apigwv2.ProtocolTypeHttp
	}
	if unsupported := apigwv2.UnsupportedLogVariables(protocolType, settings.Format); len(unsupported) > 0 {
		return badRequest(messageLogVariables + "[" + strings.Join(unsupported, ", ") + "]")
	}
	if !apigw.NamesRequest(settings.Format) {
		return badRequest(messageLogFormatWithoutId)
	}
	return nil
}

func accessLogSettingsOf(in *apigatewayv2.AccessLogSettings) *apigwv2.AccessLogSettings {
	if in == nil {
		return nil
	}
	return &apigwv2.AccessLogSettings{DestinationArn: text(in.DestinationArn), Format: text(in.Format)}
}

func stageOutput(s apigwv2.Stage) *apigatewayv2.GetStageOutput {
	settings := routeSettingsOutput(s.DefaultRouteSettings)
	out := &apigatewayv2.GetStageOutput{
		ApiGatewayManaged: only(s.ApiGatewayManaged), AutoDeploy: only(s.AutoDeploy), ClientCertificateId: optional(s.ClientCertificateId),
		CreatedDate: seconds(s.CreatedDate), DefaultRouteSettings: &settings, DeploymentId: optional(s.DeploymentId),
		Description: optional(s.Description), LastDeploymentStatusMessage: optional(s.LastDeploymentStatusMessage),
		LastUpdatedDate: seconds(s.LastUpdatedDate), RouteSettings: map[string]apigatewayv2.RouteSettings{}, StageName: &s.StageName,
		StageVariables: entries(s.StageVariables), Tags: entries(s.Tags),
	}
	for routeKey, settings := range s.RouteSettings {
		out.RouteSettings[routeKey] = routeSettingsOutput(settings)
	}
	if settings := s.AccessLogSettings; settings != nil {
		out.AccessLogSettings = &apigatewayv2.AccessLogSettings{DestinationArn: &settings.DestinationArn, Format: &settings.Format}
	}
	return out
}

func stageItem(s apigwv2.Stage) apigatewayv2.Stage {
	out := stageOutput(s)
	return apigatewayv2.Stage{
		AccessLogSettings: out.AccessLogSettings, ApiGatewayManaged: out.ApiGatewayManaged, AutoDeploy: out.AutoDeploy,
		ClientCertificateId: out.ClientCertificateId, CreatedDate: out.CreatedDate, DefaultRouteSettings: out.DefaultRouteSettings,
		DeploymentId: out.DeploymentId, Description: out.Description, LastDeploymentStatusMessage: out.LastDeploymentStatusMessage,
		LastUpdatedDate: out.LastUpdatedDate, RouteSettings: out.RouteSettings, StageName: s.StageName,
		StageVariables: out.StageVariables, Tags: out.Tags,
	}
}
