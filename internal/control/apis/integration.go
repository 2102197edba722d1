package apis

import (
	"context"
	"strings"
	"time"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/fault"
)

const (
	typeAws       = "AWS"
	typeAwsProxy  = "AWS_PROXY"
	typeHttp      = "HTTP"
	typeHttpProxy = "HTTP_PROXY"
	typeMock      = "MOCK"

	connectionInternet = "INTERNET"
	connectionVpcLink  = "VPC_LINK"

	payloadFormat1 = "1.0"
	payloadFormat2 = "2.0"

	passthroughNoMatch = "WHEN_NO_MATCH"

	// The keys that choose an integration response of a WebSocket API (the model says
	// what they are; unconfirmed for AWS_PROXY, which has none).
	selectionStatusCode   = "${integration.response.statuscode}"
	selectionErrorMessage = "${integration.response.body.errorMessage}"

	arnPrefix = "arn:"
)

// CreateIntegration adds an integration to an API.
func (s *Service) CreateIntegration(ctx context.Context, in *apigatewayv2.CreateIntegrationInput) (*apigatewayv2.CreateIntegrationOutput, error) {
	created := apigwv2.Integration{
		IntegrationType: string(in.IntegrationType), IntegrationSubtype: text(in.IntegrationSubtype), IntegrationUri: text(in.IntegrationUri),
		IntegrationMethod: text(in.IntegrationMethod), ConnectionType: string(in.ConnectionType), ConnectionId: text(in.ConnectionId),
		CredentialsArn: text(in.CredentialsArn), Description: text(in.Description), PassthroughBehavior: string(in.PassthroughBehavior),
		PayloadFormatVersion: text(in.PayloadFormatVersion), ContentHandlingStrategy: string(in.ContentHandlingStrategy),
		RequestParameters: in.RequestParameters, RequestTemplates: in.RequestTemplates, ResponseParameters: in.ResponseParameters,
		TemplateSelectionExpression: text(in.TemplateSelectionExpression), TimeoutInMillis: given(in.TimeoutInMillis, 0),
		TlsConfig: tlsConfigOf(in.TlsConfig),
	}
	err := s.updateContent(ctx, in.ApiId, func(a api) error { return a.putNewIntegration(&created) })
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateIntegrationOutput)(integrationOutput(created)), nil
}

// putNewIntegration gives an integration its id and puts it.
func (a api) putNewIntegration(created *apigwv2.Integration) error {
	if len(records.Integrations.IDs(a.r, a.at, a.id)) >= apigwv2.IntegrationsLimit {
		return limitReached("Integrations")
	}
	var err error
	if created.IntegrationId, err = newId(a.place, records.Integrations, a.service.Ids.Route, a.id); err != nil {
		return err
	}
	return a.putIntegration(created)
}

// GetIntegration returns an integration.
func (s *Service) GetIntegration(ctx context.Context, in *apigatewayv2.GetIntegrationInput) (*apigatewayv2.GetIntegrationOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.integration(in.IntegrationId)
	if err != nil {
		return nil, err
	}
	return integrationOutput(found), nil
}

