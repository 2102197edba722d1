package restapis

import (
	"context"
	"regexp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

var statusCodePattern = regexp.MustCompile(`^[1-5]\d\d$`)

// PutGatewayResponse sets what an API answers when a request fails in one way.
func (s *Service) PutGatewayResponse(ctx context.Context, in *apigateway.PutGatewayResponseInput) (*apigateway.GatewayResponse, error) {
	put := apigw.GatewayResponse{
		ResponseType: string(in.ResponseType), StatusCode: text(in.StatusCode),
		ResponseParameters: in.ResponseParameters, ResponseTemplates: in.ResponseTemplates,
	}
	if put.ResponseTemplates == nil {
		put.ResponseTemplates = defaultGatewayResponse(put.ResponseType).ResponseTemplates
	}
	err := s.update(ctx, in.RestApiId, func(a api) error { return a.putGatewayResponse(put) })
	if err != nil {
		return nil, err
	}
	return gatewayResponseOutput(put, false), nil
}

// GetGatewayResponse returns the response of one type, API Gateway's own if nobody set it.
func (s *Service) GetGatewayResponse(ctx context.Context, in *apigateway.GetGatewayResponseInput) (*apigateway.GatewayResponse, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, isDefault, err := a.gatewayResponse(string(in.ResponseType))
	if err != nil {
		return nil, err
	}
	return gatewayResponseOutput(found, isDefault), nil
}

// GetGatewayResponses lists the responses of all types.
func (s *Service) GetGatewayResponses(ctx context.Context, in *apigateway.GetGatewayResponsesInput) (*apigateway.GatewayResponses, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	all := make([]apigateway.GatewayResponse, 0, len(apigw.GatewayResponseTypes))
	for _, row := range apigw.GatewayResponseTypes {
		found, isDefault, err := a.gatewayResponse(row.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, *gatewayResponseOutput(found, isDefault))
	}
	name := func(r apigateway.GatewayResponse) string { return string(r.ResponseType) }
	found, err := paginate(all, name, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.GatewayResponses{Items: found.Items, Position: found.Next}, nil
}

// UpdateGatewayResponse patches the response of one type; API Gateway's own becomes
// one that the user set.
func (s *Service) UpdateGatewayResponse(ctx context.Context, in *apigateway.UpdateGatewayResponseInput) (*apigateway.GatewayResponse, error) {
	var updated apigw.GatewayResponse
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, _, err = a.gatewayResponse(string(in.ResponseType)); err != nil {
			return err
		}
		if err := applyPatch(gatewayResponsePatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return a.putGatewayResponse(updated)
	})
	if err != nil {
		return nil, err
	}
	return gatewayResponseOutput(updated, false), nil
}

// DeleteGatewayResponse gives a type back to API Gateway.
func (s *Service) DeleteGatewayResponse(ctx context.Context, in *apigateway.DeleteGatewayResponseInput) (*apigateway.DeleteGatewayResponseOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if records.GatewayResponses.Delete(a.tx, a.at, a.id, string(in.ResponseType)) == 0 {
			return notFound(messageGatewayResponseNotSet)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteGatewayResponseOutput{}, nil
}

func gatewayResponseParameters(r *apigw.GatewayResponse) *map[string]string {
	return &r.ResponseParameters
}

func gatewayResponseTemplates(r *apigw.GatewayResponse) *map[string]string {
	return &r.ResponseTemplates
}

// gatewayResponsePatches: API reference, "Patch operations", UpdateGatewayResponse.
var gatewayResponsePatches = patch.Table[apigw.GatewayResponse]{
	{
		Path: "/responseParameters/{parameter}", Add: patch.SetEntry(gatewayResponseParameters, "parameter"),
		Replace: patch.SetEntry(gatewayResponseParameters, "parameter"), Remove: patch.RemoveEntry(gatewayResponseParameters, "parameter"),
	},
	{
		Path: "/responseTemplates/{content_type}", Add: patch.SetEntry(gatewayResponseTemplates, "content_type"),
		Replace: patch.SetEntry(gatewayResponseTemplates, "content_type"), Remove: patch.RemoveEntry(gatewayResponseTemplates, "content_type"),
	},
	{Path: "/statusCode", Replace: patch.String(func(r *apigw.GatewayResponse) *string { return &r.StatusCode })},
}

// gatewayResponse returns what is set for a type, or API Gateway's own response.
func (a api) gatewayResponse(responseType string) (found apigw.GatewayResponse, isDefault bool, err error) {
	if _, ok := apigw.FindGatewayResponseType(responseType); !ok {
		return found, false, badRequest(messageInvalidResponseType)
	}
	if !records.GatewayResponses.Has(a.r, a.at, a.id, responseType) {
		return defaultGatewayResponse(responseType), true, nil
	}
	found, err = records.GatewayResponses.Get(a.r, a.at, a.id, responseType)
	return found, false, err
}

// defaultGatewayResponse has no status code: what the data plane answers by default is
// not always what the control plane shows.
func defaultGatewayResponse(responseType string) apigw.GatewayResponse {
	return apigw.GatewayResponse{
		ResponseType:      responseType,
		ResponseTemplates: map[string]string{"application/json": apigw.DefaultGatewayResponseTemplate},
	}
}

func (a api) putGatewayResponse(r apigw.GatewayResponse) error {
	if _, ok := apigw.FindGatewayResponseType(r.ResponseType); !ok {
		return badRequest(messageInvalidResponseType)
	}
	if r.StatusCode != "" && !statusCodePattern.MatchString(r.StatusCode) {
		return badRequest(messageInvalidStatusCode)
	}
	if err := validateTemplates(r.ResponseTemplates); err != nil {
		return err
	}
	if err := validateGatewayResponseMappings(r.ResponseParameters); err != nil {
		return err
	}
	return records.GatewayResponses.Put(a.tx, r, a.at, a.id, r.ResponseType)
}

// gatewayResponseOutput shows the type's status code where none is set.
func gatewayResponseOutput(r apigw.GatewayResponse, isDefault bool) *apigateway.GatewayResponse {
	statusCode := r.StatusCode
	if statusCode == "" {
		row, _ := apigw.FindGatewayResponseType(r.ResponseType)
		statusCode = row.StatusCode
	}
	return &apigateway.GatewayResponse{
		ResponseType: apigateway.GatewayResponseType(r.ResponseType), StatusCode: optional(statusCode),
		ResponseParameters: withEntries(r.ResponseParameters), ResponseTemplates: withEntries(r.ResponseTemplates), DefaultResponse: &isDefault,
	}
}

// withEntries is a map that is written even when it is empty.
func withEntries(entries map[string]string) map[string]string {
	if entries == nil {
		return map[string]string{}
	}
	return entries
}
