package apis

import (
	"context"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
)

// CreateRouteResponse lets a route of a WebSocket API answer.
func (s *Service) CreateRouteResponse(ctx context.Context, in *apigatewayv2.CreateRouteResponseInput) (*apigatewayv2.CreateRouteResponseOutput, error) {
	created := apigwv2.RouteResponse{
		RouteResponseKey: in.RouteResponseKey, ModelSelectionExpression: text(in.ModelSelectionExpression),
		ResponseModels: in.ResponseModels, ResponseParameters: parametersOf(in.ResponseParameters),
	}
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		if _, err := a.route(in.RouteId); err != nil {
			return err
		}
		if a.isHttp() {
			return badRequest("RouteResponse" + messageWebSocketOnly)
		}
		if len(records.RouteResponses.IDs(a.r, a.at, a.id, in.RouteId)) > 0 {
			return conflict("RouteResponse with key " + in.RouteResponseKey + " already exists for this Route")
		}
		var err error
		if created.RouteResponseId, err = newId(a.place, records.RouteResponses, s.Ids.Route, a.id, in.RouteId); err != nil {
			return err
		}
		return a.putRouteResponse(in.RouteId, created)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateRouteResponseOutput)(routeResponseOutput(created)), nil
}

// GetRouteResponse returns a response of a route.
func (s *Service) GetRouteResponse(ctx context.Context, in *apigatewayv2.GetRouteResponseInput) (*apigatewayv2.GetRouteResponseOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.routeResponse(in.RouteId, in.RouteResponseId)
	if err != nil {
		return nil, err
	}
	return routeResponseOutput(found), nil
}

// GetRouteResponses lists the responses of a route.
func (s *Service) GetRouteResponses(ctx context.Context, in *apigatewayv2.GetRouteResponsesInput) (*apigatewayv2.GetRouteResponsesOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.route(in.RouteId); err != nil {
		return nil, err
	}
	all, err := records.RouteResponses.List(a.r, a.at, a.id, in.RouteId)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(r apigwv2.RouteResponse) string { return r.RouteResponseId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetRouteResponsesOutput{Items: list.Convert(found.Items, routeResponseItem), NextToken: found.Next}, nil
}

// UpdateRouteResponse changes a response of a route.
func (s *Service) UpdateRouteResponse(ctx context.Context, in *apigatewayv2.UpdateRouteResponseInput) (*apigatewayv2.UpdateRouteResponseOutput, error) {
	var updated apigwv2.RouteResponse
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		var err error
		if updated, err = a.routeResponse(in.RouteId, in.RouteResponseId); err != nil {
			return err
		}
		set(&updated.RouteResponseKey, in.RouteResponseKey)
		set(&updated.ModelSelectionExpression, in.ModelSelectionExpression)
		setMap(&updated.ResponseModels, in.ResponseModels)
		setMap(&updated.ResponseParameters, parametersOf(in.ResponseParameters))
		return a.putRouteResponse(in.RouteId, updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateRouteResponseOutput)(routeResponseOutput(updated)), nil
}

// DeleteRouteResponse deletes a response of a route.
func (s *Service) DeleteRouteResponse(ctx context.Context, in *apigatewayv2.DeleteRouteResponseInput) (*apigatewayv2.DeleteRouteResponseOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		if _, err := a.routeResponse(in.RouteId, in.RouteResponseId); err != nil {
			return err
		}
		records.RouteResponses.Delete(a.tx, a.at, a.id, in.RouteId, in.RouteResponseId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteRouteResponseOutput{}, nil
}

func (a api) routeResponse(routeId, id string) (apigwv2.RouteResponse, error) {
	if _, err := a.route(routeId); err != nil {
		return apigwv2.RouteResponse{}, err
	}
	return find(a.place, records.RouteResponses, invalidIdentifier("RouteResponse"), a.id, routeId, id)
}

// putRouteResponse checks a response and puts it.
func (a api) putRouteResponse(routeId string, r apigwv2.RouteResponse) error {
	if r.RouteResponseKey != defaultKey {
		return badRequest(messageRouteResponseKey)
	}
	if err := undeclarable(routeResponse, r.ResponseParameters); err != nil {
		return err
	}
	if err := a.hasModels(r.ResponseModels); err != nil {
		return err
	}
	if err := unsupportedOfRouteResponse.Refuse(&r, badRequest); err != nil {
		return err
	}
	return records.RouteResponses.Put(a.tx, r, a.at, a.id, routeId, r.RouteResponseId)
}

func routeResponseOutput(r apigwv2.RouteResponse) *apigatewayv2.GetRouteResponseOutput {
	return &apigatewayv2.GetRouteResponseOutput{
		ModelSelectionExpression: optional(r.ModelSelectionExpression), ResponseModels: r.ResponseModels,
		ResponseParameters: parametersOutput(r.ResponseParameters), RouteResponseId: &r.RouteResponseId, RouteResponseKey: &r.RouteResponseKey,
	}
}

func routeResponseItem(r apigwv2.RouteResponse) apigatewayv2.RouteResponse {
	return apigatewayv2.RouteResponse{
		ModelSelectionExpression: optional(r.ModelSelectionExpression), ResponseModels: r.ResponseModels,
		ResponseParameters: parametersOutput(r.ResponseParameters), RouteResponseId: &r.RouteResponseId, RouteResponseKey: r.RouteResponseKey,
	}
}
