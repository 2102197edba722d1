package apis

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
)

const (
	authorizerRequest = "REQUEST"
	authorizerJwt     = "JWT"
)

// CreateAuthorizer adds an authorizer to an API.
func (s *Service) CreateAuthorizer(ctx context.Context, in *apigatewayv2.CreateAuthorizerInput) (*apigatewayv2.CreateAuthorizerOutput, error) {
	created := apigwv2.Authorizer{
		Name: in.Name, AuthorizerType: string(in.AuthorizerType), AuthorizerUri: text(in.AuthorizerUri),
		AuthorizerCredentialsArn: text(in.AuthorizerCredentialsArn), AuthorizerPayloadFormatVersion: text(in.AuthorizerPayloadFormatVersion),
		AuthorizerResultTtlInSeconds: in.AuthorizerResultTtlInSeconds, EnableSimpleResponses: given(in.EnableSimpleResponses, false),
		IdentitySource: in.IdentitySource, IdentityValidationExpression: text(in.IdentityValidationExpression),
		JwtConfiguration: jwtConfigurationOf(in.JwtConfiguration),
	}
	err := s.updateContent(ctx, in.ApiId, func(a api) error { return a.putNewAuthorizer(&created) })
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateAuthorizerOutput)(authorizerOutput(created)), nil
}

// putNewAuthorizer gives an authorizer its id and puts it.
func (a api) putNewAuthorizer(created *apigwv2.Authorizer) error {
	if len(records.ApiAuthorizers.IDs(a.r, a.at, a.id)) >= apigwv2.AuthorizersLimit {
		return limitReached("Authorizers")
	}
	var err error
	if created.AuthorizerId, err = newId(a.place, records.ApiAuthorizers, a.service.Ids.Resource, a.id); err != nil {
		return err
	}
	return a.putAuthorizer(created)
}

