package restapis

import (
	"context"
	"maps"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// PutMethodResponse adds a status code to a method.
func (s *Service) PutMethodResponse(ctx context.Context, in *apigateway.PutMethodResponseInput) (*apigateway.MethodResponse, error) {
	created := apigw.MethodResponse{
		StatusCode: in.StatusCode, ResponseParameters: in.ResponseParameters, ResponseModels: in.ResponseModels,
	}
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(a api, m *apigw.Method) error {
		if _, ok := m.MethodResponses[in.StatusCode]; ok {
			return conflict(messageResponseExists)
		}
		return a.setMethodResponse(m, created)
	})
	if err != nil {
		return nil, err
	}
	return methodResponseOutput(created), nil
}

// GetMethodResponse returns one status code of a method.
func (s *Service) GetMethodResponse(ctx context.Context, in *apigateway.GetMethodResponseInput) (*apigateway.MethodResponse, error) {
	method, err := s.viewMethod(ctx, methodId{in.RestApiId, in.ResourceId, in.HttpMethod})
	if err != nil {
		return nil, err
	}
	found, ok := method.MethodResponses[in.StatusCode]
	if !ok {
		return nil, notFound(messageInvalidStatusCode)
	}
	return methodResponseOutput(found), nil
}

// UpdateMethodResponse patches one status code of a method.
func (s *Service) UpdateMethodResponse(ctx context.Context, in *apigateway.UpdateMethodResponseInput) (*apigateway.MethodResponse, error) {
	var updated apigw.MethodResponse
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(a api, m *apigw.Method) error {
		var ok bool
		if updated, ok = m.MethodResponses[in.StatusCode]; !ok {
			return notFound(messageInvalidStatusCode)
		}
		if err := applyPatch(methodResponsePatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return a.setMethodResponse(m, updated)
	})
	if err != nil {
		return nil, err
	}
	return methodResponseOutput(updated), nil
}

// DeleteMethodResponse deletes one status code of a method.
func (s *Service) DeleteMethodResponse(ctx context.Context, in *apigateway.DeleteMethodResponseInput) (*apigateway.DeleteMethodResponseOutput, error) {
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(_ api, m *apigw.Method) error {
		if _, ok := m.MethodResponses[in.StatusCode]; !ok {
			return notFound(messageInvalidStatusCode)
		}
		m.MethodResponses = maps.Clone(m.MethodResponses)
		delete(m.MethodResponses, in.StatusCode)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteMethodResponseOutput{}, nil
}

func responseModels(r *apigw.MethodResponse) *map[string]string         { return &r.ResponseModels }
func methodResponseParameters(r *apigw.MethodResponse) *map[string]bool { return &r.ResponseParameters }

// methodResponsePatches: API reference, "Patch operations", UpdateMethodResponse.
var methodResponsePatches = patch.Table[apigw.MethodResponse]{
	{
		Path: "/responseModels/{content_type}", Add: patch.SetEntry(responseModels, "content_type"),
		Replace: patch.SetEntry(responseModels, "content_type"), Remove: patch.RemoveEntry(responseModels, "content_type"),
	},
	{
		Path: "/responseParameters/{parameter}", Add: patch.SetBoolEntry(methodResponseParameters, "parameter"),
		Replace: patch.SetBoolEntry(methodResponseParameters, "parameter"), Remove: patch.RemoveEntry(methodResponseParameters, "parameter"),
	},
}

func (a api) setMethodResponse(m *apigw.Method, response apigw.MethodResponse) error {
	if err := a.validateModels(response.ResponseModels); err != nil {
		return err
	}
	if err := validateDeclared(methodResponse, response.ResponseParameters); err != nil {
		return err
	}
	m.MethodResponses = withEntry(m.MethodResponses, response.StatusCode, response)
	return nil
}

func methodResponseOutput(r apigw.MethodResponse) *apigateway.MethodResponse {
	return &apigateway.MethodResponse{StatusCode: &r.StatusCode, ResponseParameters: r.ResponseParameters, ResponseModels: r.ResponseModels}
}