// GetIntegrations lists the integrations of an API.
func (s *Service) GetIntegrations(ctx context.Context, in *apigatewayv2.GetIntegrationsInput) (*apigatewayv2.GetIntegrationsOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.Integrations.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(i apigwv2.Integration) string { return i.IntegrationId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetIntegrationsOutput{Items: list.Convert(found.Items, integrationItem), NextToken: found.Next}, nil
}

// UpdateIntegration changes an integration.
func (s *Service) UpdateIntegration(ctx context.Context, in *apigatewayv2.UpdateIntegrationInput) (*apigatewayv2.UpdateIntegrationOutput, error) {
	var updated apigwv2.Integration
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		var err error
		if updated, err = a.integration(in.IntegrationId); err != nil {
			return err
		}
		changeIntegration(&updated, in)
		return a.putIntegration(&updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateIntegrationOutput)(integrationOutput(updated)), nil
}

func changeIntegration(i *apigwv2.Integration, in *apigatewayv2.UpdateIntegrationInput) {
	setEnum(&i.IntegrationType, in.IntegrationType)
	set(&i.IntegrationSubtype, in.IntegrationSubtype)
	set(&i.IntegrationUri, in.IntegrationUri)
	set(&i.IntegrationMethod, in.IntegrationMethod)
	setEnum(&i.ConnectionType, in.ConnectionType)
	set(&i.ConnectionId, in.ConnectionId)
	set(&i.CredentialsArn, in.CredentialsArn)
	set(&i.Description, in.Description)
	setEnum(&i.PassthroughBehavior, in.PassthroughBehavior)
	set(&i.PayloadFormatVersion, in.PayloadFormatVersion)
	setEnum(&i.ContentHandlingStrategy, in.ContentHandlingStrategy)
	setMap(&i.RequestTemplates, in.RequestTemplates)
	set(&i.TemplateSelectionExpression, in.TemplateSelectionExpression)
	set(&i.TimeoutInMillis, in.TimeoutInMillis)
	mergeParameters(&i.RequestParameters, in.RequestParameters)
	merge(&i.ResponseParameters, in.ResponseParameters, func(parameters map[string]string) bool { return len(parameters) == 0 })
	if in.TlsConfig != nil {
		i.TlsConfig = tlsConfigOf(in.TlsConfig)
	}
	if in.ConnectionType == connectionInternet {
		i.ConnectionId, i.TlsConfig = "", nil
	}
}

// mergeParameters merges request parameters. An empty text removes one, but for
// "remove:header.x", whose value is empty by itself (http-api-parameter-mapping.md):
// that is removed only when it held something.
func mergeParameters(field *map[string]string, changes map[string]string) {
	before := *field
	kept := map[string]string{}
	for key, value := range changes {
		if strings.HasPrefix(key, "remove:") && value == "" && before[key] == "" {
			kept[key] = ""
		}
	}
	merge(field, changes, isEmptyText)
	for key := range kept {
		(*field)[key] = ""
	}
}

// DeleteIntegration deletes an integration that no route leads to, with its responses.
func (s *Service) DeleteIntegration(ctx context.Context, in *apigatewayv2.DeleteIntegrationInput) (*apigatewayv2.DeleteIntegrationOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		found, err := a.integration(in.IntegrationId)
		if err != nil {
			return err
		}
		if found.ApiGatewayManaged {
			return badRequest(messageManagedIntegration)
		}
		routeIds, err := a.routeIds(func(route apigwv2.Route) bool { return route.Target == apigwv2.TargetOf(in.IntegrationId) })
		if err != nil {
			return err
		}
		if len(routeIds) > 0 {
			return fault.Refuse(integrationInUse(routeIds), routesUse(in.ApiId, routeIds))
		}
		records.Integrations.Delete(a.tx, a.at, a.id, in.IntegrationId)
		records.IntegrationResponses.Delete(a.tx, a.at, a.id, in.IntegrationId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteIntegrationOutput{}, nil
}

func (a api) integration(id string) (apigwv2.Integration, error) {
	return find(a.place, records.Integrations, invalidIdentifier("Integration"), a.id, id)
}

// putIntegration checks an integration, gives it AWS's defaults, and puts it.
func (a api) putIntegration(i *apigwv2.Integration) error {
	validate, longest, message := a.validateWebSocketIntegration, apigwv2.WebSocketIntegrationTimeoutMaximum, messageWebSocketTimeout
	if a.isHttp() {
		validate, longest, message = a.validateHttpIntegration, apigwv2.IntegrationTimeoutMaximum, messageHttpTimeout
	}
	if i.TimeoutInMillis == 0 {
		i.TimeoutInMillis = int32(longest / time.Millisecond)
	}
	if timeout := time.Duration(i.TimeoutInMillis) * time.Millisecond; timeout < apigwv2.IntegrationTimeoutMinimum || timeout > longest {
		return badRequest(message)
	}
	if i.ConnectionType == "" {
		i.ConnectionType = connectionInternet
	}
	if err := validateConnection(i); err != nil {
		return err
	}
	if i.CredentialsArn != "" && !strings.HasPrefix(i.CredentialsArn, arnPrefix) {
		return badRequest(messageInvalidRoleArn)
	}
	if err := validate(i); err != nil {
		return err
	}
	if err := unsupportedOfIntegration.Refuse(i, badRequest); err != nil {
		return err
	}
	return records.Integrations.Put(a.tx, *i, a.at, a.id, i.IntegrationId)
}

func validateConnection(i *apigwv2.Integration) error {
	private := i.ConnectionType == connectionVpcLink
	switch {
	case private && i.ConnectionId == "":
		return badRequest(messageConnectionIdNeeded)
	case !private && i.ConnectionId != "":
		return badRequest(messageConnectionIdUnused)
	case !private && i.TlsConfig != nil:
		return badRequest(messageTlsConfig)
	}
	return nil
}

func tlsConfigOf(in *apigatewayv2.TlsConfigInput) *apigwv2.TlsConfig {
	if in == nil || text(in.ServerNameToVerify) == "" {
		return nil
	}
	return &apigwv2.TlsConfig{ServerNameToVerify: *in.ServerNameToVerify}
}

func integrationOutput(i apigwv2.Integration) *apigatewayv2.GetIntegrationOutput {
	out := &apigatewayv2.GetIntegrationOutput{
		ApiGatewayManaged: only(i.ApiGatewayManaged), ConnectionId: optional(i.ConnectionId),
		ConnectionType:          apigatewayv2.ConnectionType(i.ConnectionType),
		ContentHandlingStrategy: apigatewayv2.ContentHandlingStrategy(i.ContentHandlingStrategy),
		CredentialsArn:          optional(i.CredentialsArn), Description: optional(i.Description), IntegrationId: &i.IntegrationId,
		IntegrationMethod:                      optional(i.IntegrationMethod),
		IntegrationResponseSelectionExpression: optional(i.IntegrationResponseSelectionExpression),
		IntegrationSubtype:                     optional(i.IntegrationSubtype),
		IntegrationType:                        apigatewayv2.IntegrationType(i.IntegrationType), IntegrationUri: optional(i.IntegrationUri),
		PassthroughBehavior:  apigatewayv2.PassthroughBehavior(i.PassthroughBehavior),
		PayloadFormatVersion: optional(i.PayloadFormatVersion), RequestParameters: i.RequestParameters, RequestTemplates: i.RequestTemplates,
		ResponseParameters: i.ResponseParameters, TemplateSelectionExpression: optional(i.TemplateSelectionExpression),
		TimeoutInMillis: &i.TimeoutInMillis,
	}
	if i.TlsConfig != nil {
		out.TlsConfig = &apigatewayv2.TlsConfig{ServerNameToVerify: &i.TlsConfig.ServerNameToVerify}
	}
	return out
}

func integrationItem(i apigwv2.Integration) apigatewayv2.Integration {
	return apigatewayv2.Integration(*integrationOutput(i))
}
