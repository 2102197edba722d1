package openapi

import (
	"cmp"
	"strings"

	"gatehouse/internal/apigw"
)

// keyScheme is the name that AWS gives the scheme of API keys.
const keyScheme = "api_key"

// secure writes which requests a method takes, and the schemes that it names.
func (w *restWriter) secure(operation *tree, method apigw.Method) {
	requirements := &tree{kind: list}
	require := func(name string, scopes []string, scheme *tree) {
		requirements.items = append(requirements.items, objectWith(name, textsOf(scopes)))
		w.schemes.set(name, scheme)
	}
	switch method.AuthorizationType {
	case authorizationIam:
		scheme := apiKeyScheme("Authorization")
		scheme.set(extensionAuthType, textOf(authTypeSigv4))
		require(sigv4Scheme, nil, scheme)
	case authorizationCustom, authorizationCognito:
		authorizer := w.authorizers[method.AuthorizerId]
		require(authorizer.Name, method.AuthorizationScopes, w.scheme(authorizer))
	}
	if method.ApiKeyRequired {
		require(keyScheme, nil, apiKeyScheme(keyHeader))
	}
	if len(requirements.items) > 0 {
		operation.set("security", requirements)
	}
}

// headerSource begins the identity source that a security scheme can name by itself.
const headerSource = "method.request.header."

func (w *restWriter) scheme(authorizer apigw.Authorizer) *tree {
	header, ok := strings.CutPrefix(authorizer.IdentitySource, headerSource)
	byScheme := ok && !strings.Contains(header, ",")
	if !byScheme {
		header = "Unused"
	}
	scheme := apiKeyScheme(header)
	w.inject(scheme, apigw.DocumentationPartLocation{Type: "AUTHORIZER", Name: authorizer.Name}, documentedOfParameter)
	if !w.Authorizers {
		return scheme
	}
	otherwise := "custom"
	if authorizer.Type == authorizationCognito {
		otherwise = "cognito_user_pools"
	}
	scheme.set(extensionAuthType, textOf(cmp.Or(authorizer.AuthType, otherwise)))
	out := newObject()
	if len(authorizer.ProviderARNs) > 0 {
		out.set("providerARNs", textsOf(authorizer.ProviderARNs))
	}
	out.setText("authorizerUri", authorizer.AuthorizerUri)
	out.setText("authorizerCredentials", authorizer.AuthorizerCredentials)
	if !byScheme || authorizer.Type == authorizerRequest {
		out.setText("identitySource", authorizer.IdentitySource)
	}
	out.setText("identityValidationExpression", authorizer.IdentityValidationExpression)
	if ttl := authorizer.AuthorizerResultTtlInSeconds; ttl != nil {
		out.set("authorizerResultTtlInSeconds", integerOf(int64(*ttl)))
	}
	out.set("type", textOf(strings.ToLower(authorizer.Type)))
	scheme.set(extensionAuthorizer, out)
	return scheme
}
