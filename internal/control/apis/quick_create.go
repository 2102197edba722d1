package apis

import (
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
)

// quickCreate is what CreateApi and UpdateApi take for an API with one route, one
// integration and a $default stage, all managed by API Gateway.
type quickCreate struct {
	target, routeKey, credentialsArn *string
}

func (q quickCreate) validate(protocolType string) error {
	if q.target == nil {
		if q.routeKey != nil || q.credentialsArn != nil {
			return badRequest(messageQuickCreateTarget)
		}
		return nil
	}
	if protocolType != apigwv2.ProtocolTypeHttp {
		return badRequest(messageQuickCreateHttp)
	}
	return nil
}

// aim points an integration to the target: the ARN of a function, or a URL.
func (q quickCreate) aim(integration *apigwv2.Integration) {
	integration.IntegrationUri = *q.target
	if strings.HasPrefix(*q.target, arnPrefix) {
		integration.IntegrationType, integration.PayloadFormatVersion = typeAwsProxy, payloadFormat2
		integration.IntegrationMethod = "POST"
		return
	}
	integration.IntegrationType, integration.PayloadFormatVersion = typeHttpProxy, payloadFormat1
	integration.IntegrationMethod = methodAny
}

// quickCreate makes the integration, the route and the stage of a new API.
func (a api) quickCreate(q quickCreate) error {
	integration := apigwv2.Integration{CredentialsArn: text(q.credentialsArn), ApiGatewayManaged: true}
	q.aim(&integration)
	if err := a.putNewIntegration(&integration); err != nil {
		return err
	}
	route := apigwv2.Route{
		RouteKey: given(q.routeKey, apigwv2.DefaultRouteKey), AuthorizationType: authorizationNone,
		Target: apigwv2.TargetOf(integration.IntegrationId), ApiGatewayManaged: true,
	}
	if err := a.putNewRoute(&route); err != nil {
		return err
	}
	stage := a.newStage(apigwv2.DefaultStageName)
	stage.AutoDeploy, stage.ApiGatewayManaged = true, true
	if err := a.putStage(&stage); err != nil {
		return err
	}
	return a.deployAutomatically()
}

// updateQuickCreated changes what quick create made.
func (a api) updateQuickCreated(q quickCreate) error {
	if q.target == nil && q.routeKey == nil && q.credentialsArn == nil {
		return nil
	}
	route, integration, err := a.managed()
	if err != nil {
		return err
	}
	if route == nil || integration == nil {
		return badRequest(messageQuickCreateMissing)
	}
	set(&integration.CredentialsArn, q.credentialsArn)
	if q.target != nil {
		q.aim(integration)
	}
	if err := a.putIntegration(integration); err != nil {
		return err
	}
	if q.routeKey == nil || *q.routeKey == route.RouteKey {
		return nil
	}
	route.RouteKey = *q.routeKey
	if err := a.routeKeyFree(route.RouteKey); err != nil {
		return err
	}
	return a.putRoute(route)
}

// managed finds what quick create made; nil when it is not there.
func (a api) managed() (*apigwv2.Route, *apigwv2.Integration, error) {
	var (
		route       *apigwv2.Route
		integration *apigwv2.Integration
	)
	routes, err := records.Routes.List(a.r, a.at, a.id)
	if err != nil {
		return nil, nil, err
	}
	for i := range routes {
		if routes[i].ApiGatewayManaged {
			route = &routes[i]
		}
	}
	integrations, err := records.Integrations.List(a.r, a.at, a.id)
	if err != nil {
		return nil, nil, err
	}
	for i := range integrations {
		if integrations[i].ApiGatewayManaged {
			integration = &integrations[i]
		}
	}
	return route, integration, nil
}
