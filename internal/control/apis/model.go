package apis

import (
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/jsonschema"
)

// contentTypeJson is a model's content type by default.
const contentTypeJson = "application/json"

// CreateModel adds a model to a WebSocket API.
func (s *Service) CreateModel(ctx context.Context, in *apigatewayv2.CreateModelInput) (*apigatewayv2.CreateModelOutput, error) {
	created := apigwv2.Model{Name: in.Name, Description: text(in.Description), Schema: in.Schema, ContentType: given(in.ContentType, contentTypeJson)}
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		if a.isHttp() {
			return badRequest(messageModelsProtocol)
		}
		var err error
		if created.ModelId, err = newId(a.place, records.ApiModels, s.Ids.Resource, a.id); err != nil {
			return err
		}
		return a.putModel(created)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateModelOutput)(modelOutput(created)), nil
}

// GetModel returns a model.
func (s *Service) GetModel(ctx context.Context, in *apigatewayv2.GetModelInput) (*apigatewayv2.GetModelOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.model(in.ModelId)
	if err != nil {
		return nil, err
	}
	return modelOutput(found), nil
}

// GetModels lists the models of an API.
func (s *Service) GetModels(ctx context.Context, in *apigatewayv2.GetModelsInput) (*apigatewayv2.GetModelsOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.ApiModels.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(m apigwv2.Model) string { return m.ModelId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetModelsOutput{Items: list.Convert(found.Items, modelItem), NextToken: found.Next}, nil
}

// GetModelTemplate returns a mapping template with the shape of a model.
func (s *Service) GetModelTemplate(ctx context.Context, in *apigatewayv2.GetModelTemplateInput) (*apigatewayv2.GetModelTemplateOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.model(in.ModelId)
	if err != nil {
		return nil, err
	}
	template, ok := restapis.TemplateOf(found.Schema)
	if !ok {
		return nil, badRequest(messageInvalidModel)
	}
	return &apigatewayv2.GetModelTemplateOutput{Value: &template}, nil
}

// UpdateModel changes a model.
func (s *Service) UpdateModel(ctx context.Context, in *apigatewayv2.UpdateModelInput) (*apigatewayv2.UpdateModelOutput, error) {
	var updated apigwv2.Model
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		var err error
		if updated, err = a.model(in.ModelId); err != nil {
			return err
		}
		if in.Name != nil && *in.Name != updated.Name {
			if err := a.modelUnused(updated.Name); err != nil {
				return err
			}
		}
		set(&updated.Name, in.Name)
		set(&updated.Description, in.Description)
		set(&updated.Schema, in.Schema)
		set(&updated.ContentType, in.ContentType)
		return a.putModel(updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateModelOutput)(modelOutput(updated)), nil
}

// DeleteModel deletes a model that no route uses.
func (s *Service) DeleteModel(ctx context.Context, in *apigatewayv2.DeleteModelInput) (*apigatewayv2.DeleteModelOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		found, err := a.model(in.ModelId)
		if err != nil {
			return err
		}
		if err := a.modelUnused(found.Name); err != nil {
			return err
		}
		records.ApiModels.Delete(a.tx, a.at, a.id, in.ModelId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteModelOutput{}, nil
}

// modelUnused is an error while routes or their responses name a model.
func (a api) modelUnused(name string) error {
	content, err := records.ApiContent(a.r, a.scope, a.id)
	if err != nil {
		return err
	}
	names := func(byKey map[string]string) bool { return slices.Contains(slices.Collect(maps.Values(byKey)), name) }
	var routeIds []string
	for _, route := range content.Routes {
		inResponse := slices.ContainsFunc(content.RouteResponses[route.RouteId], func(r apigwv2.RouteResponse) bool { return names(r.ResponseModels) })
		if names(route.RequestModels) || inResponse {
			routeIds = append(routeIds, route.RouteId)
		}
	}
	if len(routeIds) > 0 {
		return modelInUse(routeIds)
	}
	return nil
}

func (a api) model(id string) (apigwv2.Model, error) {
	return find(a.place, records.ApiModels, invalidIdentifier("Model"), a.id, id)
}

// putModel checks a model and puts it.
func (a api) putModel(m apigwv2.Model) error {
	if !apigw.ValidModelName(m.Name) {
		return badRequest(messageModelName + m.Name)
	}
	if m.ContentType == "" {
		return badRequest("Invalid content type specified")
	}
	others, err := records.ApiModels.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(other apigwv2.Model) bool { return other.Name == m.Name && other.ModelId != m.ModelId }) {
		return conflict(messageModelExists)
	}
	_, err = jsonschema.Compile(m.Schema, resolverOf(others))
	switch {
	case errors.Is(err, jsonschema.ErrTooLarge):
		return badRequest(messageModelTooLarge)
	case err != nil:
		return badRequest(messageInvalidModel)
	}
	return records.ApiModels.Put(a.tx, m, a.at, a.id, m.ModelId)
}

// resolverOf finds the model that a $ref names: https://…/models/{name}.
func resolverOf(models []apigwv2.Model) func(url string) (string, bool) {
	return func(url string) (string, bool) {
		above, name := path.Split(url)
		at := slices.IndexFunc(models, func(m apigwv2.Model) bool { return m.Name == name })
		if at < 0 || !strings.HasSuffix(above, "/models/") {
			return "", false
		}
		return models[at].Schema, true
	}
}

func modelOutput(m apigwv2.Model) *apigatewayv2.GetModelOutput {
	return &apigatewayv2.GetModelOutput{
		ContentType: &m.ContentType, Description: optional(m.Description), ModelId: &m.ModelId, Name: &m.Name, Schema: &m.Schema,
	}
}

func modelItem(m apigwv2.Model) apigatewayv2.Model {
	return apigatewayv2.Model{
		ContentType: &m.ContentType, Description: optional(m.Description), ModelId: &m.ModelId, Name: m.Name, Schema: &m.Schema,
	}
}
