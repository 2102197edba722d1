package apis

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/openapi"
)

// exportVersion is the only value of ExportApi's exportVersion.
const exportVersion = "1.0"

// ImportApi makes an HTTP API of an OpenAPI definition.
func (s *Service) ImportApi(ctx context.Context, in *apigatewayv2.ImportApiInput) (*apigatewayv2.ImportApiOutput, error) {
	definition, err := readDefinition(ctx, in.Body, in.Basepath)
	if err != nil {
		return nil, err
	}
	created := definition.Api
	created.RouteSelectionExpression, created.ApiKeySelectionExpression = httpRouteSelectionShort, keySelectionHeader
	if err := s.identify(&created); err != nil {
		return nil, err
	}
	if err := validateApi(&created); err != nil {
		return nil, err
	}
	var imported api
	err = s.updateServed(ctx, func(p place) error {
		a, err := p.putNewApi(created)
		if err != nil {
			return err
		}
		imported, err = a.putDefinition(definition, given(in.FailOnWarnings, false))
		return err
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.ImportApiOutput)(imported.apiOutput(imported.record)), nil
}

// ReimportApi makes an HTTP API what an OpenAPI definition says; its id, deployments and
// stages stay.
func (s *Service) ReimportApi(ctx context.Context, in *apigatewayv2.ReimportApiInput) (*apigatewayv2.ReimportApiOutput, error) {
	definition, err := readDefinition(ctx, in.Body, in.Basepath)
	if err != nil {
		return nil, err
	}
	var imported api
	err = s.updateContent(ctx, in.ApiId, func(a api) error {
		if !a.isHttp() {
			return badRequest(messageImportProtocol)
		}
		from := definition.Api
		a.record.Name, a.record.Description, a.record.Version = from.Name, from.Description, from.Version
		a.record.CorsConfiguration, a.record.DisableExecuteApiEndpoint = from.CorsConfiguration, from.DisableExecuteApiEndpoint
		if from.Tags != nil {
			a.record.Tags = from.Tags
		}
		if err := validateApi(&a.record); err != nil {
			return err
		}
		records.DeleteApiContent(a.tx, a.scope, a.id)
		var err error
		imported, err = a.putDefinition(definition, given(in.FailOnWarnings, false))
		return err
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.ReimportApiOutput)(imported.apiOutput(imported.record)), nil
}

func readDefinition(ctx context.Context, body string, basepath *string) (*openapi.Definition, error) {
	mode := text(basepath)
	if !slices.Contains([]string{"", openapi.BasepathIgnore, openapi.BasepathPrepend, openapi.BasepathSplit}, mode) {
		return nil, badRequest(messageBasepath)
	}
	scope := scopeOf(ctx)
	definition, err := openapi.Read([]byte(body), openapi.Options{Basepath: mode, Account: scope.Account, Region: scope.Region})
	var refused *openapi.Error
	if errors.As(err, &refused) {
		return nil, badRequest(refused.Error())
	}
	return definition, err
}

// putDefinition puts what a definition says into an API without content. What AWS's
// checks refuse becomes a warning, and is left out; warnings fail when they are to.
func (a api) putDefinition(definition *openapi.Definition, failOnWarnings bool) (api, error) {
	i := importer{api: a, warnings: slices.Clone(definition.Warnings)}
	for _, integration := range definition.Integrations {
		one := integration.Integration
		created := i.try("Unable to create an integration of "+integration.Where, func() error { return a.putNewIntegration(&one) })
		i.integrationIds = append(i.integrationIds, idIf(created, one.IntegrationId))
	}
	for _, authorizer := range definition.Authorizers {
		created := i.try("Unable to create the authorizer '"+authorizer.Name+"'", func() error { return a.putNewAuthorizer(&authorizer) })
		i.authorizerIds = append(i.authorizerIds, idIf(created, authorizer.AuthorizerId))
	}
	for _, route := range definition.Routes {
		i.route(route)
	}
	if i.err != nil {
		return a, i.err
	}
	if failOnWarnings && len(i.warnings) > 0 {
		return a, badRequest("Warnings found during import:\n\t" + openapi.Listed(i.warnings))
	}
	a.record.ImportInfo, a.record.Warnings = openapi.Bounded(definition.Info), openapi.Bounded(i.warnings)
	return a, a.put()
}

// importer puts the parts of a definition; ids are in the definition's order, and empty
// for what could not be put.
type importer struct {
	api

	integrationIds []string
	authorizerIds  []string
	warnings       []string
	err            error
}

// try puts one part. A refusal is a warning; any other error stops the import.
func (i *importer) try(about string, put func() error) bool {
	if i.err != nil {
		return false
	}
	err := put()
	var (
		refused *apigatewayv2.BadRequestException
		missing *apigatewayv2.NotFoundException
	)
	switch {
	case errors.As(err, &refused):
		i.warnings = append(i.warnings, about+": "+refused.Message)
	case errors.As(err, &missing):
		i.warnings = append(i.warnings, about+": "+missing.Message)
	default:
		i.err = err
	}
	return err == nil
}

func idIf(created bool, id string) string {
	if !created {
		return ""
	}
	return id
}

// route puts a route. One whose authorizer could not be put is left out, so that it
// does not stand open.
func (i *importer) route(from openapi.Route) {
	route := from.Route
	if from.IntegrationIndex >= 0 && i.integrationIds[from.IntegrationIndex] != "" {
		route.Target = apigwv2.TargetOf(i.integrationIds[from.IntegrationIndex])
	}
	if from.AuthorizerIndex >= 0 {
		route.AuthorizerId = i.authorizerIds[from.AuthorizerIndex]
	}
	i.try("Unable to create the route '"+route.RouteKey+"'", func() error { return i.putNewRoute(&route) })
}

// ExportApi writes an OpenAPI definition of an HTTP API: as a stage serves it, or as it
// is edited.
func (s *Service) ExportApi(ctx context.Context, in *apigatewayv2.ExportApiInput) (*apigatewayv2.ExportApiOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	if !a.isHttp() {
		return nil, badRequest(messageImportProtocol)
	}
	if given(in.ExportVersion, exportVersion) != exportVersion {
		return nil, badRequest(messageExportVersion)
	}
	content, err := a.exported(text(in.StageName))
	if err != nil {
		return nil, err
	}
	stageName := strings.TrimPrefix(text(in.StageName), apigwv2.DefaultStageName)
	body, err := openapi.Write(openapi.Export{
		Snapshot: content, ServerUrl: s.ApiEndpoint(a.id, a.scope.Region, a.record.ProtocolType), StageName: stageName,
		Format: string(in.OutputType), WithoutExtensions: !given(in.IncludeExtensions, true),
	})
	return &apigatewayv2.ExportApiOutput{Body: body}, err
}

func (a api) exported(stageName string) (apigwv2.Snapshot, error) {
	if stageName == "" {
		return records.ApiContent(a.r, a.scope, a.id)
	}
	stage, err := a.stage(stageName)
	if err != nil {
		return apigwv2.Snapshot{}, err
	}
	if stage.DeploymentId == "" {
		return apigwv2.Snapshot{}, badRequest(messageNoDeployment)
	}
	return records.ApiSnapshots.Get(a.r, a.at, a.id, stage.DeploymentId)
}
