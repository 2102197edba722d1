package restapis

import (
	"context"
	"maps"
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

const (
	authorizationNone    = "NONE"
	authorizationIam     = "AWS_IAM"
	authorizationCustom  = "CUSTOM"
	authorizationCognito = "COGNITO_USER_POOLS"
)

// methodId names a method.
type methodId struct{ restApiId, resourceId, httpMethod string }

// PutMethod adds a method to a resource.
func (s *Service) PutMethod(ctx context.Context, in *apigateway.PutMethodInput) (*apigateway.Method, error) {
	created := apigw.Method{
		HttpMethod: in.HttpMethod, AuthorizationType: in.AuthorizationType, AuthorizerId: text(in.AuthorizerId),
		AuthorizationScopes: in.AuthorizationScopes, ApiKeyRequired: given(in.ApiKeyRequired, false),
		OperationName: text(in.OperationName), RequestValidatorId: text(in.RequestValidatorId),
		RequestParameters: in.RequestParameters, RequestModels: in.RequestModels,
	}
	err := s.update(ctx, in.RestApiId, func(a api) error {
		resource, err := a.resource(in.ResourceId)
		if err != nil {
			return err
		}
		if !apigw.ValidHttpMethod(in.HttpMethod) {
			return badRequest(messageInvalidHttpMethod)
		}
		if _, ok := resource.Methods[in.HttpMethod]; ok {
			return conflict(messageMethodExists)
		}
		if err := a.validateMethod(&created); err != nil {
			return err
		}
		return a.putMethod(resource, created)
	})
	if err != nil {
		return nil, err
	}
	return methodOutput(created), nil
}

// GetMethod returns a method with its responses and its integration.
func (s *Service) GetMethod(ctx context.Context, in *apigateway.GetMethodInput) (*apigateway.Method, error) {
	found, err := s.viewMethod(ctx, methodId{in.RestApiId, in.ResourceId, in.HttpMethod})
	if err != nil {
		return nil, err
	}
	return methodOutput(found), nil
}

// DeleteMethod deletes a method with its responses and its integration.
func (s *Service) DeleteMethod(ctx context.Context, in *apigateway.DeleteMethodInput) (*apigateway.DeleteMethodOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		resource, _, err := a.method(in.ResourceId, in.HttpMethod)
		if err != nil {
			return err
		}
		resource.Methods = maps.Clone(resource.Methods)
		delete(resource.Methods, in.HttpMethod)
		return a.putResource(resource)
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteMethodOutput{}, nil
}

// UpdateMethod patches a method.
func (s *Service) UpdateMethod(ctx context.Context, in *apigateway.UpdateMethodInput) (*apigateway.Method, error) {
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	updated, err := s.changeMethod(ctx, id, func(a api, m *apigw.Method) error {
		if err := applyPatch(methodPatches, m, in.PatchOperations); err != nil {
			return err
		}
		return a.validateMethod(m)
	})
	if err != nil {
		return nil, err
	}
	return methodOutput(updated), nil
}

func requestParameters(m *apigw.Method) *map[string]bool { return &m.RequestParameters }
func requestModels(m *apigw.Method) *map[string]string   { return &m.RequestModels }
func authorizationScopes(m *apigw.Method) *[]string      { return &m.AuthorizationScopes }

// methodPatches: API reference, "Patch operations", UpdateMethod.
var methodPatches = patch.Table[apigw.Method]{
	{Path: "/apiKeyRequired", Replace: patch.Bool(func(m *apigw.Method) *bool { return &m.ApiKeyRequired })},
	{
		Path: "/authorizationScopes", Add: patch.AddItem(authorizationScopes, ""), Remove: patch.RemoveItem(authorizationScopes, ""),
	},
	{Path: "/authorizationType", Replace: replaceAuthorizationType},
	{Path: "/authorizerId", Replace: patch.String(func(m *apigw.Method) *string { return &m.AuthorizerId })},
	{Path: "/operationName", Replace: patch.String(func(m *apigw.Method) *string { return &m.OperationName })},
	{
		Path: "/requestModels/{content_type}", Add: patch.SetEntry(requestModels, "content_type"),
		Replace: patch.SetEntry(requestModels, "content_type"), Remove: patch.RemoveEntry(requestModels, "content_type"),
	},
	{
		Path: "/requestParameters/{parameter}", Add: patch.SetBoolEntry(requestParameters, "parameter"),
		Replace: patch.SetBoolEntry(requestParameters, "parameter"), Remove: patch.RemoveEntry(requestParameters, "parameter"),
	},
	{Path: "/requestValidatorId", Replace: patch.String(func(m *apigw.Method) *string { return &m.RequestValidatorId })},
}

// replaceAuthorizationType lets go of the authorizer that the new type has no use for.
func replaceAuthorizationType(m *apigw.Method, operation patch.Operation) error {
	m.AuthorizationType = operation.Value
	if operation.Value == authorizationNone || operation.Value == authorizationIam {
		m.AuthorizerId, m.AuthorizationScopes = "", nil
	}
	return nil
}

// validateMethod checks what a method says of its request.
func (a api) validateMethod(m *apigw.Method) error {
	if err := a.validateAuthorization(m); err != nil {
		return err
	}
	if m.RequestValidatorId != "" && !records.RequestValidators.Has(a.r, a.at, a.id, m.RequestValidatorId) {
		return badRequest(messageInvalidRequestValidator)
	}
	if err := a.validateModels(m.RequestModels); err != nil {
		return err
	}
	return validateDeclared(methodRequest, m.RequestParameters)
}

func (a api) validateAuthorization(m *apigw.Method) error {
	switch m.AuthorizationType {
	case authorizationNone, authorizationIam:
		return nil
	case authorizationCustom, authorizationCognito:
		authorizer, err := find(a, records.Authorizers, m.AuthorizerId, badRequest(messageAuthorizerNeeded))
		if err == nil && (m.AuthorizationType == authorizationCognito) != (authorizer.Type == authorizationCognito) {
			return badRequest(messageAuthorizerNeeded)
		}
		return err
	default:
		return badRequest(messageInvalidAuthorization)
	}
}

// validateModels checks that the models of a request or a response are there.
func (a api) validateModels(models map[string]string) error {
	for _, contentType := range slices.Sorted(maps.Keys(models)) {
		if contentType == "" {
			return badRequest(messageInvalidContentType)
		}
		if name := models[contentType]; !records.Models.Has(a.r, a.at, a.id, name) {
			return badRequest(messageInvalidModelIdentifier + ": " + name)
		}
	}
	return nil
}

func (s *Service) viewMethod(ctx context.Context, id methodId) (apigw.Method, error) {
	a, err := s.view(ctx, id.restApiId)
	if err != nil {
		return apigw.Method{}, err
	}
	_, found, err := a.method(id.resourceId, id.httpMethod)
	return found, err
}

// changeMethod changes a method in one transaction and returns what it became.
func (s *Service) changeMethod(ctx context.Context, id methodId, change func(api, *apigw.Method) error) (apigw.Method, error) {
	var changed apigw.Method
	err := s.update(ctx, id.restApiId, func(a api) error {
		resource, method, err := a.method(id.resourceId, id.httpMethod)
		if err != nil {
			return err
		}
		changed = method
		if err := change(a, &changed); err != nil {
			return err
		}
		return a.putMethod(resource, changed)
	})
	return changed, err
}

func (a api) method(resourceId, httpMethod string) (apigw.Resource, apigw.Method, error) {
	resource, err := a.resource(resourceId)
	if err != nil {
		return resource, apigw.Method{}, err
	}
	method, ok := resource.Methods[httpMethod]
	if !ok {
		return resource, method, notFound(messageInvalidMethod)
	}
	return resource, method, nil
}

func (a api) putMethod(resource apigw.Resource, method apigw.Method) error {
	resource.Methods = withEntry(resource.Methods, method.HttpMethod, method)
	return a.putResource(resource)
}

// withEntry is a copy of a map with one more entry: records are never changed in place.
func withEntry[V any](entries map[string]V, key string, value V) map[string]V {
	copied := maps.Clone(entries)
	if copied == nil {
		copied = map[string]V{}
	}
	copied[key] = value
	return copied
}

func methodOutput(m apigw.Method) *apigateway.Method {
	out := &apigateway.Method{
		HttpMethod: &m.HttpMethod, AuthorizationType: &m.AuthorizationType, AuthorizerId: optional(m.AuthorizerId),
		ApiKeyRequired: &m.ApiKeyRequired, RequestValidatorId: optional(m.RequestValidatorId), OperationName: optional(m.OperationName),
		RequestParameters: m.RequestParameters, RequestModels: m.RequestModels, AuthorizationScopes: m.AuthorizationScopes,
	}
	for statusCode, response := range m.MethodResponses {
		if out.MethodResponses == nil {
			out.MethodResponses = map[string]apigateway.MethodResponse{}
		}
		out.MethodResponses[statusCode] = *methodResponseOutput(response)
	}
	if m.MethodIntegration != nil {
		out.MethodIntegration = integrationOutput(*m.MethodIntegration)
	}
	return out
}