// GetAuthorizer returns an authorizer.
func (s *Service) GetAuthorizer(ctx context.Context, in *apigatewayv2.GetAuthorizerInput) (*apigatewayv2.GetAuthorizerOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.authorizer(in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	return authorizerOutput(found), nil
}

// GetAuthorizers lists the authorizers of an API.
func (s *Service) GetAuthorizers(ctx context.Context, in *apigatewayv2.GetAuthorizersInput) (*apigatewayv2.GetAuthorizersOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.ApiAuthorizers.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(a apigwv2.Authorizer) string { return a.AuthorizerId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetAuthorizersOutput{Items: list.Convert(found.Items, authorizerItem), NextToken: found.Next}, nil
}

// UpdateAuthorizer changes an authorizer.
func (s *Service) UpdateAuthorizer(ctx context.Context, in *apigatewayv2.UpdateAuthorizerInput) (*apigatewayv2.UpdateAuthorizerOutput, error) {
	var updated apigwv2.Authorizer
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		var err error
		if updated, err = a.authorizer(in.AuthorizerId); err != nil {
			return err
		}
		set(&updated.Name, in.Name)
		setEnum(&updated.AuthorizerType, in.AuthorizerType)
		set(&updated.AuthorizerUri, in.AuthorizerUri)
		set(&updated.AuthorizerCredentialsArn, in.AuthorizerCredentialsArn)
		set(&updated.AuthorizerPayloadFormatVersion, in.AuthorizerPayloadFormatVersion)
		set(&updated.EnableSimpleResponses, in.EnableSimpleResponses)
		setList(&updated.IdentitySource, in.IdentitySource)
		set(&updated.IdentityValidationExpression, in.IdentityValidationExpression)
		if in.AuthorizerResultTtlInSeconds != nil {
			updated.AuthorizerResultTtlInSeconds = in.AuthorizerResultTtlInSeconds
		}
		if in.JwtConfiguration != nil {
			updated.JwtConfiguration = jwtConfigurationOf(in.JwtConfiguration)
		}
		return a.putAuthorizer(&updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateAuthorizerOutput)(authorizerOutput(updated)), nil
}

// DeleteAuthorizer deletes an authorizer that no route uses.
func (s *Service) DeleteAuthorizer(ctx context.Context, in *apigatewayv2.DeleteAuthorizerInput) (*apigatewayv2.DeleteAuthorizerOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		if _, err := a.authorizer(in.AuthorizerId); err != nil {
			return err
		}
		routeIds, err := a.routeIds(func(route apigwv2.Route) bool { return route.AuthorizerId == in.AuthorizerId })
		if err != nil {
			return err
		}
		if len(routeIds) > 0 {
			return authorizerInUse(routeIds)
		}
		records.ApiAuthorizers.Delete(a.tx, a.at, a.id, in.AuthorizerId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteAuthorizerOutput{}, nil
}

func (a api) authorizer(id string) (apigwv2.Authorizer, error) {
	return find(a.place, records.ApiAuthorizers, invalidIdentifier("Authorizer"), a.id, id)
}

// putAuthorizer checks an authorizer and puts it.
func (a api) putAuthorizer(authorizer *apigwv2.Authorizer) error {
	if length := utf8.RuneCountInString(authorizer.Name); length == 0 || length > nameLimit {
		return badRequest(messageInvalidName)
	}
	others, err := records.ApiAuthorizers.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Name == authorizer.Name && other.AuthorizerId != authorizer.AuthorizerId {
			return badRequest(fmt.Sprintf(messageAuthorizerExists, authorizer.Name))
		}
	}
	validate := a.validateRequestAuthorizer
	if authorizer.AuthorizerType == authorizerJwt {
		validate = a.validateJwtAuthorizer
	}
	if err := validate(authorizer); err != nil {
		return err
	}
	if err := unsupportedOfAuthorizer.Refuse(authorizer, badRequest); err != nil {
		return err
	}
	return records.ApiAuthorizers.Put(a.tx, *authorizer, a.at, a.id, authorizer.AuthorizerId)
}

// jwtIdentitySource is where a token can stand (http-api-jwt-authorizer.md).
var jwtIdentitySource = regexp.MustCompile(`^\$request\.(?:header|querystring)\.[^ ]+$`)

func (a api) validateJwtAuthorizer(authorizer *apigwv2.Authorizer) error {
	configuration := authorizer.JwtConfiguration
	switch {
	case !a.isHttp():
		return badRequest(messageJwtProtocol)
	case configuration == nil || configuration.Issuer == "" || len(configuration.Audience) == 0 || len(configuration.Audience) > apigwv2.AudiencesLimit:
		return badRequest(messageJwtConfiguration)
	case len(authorizer.IdentitySource) != 1:
		return badRequest(messageIdentitySourceNeeded)
	case !jwtIdentitySource.MatchString(authorizer.IdentitySource[0]):
		return badRequest(messageIdentitySource + authorizer.IdentitySource[0])
	case authorizer.AuthorizerUri != "":
		return badRequest("AuthorizerUri can only be specified for authorizers of type REQUEST")
	}
	issuer, err := url.Parse(configuration.Issuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && issuer.Scheme != "http" {
		return badRequest("Invalid issuer: " + configuration.Issuer + ". Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'")
	}
	return nil
}

var (
	// httpIdentitySource: http-api-lambda-authorizer.md.
	httpIdentitySource = regexp.MustCompile(`^\$(?:request\.(?:header|querystring)|context|stageVariables)\.[^ ,]+$`)
	// webSocketIdentitySource: apigateway-websocket-api-lambda-auth.md.
	webSocketIdentitySource = regexp.MustCompile(`^(?:route\.request\.(?:header|querystring)|context|stageVariables)\.[^ ,]+$`)
)

func (a api) validateRequestAuthorizer(authorizer *apigwv2.Authorizer) error {
	form := webSocketIdentitySource
	if a.isHttp() {
		form = httpIdentitySource
	}
	bad := slices.IndexFunc(authorizer.IdentitySource, func(source string) bool { return !form.MatchString(source) })
	ttl := given(authorizer.AuthorizerResultTtlInSeconds, 0)
	switch {
	case authorizer.JwtConfiguration != nil:
		return badRequest(messageJwtOnly)
	case !strings.HasPrefix(authorizer.AuthorizerUri, arnPrefix):
		return badRequest(messageAuthorizerUriNeeded)
	case bad >= 0:
		return badRequest(messageIdentitySource + authorizer.IdentitySource[bad])
	case ttl < 0 || ttl > apigw.AuthorizerResultTtlMaximum:
		return badRequest(messageAuthorizerTtl)
	case a.isHttp():
		return validateHttpAuthorizer(authorizer)
	case authorizer.AuthorizerResultTtlInSeconds != nil:
		return badRequest("AuthorizerResultTtlInSeconds" + messageHttpOnly)
	case authorizer.AuthorizerPayloadFormatVersion != "":
		return badRequest("AuthorizerPayloadFormatVersion" + messageHttpOnly)
	case authorizer.EnableSimpleResponses:
		return badRequest(messageSimpleResponses)
	}
	return nil
}

// validateHttpAuthorizer also says for how long results are remembered when nobody did:
// as long as by default when there is something to tell requests apart by (observed by
// Terraform's provider), else not at all (unconfirmed).
func validateHttpAuthorizer(authorizer *apigwv2.Authorizer) error {
	version := authorizer.AuthorizerPayloadFormatVersion
	if authorizer.AuthorizerResultTtlInSeconds == nil {
		ttl := int32(apigw.AuthorizerResultTtlDefault)
		if len(authorizer.IdentitySource) == 0 {
			ttl = 0
		}
		authorizer.AuthorizerResultTtlInSeconds = &ttl
	}
	switch {
	case version != payloadFormat1 && version != payloadFormat2:
		return badRequest(messageAuthorizerPayload)
	case authorizer.EnableSimpleResponses && version != payloadFormat2:
		return badRequest(messageSimpleResponses)
	case len(authorizer.IdentitySource) == 0 && given(authorizer.AuthorizerResultTtlInSeconds, 0) > 0:
		return badRequest("IdentitySource is a required parameter for authorizers whose results are cached")
	}
	return nil
}

func jwtConfigurationOf(in *apigatewayv2.JWTConfiguration) *apigwv2.JWTConfiguration {
	if in == nil {
		return nil
	}
	return &apigwv2.JWTConfiguration{Audience: in.Audience, Issuer: text(in.Issuer)}
}

func authorizerOutput(a apigwv2.Authorizer) *apigatewayv2.GetAuthorizerOutput {
	out := &apigatewayv2.GetAuthorizerOutput{
		AuthorizerCredentialsArn: optional(a.AuthorizerCredentialsArn), AuthorizerId: &a.AuthorizerId,
		AuthorizerPayloadFormatVersion: optional(a.AuthorizerPayloadFormatVersion), AuthorizerResultTtlInSeconds: a.AuthorizerResultTtlInSeconds,
		AuthorizerType: apigatewayv2.AuthorizerType(a.AuthorizerType), AuthorizerUri: optional(a.AuthorizerUri),
		EnableSimpleResponses: only(a.EnableSimpleResponses), IdentitySource: a.IdentitySource,
		IdentityValidationExpression: optional(a.IdentityValidationExpression), Name: &a.Name,
	}
	if jwt := a.JwtConfiguration; jwt != nil {
		out.JwtConfiguration = &apigatewayv2.JWTConfiguration{Audience: jwt.Audience, Issuer: &jwt.Issuer}
	}
	return out
}

func authorizerItem(a apigwv2.Authorizer) apigatewayv2.Authorizer {
	out := authorizerOutput(a)
	return apigatewayv2.Authorizer{
		AuthorizerCredentialsArn: out.AuthorizerCredentialsArn, AuthorizerId: out.AuthorizerId,
		AuthorizerPayloadFormatVersion: out.AuthorizerPayloadFormatVersion, AuthorizerResultTtlInSeconds: out.AuthorizerResultTtlInSeconds,
		AuthorizerType: out.AuthorizerType, AuthorizerUri: out.AuthorizerUri, EnableSimpleResponses: out.EnableSimpleResponses,
		IdentitySource: out.IdentitySource, IdentityValidationExpression: out.IdentityValidationExpression,
		JwtConfiguration: out.JwtConfiguration, Name: a.Name,
	}
}
