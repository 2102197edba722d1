package restapis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/integration"
)

const (
	authorizerToken   = "TOKEN"
	authorizerRequest = "REQUEST"
	// defaultIdentitySource is where a TOKEN or COGNITO_USER_POOLS authorizer looks.
	defaultIdentitySource = "method.request.header.Authorization"
	// What AWS fills in as authType, which imports and exports alone read.
	authTypeOfFunction = "custom"
	authTypeOfUserPool = "cognito_user_pools"
)

// CreateAuthorizer adds an authorizer to an API.
func (s *Service) CreateAuthorizer(ctx context.Context, in *apigateway.CreateAuthorizerInput) (*apigateway.Authorizer, error) {
	created := apigw.Authorizer{
		Name: in.Name, Type: string(in.Type), ProviderARNs: in.ProviderARNs, AuthType: text(in.AuthType),
		AuthorizerUri: text(in.AuthorizerUri), AuthorizerCredentials: text(in.AuthorizerCredentials), IdentitySource: text(in.IdentitySource),
		IdentityValidationExpression: text(in.IdentityValidationExpression), AuthorizerResultTtlInSeconds: in.AuthorizerResultTtlInSeconds,
	}
	if created.IdentitySource == "" && created.Type != authorizerRequest {
		created.IdentitySource = defaultIdentitySource
	}
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if len(records.Authorizers.IDs(a.r, a.at, a.id)) >= or(s.AuthorizersLimit, apigw.AuthorizersLimit) {
			return limitExceeded(messageAuthorizersLimit)
		}
		var err error
		if created.Id, err = newId(a, records.Authorizers); err != nil {
			return err
		}
		return a.putAuthorizer(&created)
	})
	if err != nil {
		return nil, err
	}
	return authorizerOutput(created), nil
}

