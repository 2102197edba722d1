package restapi

import (
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/plan"
)

// The values of Authorizer.Type.
const (
	authorizerToken     = "TOKEN"
	authorizerRequest   = "REQUEST"
	authorizerUserPools = "COGNITO_USER_POOLS"
)

// compileAuthorizer compiles the method's authorizer, if it has one.
func (c *compiler) compileAuthorizer(s *subject) {
	switch s.plan.AuthorizationType {
	case plan.AuthorizationNone, plan.AuthorizationIam:
		return
	case plan.AuthorizationCustom, plan.AuthorizationCognito:
	default:
		c.broken(s, "authorizationType", "there is no authorization of type "+s.plan.AuthorizationType)
		return
	}
	settings := c.authorizer(s.method.AuthorizerId)
	if settings == nil {
		c.broken(s, "authorizerId", "the authorizer "+s.method.AuthorizerId+" does not exist")
		return
	}
	isUserPools := settings.Type == authorizerUserPools
	if isUserPools != (s.plan.AuthorizationType == plan.AuthorizationCognito) {
		c.broken(s, "authorizerId", "the authorizer "+settings.Id+" is of type "+settings.Type)
		return
	}
	sources, err := authorizer.ParseIdentitySources(settings.IdentitySource)
	if err != nil {
		c.broken(s, "authorizer.identitySource", err.Error())
		return
	}
	if settings.Type != authorizerRequest && len(sources) != 1 {
		c.broken(s, "authorizer.identitySource", "an authorizer of type "+settings.Type+" needs one identity source")
		return
	}
	matcher := c.compileValidationExpression(s, settings)
	if isUserPools {
		c.compileUserPools(s, settings, sources[0], matcher)
		return
	}
	c.compileFunction(s, settings, sources, matcher)
}

func (c *compiler) authorizer(id string) *apigw.Authorizer {
	for i := range c.snapshot.Authorizers {
		if c.snapshot.Authorizers[i].Id == id {
			return &c.snapshot.Authorizers[i]
		}
	}
	return nil
}

// compileValidationExpression compiles identityValidationExpression, which REQUEST
// authorizers have not.
func (c *compiler) compileValidationExpression(s *subject, settings *apigw.Authorizer) authorizer.Matcher {
	if settings.IdentityValidationExpression == "" || settings.Type == authorizerRequest {
		return nil
	}
	pattern, err := plan.NewPattern(settings.IdentityValidationExpression)
	if err != nil {
		c.broken(s, "authorizer.identityValidationExpression", err.Error())
		return nil
	}
	return pattern
}

func (c *compiler) compileUserPools(s *subject, settings *apigw.Authorizer, source authorizer.IdentitySource, matcher authorizer.Matcher) {
	pools := &authorizer.UserPools{AuthorizerId: settings.Id, Source: source, Validation: matcher}
	for _, arn := range settings.ProviderARNs {
		pool, err := authorizer.ParseUserPoolArn(arn)
		if err != nil {
			c.broken(s, "authorizer.providerARNs", err.Error())
			return
		}
		pools.Pools = append(pools.Pools, pool)
	}
	s.plan.UserPools = pools
}

// compileFunction compiles a Lambda authorizer. A REQUEST authorizer needs the whole
// identity only while its answers are cached (guide: apigateway-use-lambda-authorizer.md).
func (c *compiler) compileFunction(s *subject, settings *apigw.Authorizer, sources []authorizer.IdentitySource, matcher authorizer.Matcher) {
	function := &authorizer.Function{
		AuthorizerId: settings.Id, Form: authorizer.FormToken, Credentials: settings.AuthorizerCredentials, Sources: sources,
		NeedsIdentity: true, Validation: matcher, Ttl: authorizerTtl(settings), Timeout: apigw.IntegrationTimeoutMaximum,
	}
	if settings.Type == authorizerRequest {
		function.Form, function.NeedsIdentity = authorizer.FormRequest, function.Ttl > 0
	}
	s.plan.FunctionUri = plan.NewUri(settings.AuthorizerUri)
	if literal, ok := s.plan.FunctionUri.Literal(); ok {
		if function.FunctionArn, ok = plan.FunctionArnOf(literal); !ok {
			c.broken(s, "authorizer.authorizerUri", settings.AuthorizerUri+" names no Lambda function")
			return
		}
	}
	s.plan.Function = function
}

func authorizerTtl(settings *apigw.Authorizer) time.Duration {
	if settings.AuthorizerResultTtlInSeconds == nil {
		return apigw.AuthorizerResultTtlDefault * time.Second
	}
	return time.Duration(*settings.AuthorizerResultTtlInSeconds) * time.Second
}
