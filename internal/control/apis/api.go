package apis

import (
	"context"
	"regexp"
	"unicode/utf8"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/control/mappings"
	"gatehouse/internal/fault"
	"gatehouse/internal/mapping"
)

const (
	// httpRouteSelection is the only route selection expression of HTTP APIs.
	httpRouteSelection = "${request.method} ${request.path}"
	// httpRouteSelectionShort is another way to write it, and how AWS answers it.
	httpRouteSelectionShort = "$request.method $request.path"

	keySelectionHeader     = "$request.header.x-api-key"
	keySelectionAuthorizer = "$context.authorizer.usageIdentifierKey"

	ipv4 = "ipv4"

	nameLimit = 128 // characters

	// customIdTag is the tag that pins an API's id; it is ours, and stays on the API.
	customIdTag = "_custom_id_"
)

// customIdPattern is what fits into a host name.
var customIdPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CreateApi makes an API; with a target also a route, an integration and a stage that
// deploys by itself (quick create).
func (s *Service) CreateApi(ctx context.Context, in *apigatewayv2.CreateApiInput) (*apigatewayv2.CreateApiOutput, error) {
	created, err := s.newApi(in)
	if err != nil {
		return nil, err
	}
	quick := quickCreate{target: in.Target, routeKey: in.RouteKey, credentialsArn: in.CredentialsArn}
	if err := quick.validate(created.ProtocolType); err != nil {
		return nil, err
	}
	err = s.updateServed(ctx, func(p place) error {
		a, err := p.putNewApi(created)
		if err != nil || in.Target == nil {
			return err
		}
		return a.quickCreate(quick)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateApiOutput)(s.view(ctx).apiOutput(created)), nil
}

// newApi reads the input into a record with its id.
func (s *Service) newApi(in *apigatewayv2.CreateApiInput) (apigwv2.Api, error) {
	created := apigwv2.Api{
		Name: in.Name, ProtocolType: string(in.ProtocolType), Description: text(in.Description), Version: text(in.Version),
		RouteSelectionExpression:  text(in.RouteSelectionExpression),
		ApiKeySelectionExpression: given(in.ApiKeySelectionExpression, keySelectionHeader),
		DisableSchemaValidation:   given(in.DisableSchemaValidation, false),
		DisableExecuteApiEndpoint: given(in.DisableExecuteApiEndpoint, false),
		IpAddressType:             string(in.IpAddressType), CorsConfiguration: corsOf(in.CorsConfiguration), Tags: in.Tags,
	}
	if err := s.identify(&created); err != nil {
		return created, err
	}
	return created, validateApi(&created)
}

// identify gives a new Api what no client chooses.
func (s *Service) identify(created *apigwv2.Api) error {
	created.CreatedDate = s.Now().UTC()
	if created.IpAddressType == "" {
		created.IpAddressType = ipv4
	}
	pinned, ok := created.Tags[customIdTag]
	if !ok {
		var err error
		created.ApiId, err = s.Ids.Api()
		return err
	}
	if !customIdPattern.MatchString(pinned) {
		return apiIdUnusable(pinned)
	}
	created.ApiId = pinned
	return nil
}

// putNewApi puts an Api whose id nobody has: the data plane finds REST APIs by the same ids.
func (p place) putNewApi(created apigwv2.Api) (api, error) {
	if records.Apis.Has(p.r, p.at, created.ApiId) || records.RestApis.Has(p.r, p.at, created.ApiId) {
		return api{}, apiIdTaken(created.ApiId)
	}
	a := api{place: p, id: created.ApiId, record: created}
	return a, a.put()
}

func (a api) put() error { return records.Apis.Put(a.tx, a.record, a.at, a.id) }

// GetApi returns an API.
func (s *Service) GetApi(ctx context.Context, in *apigatewayv2.GetApiInput) (*apigatewayv2.GetApiOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	return a.apiOutput(a.record), nil
}

// GetApis lists the HTTP and WebSocket APIs of the account in the region.
func (s *Service) GetApis(ctx context.Context, in *apigatewayv2.GetApisInput) (*apigatewayv2.GetApisOutput, error) {
	p := s.view(ctx)
	all, err := records.Apis.List(p.r, p.at)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(a apigwv2.Api) string { return a.ApiId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetApisOutput{Items: list.Convert(found.Items, p.apiItem), NextToken: found.Next}, nil
}

// UpdateApi changes an API, and what quick create made for it.
func (s *Service) UpdateApi(ctx context.Context, in *apigatewayv2.UpdateApiInput) (*apigatewayv2.UpdateApiOutput, error) {
	var updated api
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		changeApi(&a.record, in)
		if err := validateApi(&a.record); err != nil {
			return err
		}
		updated = a
		quick := quickCreate{target: in.Target, routeKey: in.RouteKey, credentialsArn: in.CredentialsArn}
		if err := a.updateQuickCreated(quick); err != nil {
			return err
		}
		return a.put()
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateApiOutput)(updated.apiOutput(updated.record)), nil
}

func changeApi(a *apigwv2.Api, in *apigatewayv2.UpdateApiInput) {
	set(&a.Name, in.Name)
	set(&a.Description, in.Description)
	set(&a.Version, in.Version)
	set(&a.RouteSelectionExpression, in.RouteSelectionExpression)
	set(&a.ApiKeySelectionExpression, in.ApiKeySelectionExpression)
	set(&a.DisableSchemaValidation, in.DisableSchemaValidation)
	set(&a.DisableExecuteApiEndpoint, in.DisableExecuteApiEndpoint)
	setEnum(&a.IpAddressType, in.IpAddressType)
	if in.CorsConfiguration != nil {
		a.CorsConfiguration = corsOf(in.CorsConfiguration)
	}
}

// DeleteApi deletes an API with everything it has, unless a domain maps to it.
func (s *Service) DeleteApi(ctx context.Context, in *apigatewayv2.DeleteApiInput) (*apigatewayv2.DeleteApiOutput, error) {
	if err := s.deleteUnusedDeployments(ctx, in.ApiId); err != nil {
		return nil, err
	}
	err := s.updateApi(ctx, in.ApiId, func(a api) error {
		if err := a.unmapped(); err != nil {
			return err
		}
		records.DeleteApi(a.tx, a.scope, a.id)
		return records.RemoveApiStages(a.tx, a.scope, a.id, "")
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteApiOutput{}, nil
}

func (a api) unmapped() error {
	mapped, err := records.MappingsTo(a.r, a.scope, a.id, "")
	if err == nil && len(mapped) > 0 {
		err = fault.Refuse(apiMapped(a.id), mappings.Refusal("API "+a.id, mapped))
	}
	return err
}

// deploymentsAtOnce keeps the deletion of an API with very many deployments below
// store.MaxBatchWrites; each has two records.
const deploymentsAtOnce = 2000

// deleteUnusedDeployments deletes deployments that no stage serves until what is left
// fits into one transaction.
func (s *Service) deleteUnusedDeployments(ctx context.Context, apiId string) error {
	for {
		deleted := 0
		err := s.update(ctx, func(p place) error {
			deleted = 0
			a, err := p.api(apiId)
			if err != nil {
				return err
			}
			if err := a.unmapped(); err != nil {
				return err
			}
			stages, err := records.ApiStages.List(a.r, a.at, a.id)
			if err != nil {
				return err
			}
			ids := records.ApiDeployments.IDs(a.r, a.at, a.id)
			for _, id := range ids[:max(0, len(ids)-deploymentsAtOnce)] {
				if deleted < deploymentsAtOnce && !pointedTo(stages, id[1]) {
					a.deleteDeployment(id[1])
					deleted++
				}
			}
			return nil
		})
		if err != nil || deleted < deploymentsAtOnce {
			return err
		}
	}
}

// validateApi checks an API and completes what HTTP APIs have fixed.
func validateApi(a *apigwv2.Api) error {
	if length := utf8.RuneCountInString(a.Name); length == 0 || length > nameLimit {
		return badRequest(messageInvalidName)
	}
	if err := validateRouteSelection(a); err != nil {
		return err
	}
	if a.ApiKeySelectionExpression != keySelectionHeader && a.ApiKeySelectionExpression != keySelectionAuthorizer {
		return badRequest(messageInvalidKeySelection)
	}
	isHttp := a.ProtocolType == apigwv2.ProtocolTypeHttp
	switch {
	case isHttp && a.DisableSchemaValidation:
		return badRequest(messageSchemaValidation)
	case !isHttp && a.CorsConfiguration != nil:
		return badRequest(messageCorsProtocol)
	}
	if err := validateCors(a.CorsConfiguration); err != nil {
		return err
	}
	return validateTags(a.Tags)
}

func validateRouteSelection(a *apigwv2.Api) error {
	expression := a.RouteSelectionExpression
	if a.ProtocolType == apigwv2.ProtocolTypeHttp {
		if expression != "" && expression != httpRouteSelection && expression != httpRouteSelectionShort {
			return badRequest(messageRouteSelectionFixed)
		}
		a.RouteSelectionExpression = httpRouteSelectionShort
		return nil
	}
	if expression == "" {
		return badRequest(messageRouteSelectionNeeded)
	}
	if _, err := mapping.CompileSelection(expression); err != nil {
		return badRequest(messageInvalidRouteSelection)
	}
	return nil
}

func (p place) apiOutput(a apigwv2.Api) *apigatewayv2.GetApiOutput {
	endpoint := p.service.ApiEndpoint(a.ApiId, p.scope.Region, a.ProtocolType)
	out := &apigatewayv2.GetApiOutput{
		ApiEndpoint: &endpoint, ApiGatewayManaged: only(a.ApiGatewayManaged), ApiId: &a.ApiId,
		ApiKeySelectionExpression: &a.ApiKeySelectionExpression, CorsConfiguration: corsOutput(a.CorsConfiguration),
		CreatedDate: seconds(a.CreatedDate), Description: optional(a.Description), DisableExecuteApiEndpoint: &a.DisableExecuteApiEndpoint,
		ImportInfo: a.ImportInfo, IpAddressType: apigatewayv2.IpAddressType(a.IpAddressType), Name: &a.Name,
		ProtocolType: apigatewayv2.ProtocolType(a.ProtocolType), RouteSelectionExpression: &a.RouteSelectionExpression,
		Tags: entries(a.Tags), Version: optional(a.Version), Warnings: a.Warnings,
	}
	if a.ProtocolType == apigwv2.ProtocolTypeWebSocket {
		out.DisableSchemaValidation = &a.DisableSchemaValidation
	}
	return out
}

func (p place) apiItem(a apigwv2.Api) apigatewayv2.Api {
	out := p.apiOutput(a)
	return apigatewayv2.Api{
		ApiEndpoint: out.ApiEndpoint, ApiGatewayManaged: out.ApiGatewayManaged, ApiId: out.ApiId,
		ApiKeySelectionExpression: out.ApiKeySelectionExpression, CorsConfiguration: out.CorsConfiguration,
		CreatedDate: out.CreatedDate, Description: out.Description, DisableSchemaValidation: out.DisableSchemaValidation,
		DisableExecuteApiEndpoint: out.DisableExecuteApiEndpoint, ImportInfo: out.ImportInfo, IpAddressType: out.IpAddressType,
		Name: a.Name, ProtocolType: out.ProtocolType, RouteSelectionExpression: a.RouteSelectionExpression,
		Tags: out.Tags, Version: out.Version, Warnings: out.Warnings,
	}
}
