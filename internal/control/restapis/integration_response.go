package restapis

import (
	"context"
	"maps"

	"github.com/dlclark/regexp2"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// PutIntegrationResponse adds a status code to an integration, or replaces it. The
// method need not have a response of that status code yet; what it maps onto headers
// must be declared there.
func (s *Service) PutIntegrationResponse(ctx context.Context, in *apigateway.PutIntegrationResponseInput) (*apigateway.IntegrationResponse, error) {
	created := apigw.IntegrationResponse{
		StatusCode: in.StatusCode, SelectionPattern: text(in.SelectionPattern), ResponseParameters: in.ResponseParameters,
		ResponseTemplates: in.ResponseTemplates, ContentHandling: string(in.ContentHandling),
	}
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(_ api, m *apigw.Method) error {
		return setIntegrationResponse(m, created, declaredParameters(m, created.StatusCode))
	})
	if err != nil {
		return nil, err
	}
	out := integrationResponseOutput(created)
	out.SelectionPattern = in.SelectionPattern
	return out, nil
}

// GetIntegrationResponse returns one status code of an integration.
func (s *Service) GetIntegrationResponse(ctx context.Context, in *apigateway.GetIntegrationResponseInput) (*apigateway.IntegrationResponse, error) {
	method, err := s.viewMethod(ctx, methodId{in.RestApiId, in.ResourceId, in.HttpMethod})
	if err != nil {
		return nil, err
	}
	found, err := integrationResponseOf(&method, in.StatusCode)
	if err != nil {
		return nil, err
	}
	return integrationResponseOutput(found), nil
}

// UpdateIntegrationResponse patches one status code of an integration.
func (s *Service) UpdateIntegrationResponse(ctx context.Context, in *apigateway.UpdateIntegrationResponseInput) (*apigateway.IntegrationResponse, error) {
	var updated apigw.IntegrationResponse
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(_ api, m *apigw.Method) error {
		var err error
		if updated, err = integrationResponseOf(m, in.StatusCode); err != nil {
			return err
		}
		if err := applyPatch(integrationResponsePatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return setIntegrationResponse(m, updated, declaredParameters(m, updated.StatusCode))
	})
	if err != nil {
		return nil, err
	}
	return integrationResponseOutput(updated), nil
}

// DeleteIntegrationResponse deletes one status code of an integration.
func (s *Service) DeleteIntegrationResponse(ctx context.Context, in *apigateway.DeleteIntegrationResponseInput) (*apigateway.DeleteIntegrationResponseOutput, error) {
	id := methodId{in.RestApiId, in.ResourceId, in.HttpMethod}
	_, err := s.changeMethod(ctx, id, func(_ api, m *apigw.Method) error {
		if _, err := integrationResponseOf(m, in.StatusCode); err != nil {
			return err
		}
		changed := *m.MethodIntegration
		changed.IntegrationResponses = maps.Clone(changed.IntegrationResponses)
		delete(changed.IntegrationResponses, in.StatusCode)
		m.MethodIntegration = &changed
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteIntegrationResponseOutput{}, nil
}

func integrationResponseOf(m *apigw.Method, statusCode string) (apigw.IntegrationResponse, error) {
	if m.MethodIntegration == nil {
		return apigw.IntegrationResponse{}, notFound(messageInvalidIntegration)
	}
	found, ok := m.MethodIntegration.IntegrationResponses[statusCode]
	if !ok {
		return found, notFound(messageInvalidStatusCode)
	}
	return found, nil
}

func integrationResponseParameters(r *apigw.IntegrationResponse) *map[string]string {
	return &r.ResponseParameters
}
func responseTemplates(r *apigw.IntegrationResponse) *map[string]string { return &r.ResponseTemplates }

// integrationResponsePatches: API reference, "Patch operations", UpdateIntegrationResponse.
var integrationResponsePatches = patch.Table[apigw.IntegrationResponse]{
	{Path: "/contentHandling", Replace: replaceContentHandling(func(r *apigw.IntegrationResponse) *string { return &r.ContentHandling })},
	{
		Path: "/responseParameters/{parameter}", Add: patch.SetEntry(integrationResponseParameters, "parameter"),
		Replace: patch.SetEntry(integrationResponseParameters, "parameter"), Remove: patch.RemoveEntry(integrationResponseParameters, "parameter"),
	},
	{
		Path: "/responseTemplates/{content_type}", Add: patch.SetEntry(responseTemplates, "content_type"),
		Replace: patch.SetEntry(responseTemplates, "content_type"), Remove: patch.RemoveEntry(responseTemplates, "content_type"),
	},
	{Path: "/selectionPattern", Replace: patch.String(func(r *apigw.IntegrationResponse) *string { return &r.SelectionPattern })},
}

// declaredParameters are those of a method response, none where it is not there.
func declaredParameters(m *apigw.Method, statusCode string) map[string]bool {
	return m.MethodResponses[statusCode].ResponseParameters
}

// setIntegrationResponse checks a response against the parameters that its method response
// declares and puts it there.
func setIntegrationResponse(m *apigw.Method, response apigw.IntegrationResponse, declared map[string]bool) error {
	if m.MethodIntegration == nil {
		return notFound(messageInvalidIntegration)
	}
	if !validSelectionPattern(response.SelectionPattern) {
		return badRequest(messageInvalidSelectionPattern)
	}
	if err := validateTemplates(response.ResponseTemplates); err != nil {
		return err
	}
	if err := validateResponseMappings(declared, response.ResponseParameters); err != nil {
		return err
	}
	changed := *m.MethodIntegration
	changed.IntegrationResponses = withEntry(changed.IntegrationResponses, response.StatusCode, response)
	m.MethodIntegration = &changed
	return nil
}

// validSelectionPattern: the pattern is a Java regular expression, which RE2 cannot read whole.
func validSelectionPattern(pattern string) bool {
	_, err := regexp2.Compile(pattern, regexp2.None)
	return err == nil
}

func integrationResponseOutput(r apigw.IntegrationResponse) *apigateway.IntegrationResponse {
	return &apigateway.IntegrationResponse{
		StatusCode: &r.StatusCode, SelectionPattern: optional(r.SelectionPattern), ResponseParameters: r.ResponseParameters,
		ResponseTemplates: r.ResponseTemplates, ContentHandling: apigateway.ContentHandlingStrategy(r.ContentHandling),
	}
}
