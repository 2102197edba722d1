package apis

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/mapping"
)

// CreateIntegrationResponse adds a response to an integration of a WebSocket API.
func (s *Service) CreateIntegrationResponse(ctx context.Context, in *apigatewayv2.CreateIntegrationResponseInput) (*apigatewayv2.CreateIntegrationResponseOutput, error) {
	created := apigwv2.IntegrationResponse{
		IntegrationResponseKey: in.IntegrationResponseKey, ContentHandlingStrategy: string(in.ContentHandlingStrategy),
		ResponseParameters: in.ResponseParameters, ResponseTemplates: in.ResponseTemplates,
		TemplateSelectionExpression: text(in.TemplateSelectionExpression),
	}
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		if _, err := a.integration(in.IntegrationId); err != nil {
			return err
		}
		if a.isHttp() {
			return badRequest("IntegrationResponse" + messageWebSocketOnly)
		}
		if err := a.integrationResponseKeyFree(in.IntegrationId, in.IntegrationResponseKey); err != nil {
			return err
		}
		var err error
		created.IntegrationResponseId, err = newId(a.place, records.IntegrationResponses, s.Ids.Route, a.id, in.IntegrationId)
		if err != nil {
			return err
		}
		return a.putIntegrationResponse(in.IntegrationId, created)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateIntegrationResponseOutput)(integrationResponseOutput(created)), nil
}

func (a api) integrationResponseKeyFree(integrationId, key string) error {
	responses, err := records.IntegrationResponses.List(a.r, a.at, a.id, integrationId)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(responses, func(r apigwv2.IntegrationResponse) bool { return r.IntegrationResponseKey == key }) {
		return conflict("IntegrationResponse with key " + key + " already exists for this Integration")
	}
	return nil
}

// GetIntegrationResponse returns a response of an integration.
func (s *Service) GetIntegrationResponse(ctx context.Context, in *apigatewayv2.GetIntegrationResponseInput) (*apigatewayv2.GetIntegrationResponseOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.integrationResponse(in.IntegrationId, in.IntegrationResponseId)
	if err != nil {
		return nil, err
	}
	return integrationResponseOutput(found), nil
}

// GetIntegrationResponses lists the responses of an integration.
func (s *Service) GetIntegrationResponses(ctx context.Context, in *apigatewayv2.GetIntegrationResponsesInput) (*apigatewayv2.GetIntegrationResponsesOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.integration(in.IntegrationId); err != nil {
		return nil, err
	}
	all, err := records.IntegrationResponses.List(a.r, a.at, a.id, in.IntegrationId)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(r apigwv2.IntegrationResponse) string { return r.IntegrationResponseId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetIntegrationResponsesOutput{Items: list.Convert(found.Items, integrationResponseItem), NextToken: found.Next}, nil
}

// UpdateIntegrationResponse changes a response of an integration.
func (s *Service) UpdateIntegrationResponse(ctx context.Context, in *apigatewayv2.UpdateIntegrationResponseInput) (*apigatewayv2.UpdateIntegrationResponseOutput, error) {
	var updated apigwv2.IntegrationResponse
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		var err error
		if updated, err = a.integrationResponse(in.IntegrationId, in.IntegrationResponseId); err != nil {
			return err
		}
		if in.IntegrationResponseKey != nil && *in.IntegrationResponseKey != updated.IntegrationResponseKey {
			if err := a.integrationResponseKeyFree(in.IntegrationId, *in.IntegrationResponseKey); err != nil {
				return err
			}
		}
		set(&updated.IntegrationResponseKey, in.IntegrationResponseKey)
		setEnum(&updated.ContentHandlingStrategy, in.ContentHandlingStrategy)
		merge(&updated.ResponseParameters, in.ResponseParameters, isEmptyText)
		setMap(&updated.ResponseTemplates, in.ResponseTemplates)
		set(&updated.TemplateSelectionExpression, in.TemplateSelectionExpression)
		return a.putIntegrationResponse(in.IntegrationId, updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateIntegrationResponseOutput)(integrationResponseOutput(updated)), nil
}

// DeleteIntegrationResponse deletes a response of an integration.
func (s *Service) DeleteIntegrationResponse(ctx context.Context, in *apigatewayv2.DeleteIntegrationResponseInput) (*apigatewayv2.DeleteIntegrationResponseOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		if _, err := a.integrationResponse(in.IntegrationId, in.IntegrationResponseId); err != nil {
			return err
		}
		records.IntegrationResponses.Delete(a.tx, a.at, a.id, in.IntegrationId, in.IntegrationResponseId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteIntegrationResponseOutput{}, nil
}

func (a api) integrationResponse(integrationId, id string) (apigwv2.IntegrationResponse, error) {
	if _, err := a.integration(integrationId); err != nil {
		return apigwv2.IntegrationResponse{}, err
	}
	return find(a.place, records.IntegrationResponses, invalidIdentifier("IntegrationResponse"), a.id, integrationId, id)
}

// putIntegrationResponse checks a response and puts it.
func (a api) putIntegrationResponse(integrationId string, r apigwv2.IntegrationResponse) error {
	if !validResponseKey(r.IntegrationResponseKey) {
		return badRequest(messageIntegrationResponseKey)
	}
	if err := validateTemplates(r.TemplateSelectionExpression, r.ResponseTemplates); err != nil {
		return err
	}
	var errs []error
	for _, to := range slices.Sorted(maps.Keys(r.ResponseParameters)) {
		if !routeResponse.MatchString(to) {
			errs = append(errs, &mapping.MappingError{Expression: to, Undeclared: true})
			continue
		}
		if _, err := mapping.CompileResponseParameter(r.ResponseParameters[to]); err != nil {
			errs = append(errs, err)
		}
	}
	if err := invalidMapping(errs); err != nil {
		return err
	}
	if err := unsupportedOfIntegrationResponse.Refuse(&r, badRequest); err != nil {
		return err
	}
	return records.IntegrationResponses.Put(a.tx, r, a.at, a.id, integrationId, r.IntegrationResponseId)
}

// validResponseKey takes $default and /pattern/.
func validResponseKey(key string) bool {
	if key == defaultKey {
		return true
	}
	pattern, ok := strings.CutPrefix(key, "/")
	pattern, closed := strings.CutSuffix(pattern, "/")
	if !ok || !closed || pattern == "" {
		return false
	}
	_, err := regexp.Compile(pattern)
	return err == nil
}

func integrationResponseOutput(r apigwv2.IntegrationResponse) *apigatewayv2.GetIntegrationResponseOutput {
	return &apigatewayv2.GetIntegrationResponseOutput{
		ContentHandlingStrategy: apigatewayv2.ContentHandlingStrategy(r.ContentHandlingStrategy), IntegrationResponseId: &r.IntegrationResponseId,
		IntegrationResponseKey: &r.IntegrationResponseKey, ResponseParameters: r.ResponseParameters, ResponseTemplates: r.ResponseTemplates,
		TemplateSelectionExpression: optional(r.TemplateSelectionExpression),
	}
}

func integrationResponseItem(r apigwv2.IntegrationResponse) apigatewayv2.IntegrationResponse {
	return apigatewayv2.IntegrationResponse{
		ContentHandlingStrategy: apigatewayv2.ContentHandlingStrategy(r.ContentHandlingStrategy), IntegrationResponseId: &r.IntegrationResponseId,
		IntegrationResponseKey: r.IntegrationResponseKey, ResponseParameters: r.ResponseParameters, ResponseTemplates: r.ResponseTemplates,
		TemplateSelectionExpression: optional(r.TemplateSelectionExpression),
	}
}
