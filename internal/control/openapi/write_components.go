package openapi

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
)

// components writes the security schemes, and the integrations that routes share.
func (w *writer) components() *tree {
	components, schemes, shared := newObject(), newObject(), newObject()
	for _, authorizer := range w.Snapshot.Authorizers {
		schemes.set(authorizer.Name, w.scheme(authorizer))
	}
	if slices.ContainsFunc(w.Snapshot.Routes, func(route apigwv2.Route) bool { return route.AuthorizationType == authorizationIam }) {
		schemes.set(sigv4Scheme, w.sigv4())
	}
	for _, integration := range w.Snapshot.Integrations {
		if w.routes[integration.IntegrationId] > 1 {
			shared.set(integration.IntegrationId, integrationTree(integration))
		}
	}
	if len(schemes.members) > 0 {
		components.set("securitySchemes", schemes)
	}
	if len(shared.members) > 0 && !w.WithoutExtensions {
		components.set(extensionIntegrations, shared)
	}
	return components
}

func (w *writer) sigv4() *tree {
	scheme := apiKeyScheme("Authorization")
	if !w.WithoutExtensions {
		scheme.set(extensionAuthType, textOf(authTypeSigv4))
	}
	return scheme
}

func apiKeyScheme(header string) *tree {
	scheme := newObject()
	scheme.set("type", textOf("apiKey"))
	scheme.set("name", textOf(header))
	scheme.set("in", textOf("header"))
	return scheme
}

func (w *writer) scheme(authorizer apigwv2.Authorizer) *tree {
	var scheme *tree
	if authorizer.JwtConfiguration != nil {
		scheme = newObject()
		scheme.set("type", textOf("oauth2"))
		scheme.set("flows", newObject())
	} else {
		scheme = apiKeyScheme(headerOf(authorizer.IdentitySource))
	}
	if w.WithoutExtensions {
		return scheme
	}
	out := newObject()
	out.setText("type", strings.ToLower(authorizer.AuthorizerType))
	if len(authorizer.IdentitySource) > 0 {
		out.set("identitySource", textOf(strings.Join(authorizer.IdentitySource, ",")))
	}
	if jwt := authorizer.JwtConfiguration; jwt != nil {
		configuration := newObject()
		configuration.set("audience", textsOf(jwt.Audience))
		configuration.set("issuer", textOf(jwt.Issuer))
		out.set("jwtConfiguration", configuration)
	}
	out.setText("authorizerUri", authorizer.AuthorizerUri)
	out.setText("authorizerCredentials", authorizer.AuthorizerCredentialsArn)
	out.setText("authorizerPayloadFormatVersion", authorizer.AuthorizerPayloadFormatVersion)
	if ttl := authorizer.AuthorizerResultTtlInSeconds; ttl != nil {
		out.set("authorizerResultTtlInSeconds", integerOf(int64(*ttl)))
	}
	if authorizer.EnableSimpleResponses {
		out.set("enableSimpleResponses", booleanOf(true))
	}
	scheme.set(extensionAuthorizer, out)
	return scheme
}

// headerOf is the first header of identity sources, which OpenAPI wants to know.
func headerOf(sources []string) string {
	for _, source := range sources {
		if header, ok := strings.CutPrefix(source, "$request.header."); ok {
			return header
		}
	}
	return "Unused"
}

func integrationTree(i apigwv2.Integration) *tree {
	out := newObject()
	out.setText("payloadFormatVersion", i.PayloadFormatVersion)
	out.set("type", textOf(strings.ToLower(i.IntegrationType)))
	out.setText("integrationSubtype", i.IntegrationSubtype)
	out.setText("httpMethod", i.IntegrationMethod)
	out.setText("uri", i.IntegrationUri)
	out.setText("connectionType", i.ConnectionType)
	out.setText("connectionId", i.ConnectionId)
	out.setText("credentials", i.CredentialsArn)
	out.setText("description", i.Description)
	out.set("timeoutInMillis", integerOf(int64(i.TimeoutInMillis)))
	if len(i.RequestParameters) > 0 {
		out.set("requestParameters", entriesTree(i.RequestParameters))
	}
	if len(i.ResponseParameters) > 0 {
		parameters := newObject()
		for _, status := range slices.Sorted(maps.Keys(i.ResponseParameters)) {
			parameters.set(status, entriesTree(i.ResponseParameters[status]))
		}
		out.set("responseParameters", parameters)
	}
	if i.TlsConfig != nil {
		out.set("tlsConfig", objectWith("serverNameToVerify", textOf(i.TlsConfig.ServerNameToVerify)))
	}
	return out
}

func entriesTree(entries map[string]string) *tree {
	t := newObject()
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		t.set(name, textOf(entries[name]))
	}
	return t
}

func corsTree(cors *apigwv2.Cors) *tree {
	t := newObject()
	lists := []struct {
		name   string
		values []string
	}{
		{"allowMethods", cors.AllowMethods}, {"allowHeaders", cors.AllowHeaders}, {"exposeHeaders", cors.ExposeHeaders},
		{"allowOrigins", cors.AllowOrigins},
	}
	for _, one := range lists {
		if len(one.values) > 0 {
			t.set(one.name, textsOf(one.values))
		}
	}
	if cors.MaxAge != nil {
		t.set("maxAge", integerOf(int64(*cors.MaxAge)))
	}
	if cors.AllowCredentials {
		t.set("allowCredentials", booleanOf(true))
	}
	return t
}
