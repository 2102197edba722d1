package httpapi

import (
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/plan"
)

const payloadFormat2 = "2.0"

// compileAuthorization compiles the route's authorizer.
func (c *compiler) compileAuthorization(route *plan.HttpRoute, record *apigwv2.Route) {
	switch route.AuthorizationType {
	case plan.AuthorizationNone, plan.AuthorizationIam:
		return
	case plan.AuthorizationCustom, plan.AuthorizationJwt:
	default:
		c.broken(route, "authorizationType", "there is no authorization of type "+route.AuthorizationType)
		return
	}
	settings, ok := c.authorizers[record.AuthorizerId]
	if !ok {
		c.broken(route, "authorizerId", "the authorizer "+record.AuthorizerId+" does not exist")
		return
	}
	if route.AuthorizationType == plan.AuthorizationJwt {
		c.compileJwt(route, settings)
		return
	}
	c.compileFunction(route, settings)
}

func (c *compiler) compileJwt(route *plan.HttpRoute, settings *apigwv2.Authorizer) {
	if settings.JwtConfiguration == nil || settings.JwtConfiguration.Issuer == "" || len(settings.IdentitySource) != 1 {
		c.broken(route, "authorizer.jwtConfiguration", "a JWT authorizer needs an issuer and one identity source")
		return
	}
	source, err := authorizer.ParseIdentitySource(settings.IdentitySource[0])
	if err != nil {
		c.broken(route, "authorizer.identitySource", err.Error())
		return
	}
	route.Jwt = &authorizer.Jwt{
		AuthorizerId: settings.AuthorizerId, Issuer: settings.JwtConfiguration.Issuer, Audiences: settings.JwtConfiguration.Audience, Source: source,
	}
}

func (c *compiler) compileFunction(route *plan.HttpRoute, settings *apigwv2.Authorizer) {
	function := &authorizer.Function{
		AuthorizerId: settings.AuthorizerId, Form: authorizer.FormRequest1, Simple: settings.EnableSimpleResponses,
		Credentials: settings.AuthorizerCredentialsArn, NeedsIdentity: len(settings.IdentitySource) > 0,
		Ttl: ttl(settings.AuthorizerResultTtlInSeconds), Timeout: apigwv2.AuthorizerTimeout,
	}
	if settings.AuthorizerPayloadFormatVersion == payloadFormat2 {
		function.Form = authorizer.FormRequest2
	}
	for _, text := range settings.IdentitySource {
		source, err := authorizer.ParseIdentitySource(text)
		if err != nil {
			c.broken(route, "authorizer.identitySource", err.Error())
			return
		}
		function.Sources = append(function.Sources, source)
	}
	uri := plan.NewUri(settings.AuthorizerUri)
	if literal, ok := uri.Literal(); ok {
		if function.FunctionArn, ok = plan.FunctionArnOf(literal); !ok {
			c.broken(route, "authorizer.authorizerUri", settings.AuthorizerUri+" names no Lambda function")
			return
		}
	}
	route.Function, route.FunctionUri = function, uri
}

func ttl(seconds *int32) time.Duration {
	if seconds == nil {
		return apigw.AuthorizerResultTtlDefault * time.Second
	}
	return time.Duration(*seconds) * time.Second
}