// GetAuthorizer returns an authorizer.
func (s *Service) GetAuthorizer(ctx context.Context, in *apigateway.GetAuthorizerInput) (*apigateway.Authorizer, error) {
	a, err := s.view(ctx, in.RestApiId)
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
func (s *Service) GetAuthorizers(ctx context.Context, in *apigateway.GetAuthorizersInput) (*apigateway.Authorizers, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.Authorizers.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(a apigw.Authorizer) string { return a.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.Authorizers{Items: convert(found.Items, authorizerOutput), Position: found.Next}, nil
}

// UpdateAuthorizer patches an authorizer.
func (s *Service) UpdateAuthorizer(ctx context.Context, in *apigateway.UpdateAuthorizerInput) (*apigateway.Authorizer, error) {
	var updated apigw.Authorizer
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, err = a.authorizer(in.AuthorizerId); err != nil {
			return err
		}
		if err := applyPatch(authorizerPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return a.putAuthorizer(&updated)
	})
	if err != nil {
		return nil, err
	}
	return authorizerOutput(updated), nil
}

func identitySource(a *apigw.Authorizer) *string { return &a.IdentitySource }

// addIdentitySource adds to the list, which commas separate.
func addIdentitySource(a *apigw.Authorizer, operation patch.Operation) error {
	sources := slices.DeleteFunc(strings.Split(a.IdentitySource, ","), func(source string) bool { return source == "" || source == operation.Value })
	a.IdentitySource = strings.Join(append(sources, operation.Value), ",")
	return nil
}

// removeIdentitySource takes one source off the list, or without a value all of them.
func removeIdentitySource(a *apigw.Authorizer, operation patch.Operation) error {
	if operation.Value == "" {
		a.IdentitySource = ""
		return nil
	}
	sources := slices.DeleteFunc(strings.Split(a.IdentitySource, ","), func(source string) bool { return strings.TrimSpace(source) == operation.Value })
	a.IdentitySource = strings.Join(sources, ",")
	return nil
}

func providerARNs(a *apigw.Authorizer) *[]string { return &a.ProviderARNs }

// authorizerPatches: API reference, "Patch operations", UpdateAuthorizer.
var authorizerPatches = patch.Table[apigw.Authorizer]{
	{Path: "/authorizerCredentials", Replace: patch.String(func(a *apigw.Authorizer) *string { return &a.AuthorizerCredentials })},
	{Path: "/authorizerResultTtlInSeconds", Replace: replaceAuthorizerTtl},
	{Path: "/authorizerUri", Replace: patch.String(func(a *apigw.Authorizer) *string { return &a.AuthorizerUri })},
	{Path: "/authType", Replace: patch.String(func(a *apigw.Authorizer) *string { return &a.AuthType })},
	{Path: "/identitySource", Add: addIdentitySource, Replace: patch.String(identitySource), Remove: removeIdentitySource},
	{Path: "/identityValidationExpression", Replace: patch.String(func(a *apigw.Authorizer) *string { return &a.IdentityValidationExpression })},
	{Path: "/name", Replace: patch.String(func(a *apigw.Authorizer) *string { return &a.Name })},
	{Path: "/providerARNs", Add: patch.AddItem(providerARNs, ""), Remove: patch.RemoveItem(providerARNs, "")},
	{Path: "/type", Replace: patch.Enum(func(a *apigw.Authorizer) *string { return &a.Type }, authorizerToken, authorizerRequest, authorizationCognito)},
}

func replaceAuthorizerTtl(a *apigw.Authorizer, operation patch.Operation) error {
	var seconds int32
	if err := patch.Int32(func(v *int32) *int32 { return v })(&seconds, operation); err != nil {
		return err
	}
	a.AuthorizerResultTtlInSeconds = &seconds
	return nil
}

// DeleteAuthorizer deletes an authorizer that no method uses.
func (s *Service) DeleteAuthorizer(ctx context.Context, in *apigateway.DeleteAuthorizerInput) (*apigateway.DeleteAuthorizerOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if _, err := a.authorizer(in.AuthorizerId); err != nil {
			return err
		}
		err := a.eachMethod(func(path string, method apigw.Method) error {
			if method.AuthorizerId == in.AuthorizerId {
				return authorizerInUse(in.AuthorizerId, path)
			}
			return nil
		})
		if err != nil {
			return err
		}
		records.Authorizers.Delete(a.tx, a.at, a.id, in.AuthorizerId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteAuthorizerOutput{}, nil
}

func (a api) authorizer(id string) (apigw.Authorizer, error) {
	return find(a, records.Authorizers, id, notFound(messageInvalidAuthorizer))
}

// putAuthorizer checks an authorizer and puts it.
func (a api) putAuthorizer(record *apigw.Authorizer) error {
	if strings.TrimSpace(record.Name) == "" {
		return badRequest(messageInvalidName)
	}
	if err := a.checkAuthorizerName(record); err != nil {
		return err
	}
	record.AuthType = authTypeOf(record)
	if record.Type == authorizationCognito && len(record.ProviderARNs) == 0 {
		return badRequest(messageAuthorizerProviderNeeded)
	}
	if record.Type != authorizationCognito && record.AuthorizerUri == "" {
		return badRequest(messageAuthorizerUriNeeded)
	}
	if ttl := record.AuthorizerResultTtlInSeconds; ttl != nil && (*ttl < 0 || *ttl > apigw.AuthorizerResultTtlMaximum) {
		return badRequest(messageInvalidAuthorizerTtl)
	}
	if err := checkAuthorizer(record); err != nil {
		return err
	}
	return records.Authorizers.Put(a.tx, *record, a.at, a.id, record.Id)
}

// checkAuthorizerName refuses the name of another authorizer of the API.
func (a api) checkAuthorizerName(record *apigw.Authorizer) error {
	others, err := records.Authorizers.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Name == record.Name && other.Id != record.Id {
			return badRequest(fmt.Sprintf(messageAuthorizerExists, record.Name))
		}
	}
	return nil
}

// authTypeOf keeps what somebody chose; a value that AWS filled in follows the type.
func authTypeOf(record *apigw.Authorizer) string {
	switch record.AuthType {
	case "", authTypeOfFunction, authTypeOfUserPool:
		if record.Type == authorizationCognito {
			return authTypeOfUserPool
		}
		return authTypeOfFunction
	}
	return record.AuthType
}

// checkAuthorizer refuses what the data plane could not serve: an identity source that
// is none, a URI that names no function, a provider that is no user pool.
func checkAuthorizer(record *apigw.Authorizer) error {
	if _, err := authorizer.ParseIdentitySources(record.IdentitySource); err != nil {
		return badRequest(messageInvalidIdentitySource + record.IdentitySource)
	}
	if record.Type == authorizationCognito {
		for _, arn := range record.ProviderARNs {
			if _, err := authorizer.ParseUserPoolArn(arn); err != nil {
				return badRequest(messageInvalidProviderArn + arn)
			}
		}
		return nil
	}
	_, isFunction := integration.FunctionArnOf(record.AuthorizerUri)
	if !isFunction && !strings.Contains(record.AuthorizerUri, "${stageVariables.") {
		return badRequest(fmt.Sprintf(messageInvalidAuthorizerUri, record.AuthorizerUri))
	}
	return nil
}

func authorizerOutput(a apigw.Authorizer) *apigateway.Authorizer {
	return &apigateway.Authorizer{
		Id: &a.Id, Name: &a.Name, Type: apigateway.AuthorizerType(a.Type), ProviderARNs: a.ProviderARNs, AuthType: optional(a.AuthType),
		AuthorizerUri: optional(a.AuthorizerUri), AuthorizerCredentials: optional(a.AuthorizerCredentials), IdentitySource: optional(a.IdentitySource),
		IdentityValidationExpression: optional(a.IdentityValidationExpression), AuthorizerResultTtlInSeconds: a.AuthorizerResultTtlInSeconds,
	}
}
