package openapi

import (
	"strings"

	"gatehouse/internal/apigw"
)

const (
	authorizationCognito = "COGNITO_USER_POOLS"
	authorizerToken      = "TOKEN"
	authorizerRequest    = "REQUEST"

	// keyHeader is the header of API keys, which a security scheme of type apiKey names.
	keyHeader = "x-api-key"
)

// authorizers reads the security schemes that are authorizers.
func (r *restReader) authorizers() {
	for _, m := range r.schemes.membersOf() {
		in := m.value.get(extensionAuthorizer)
		if in == nil {
			continue
		}
		authorizer := restAuthorizerOf(m.name, m.value)
		if authorizer.Type != authorizerToken && authorizer.Type != authorizerRequest && authorizer.Type != authorizationCognito {
			r.problem("Unable to create authorizer '%s': the type '%s' is not supported for REST APIs", m.name, in.get("type").text())
		}
		r.definition.Authorizers = append(r.definition.Authorizers, authorizer)
		r.warnUnknown(m.value, "the security scheme '"+m.name+"'", extensionAuthorizer, extensionAuthType)
	}
}

func restAuthorizerOf(name string, scheme *tree) apigw.Authorizer {
	in := scheme.get(extensionAuthorizer)
	authorizer := apigw.Authorizer{
		Name: name, Type: strings.ToUpper(in.get("type").text()), ProviderARNs: in.get("providerARNs").texts(),
		AuthType: scheme.get(extensionAuthType).text(), AuthorizerUri: in.get("authorizerUri").text(),
		AuthorizerCredentials: in.get("authorizerCredentials").text(), IdentitySource: strings.Join(sources(in.get("identitySource")), ","),
		IdentityValidationExpression: in.get("identityValidationExpression").text(),
		AuthorizerResultTtlInSeconds: in.get("authorizerResultTtlInSeconds").integer(),
	}
	if header := scheme.get("name").text(); authorizer.IdentitySource == "" && authorizer.Type != authorizerRequest && header != "" {
		authorizer.IdentitySource = "method.request.header." + header
	}
	return authorizer
}

// authorize reads which requests a method takes: what the operation says, or else the
// whole document. It is false for a method that cannot be made.
func (r *restReader) authorize(method *RestMethod, operation *tree, where string) bool {
	method.AuthorizationType = authorizationNone
	security := operation.get("security")
	if security == nil {
		security = r.root.get("security")
	}
	possible := true
	if security != nil {
		for _, requirement := range security.items {
			for _, one := range requirement.members {
				possible = r.require(method, one, where) && possible
			}
		}
	}
	switch kind := strings.ToUpper(operation.get(extensionAuth, "type").text()); kind {
	case "":
	case authorizationNone, authorizationIam:
		method.AuthorizationType, method.Authorizer, method.AuthorizationScopes = kind, "", nil
	default:
		r.problem("%s of %s has the type '%s', which is none", extensionAuth, where, kind)
	}
	return possible
}

// require reads one security requirement.
func (r *restReader) require(method *RestMethod, requirement member, where string) bool {
	name := requirement.name
	scheme := r.schemes.get(name)
	authType := scheme.get(extensionAuthType)
	switch {
	case scheme == nil:
		// AWS's page api-gateway-request-validation-sample-api-swagger.md imports one such.
		r.warn("Ignoring the security scheme '%s' of %s, which lets every request in: it is not defined", name, where)
	case strings.EqualFold(authType.text(), authTypeSigv4):
		return r.authorizeBy(method, authorizationIam, "", where)
	case scheme.get(extensionAuthorizer) != nil:
		kind := authorizationCustom
		if restAuthorizerOf(name, scheme).Type == authorizationCognito {
			kind, method.AuthorizationScopes = authorizationCognito, requirement.value.texts()
		}
		return r.authorizeBy(method, kind, name, where)
	case authType != nil:
		r.warn("Unable to create authorizer from security definition: '%s'. Extension %s is required. Any methods with security: '%s' will not be created. "+
			"If this security definition is not a custom authorizer, remove the %s extension and it will be ignored.", name, extensionAuthorizer, name, extensionAuthType)
		return false
	case strings.EqualFold(scheme.get("name").text(), keyHeader):
		method.ApiKeyRequired = true
	default:
		r.warn("Ignoring the security scheme '%s' of %s, which lets every request in: it has no %s", name, where, extensionAuthorizer)
	}
	return true
}

// authorizeBy gives a method its one authorization.
func (r *restReader) authorizeBy(method *RestMethod, kind, authorizer, where string) bool {
	if method.AuthorizationType != authorizationNone && (method.AuthorizationType != kind || method.Authorizer != authorizer) {
		r.problem("Unable to put method %s: it has several authorizers, and can have one", where)
	}
	method.AuthorizationType, method.Authorizer = kind, authorizer
	return true
}
