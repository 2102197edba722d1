package openapi

import (
	"strings"

	"gatehouse/internal/apigw/apigwv2"
)

const (
	methodAny = "ANY"
	// defaultPath is how a document writes the route $default; SAM leaves the slash out.
	defaultPath = "/$default"

	authorizationNone   = "NONE"
	authorizationIam    = "AWS_IAM"
	authorizationCustom = "CUSTOM"
	authorizationJwt    = "JWT"

	authTypeSigv4 = "awsSigv4"
)

// operationNames are the members of a path that are operations, and their methods.
var operationNames = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD", "patch": "PATCH",
	extensionAnyMethod: methodAny,
}

// ignoredOfOperation is what OpenAPI has and HTTP APIs do not.
var ignoredOfOperation = []string{"requestBody", "x-amazon-apigateway-request-validator"}

func (r *reader) paths(prefix string) {
	paths := r.root.get("paths")
	if paths == nil || paths.kind != object {
		r.problem("The API definition has no paths")
		return
	}
	for _, path := range paths.members {
		if strings.HasPrefix(path.name, "x-") {
			continue
		}
		if !strings.HasPrefix(path.name, "/") && "/"+path.name != defaultPath {
			r.problem("Path '%s' does not begin with a slash", path.name)
			continue
		}
		for _, operation := range path.value.members {
			if method, ok := operationNames[strings.ToLower(operation.name)]; ok {
				r.route(prefix, path.name, method, operation.value)
			}
		}
	}
}

// route reads one operation of a path.
func (r *reader) route(prefix, path, method string, operation *tree) {
	where := "'" + method + " " + path + "'"
	key := method + " " + joined(prefix, path)
	if strings.TrimPrefix(path, "/") == apigwv2.DefaultRouteKey && method == methodAny || operation.get("isDefaultRoute").isTrue() {
		key = apigwv2.DefaultRouteKey
	}
	for _, name := range ignoredOfOperation {
		if operation.get(name) != nil {
			r.info("Ignoring %s of %s: it is not supported for HTTP APIs", name, where)
		}
	}
	route := Route{Route: apigwv2.Route{RouteKey: key, OperationName: operation.get("operationId").text()}, AuthorizerIndex: -1}
	route.IntegrationIndex = r.integrationOf(operation, where)
	r.authorize(&route, operation, where)
	if r.keys[key] {
		r.problem("Route with key %s is there twice", key)
		return
	}
	r.keys[key] = true
	r.definition.Routes = append(r.definition.Routes, route)
}

func joined(prefix, path string) string {
	if prefix != "" && path == "/" {
		return prefix
	}
	return prefix + path
}

// authorize reads which requests a route takes: what the operation says, or else the
// whole document.
func (r *reader) authorize(route *Route, operation *tree, where string) {
	route.AuthorizationType = authorizationNone
	if strings.EqualFold(operation.get(extensionAuth, "type").text(), authorizationIam) {
		route.AuthorizationType = authorizationIam
		return
	}
	security := operation.get("security")
	if security == nil {
		security = r.root.get("security")
	}
	if security == nil || len(security.items) == 0 {
		return
	}
	if len(security.items) > 1 || len(security.items[0].members) > 1 {
		r.problem("%s has several security requirements, and can have one", where)
		return
	}
	if len(security.items[0].members) == 0 {
		return
	}
	requirement := security.items[0].members[0]
	scheme := r.root.get("components", "securitySchemes", requirement.name)
	switch {
	case scheme == nil:
		r.problem("%s requires the security scheme '%s', which is not defined", where, requirement.name)
	case strings.EqualFold(scheme.get(extensionAuthType).text(), authTypeSigv4):
		route.AuthorizationType = authorizationIam
	case scheme.get(extensionAuthorizer) == nil:
		r.warn("Ignoring the security scheme '%s' of %s, which lets every request in: it has no %s", requirement.name, where, extensionAuthorizer)
	default:
		r.authorizeBy(route, requirement, scheme)
	}
}

func (r *reader) authorizeBy(route *Route, requirement member, scheme *tree) {
	index, known := r.authorizers[requirement.name]
	if !known {
		index = len(r.definition.Authorizers)
		r.authorizers[requirement.name] = index
		r.definition.Authorizers = append(r.definition.Authorizers, authorizerOf(requirement.name, scheme))
	}
	route.AuthorizerIndex, route.AuthorizationType = index, authorizationCustom
	if r.definition.Authorizers[index].AuthorizerType == authorizationJwt {
		route.AuthorizationType, route.AuthorizationScopes = authorizationJwt, requirement.value.texts()
	}
}

// discoverySuffix is what an issuer's configuration is behind.
const discoverySuffix = "/.well-known/openid-configuration"

func authorizerOf(name string, scheme *tree) apigwv2.Authorizer {
	in := scheme.get(extensionAuthorizer)
	authorizer := apigwv2.Authorizer{
		Name: name, AuthorizerType: strings.ToUpper(in.get("type").text()), AuthorizerUri: in.get("authorizerUri").text(),
		AuthorizerCredentialsArn:       in.get("authorizerCredentials").text(),
		AuthorizerPayloadFormatVersion: version(in.get("authorizerPayloadFormatVersion").text()),
		AuthorizerResultTtlInSeconds:   in.get("authorizerResultTtlInSeconds").integer(),
		EnableSimpleResponses:          in.get("enableSimpleResponses").isTrue(), IdentitySource: sources(in.get("identitySource")),
	}
	if authorizer.AuthorizerType != authorizationJwt {
		return authorizer
	}
	authorizer.JwtConfiguration = &apigwv2.JWTConfiguration{
		Audience: in.get("jwtConfiguration", "audience").texts(), Issuer: in.get("jwtConfiguration", "issuer").text(),
	}
	if authorizer.JwtConfiguration.Issuer == "" {
		authorizer.JwtConfiguration.Issuer = strings.TrimSuffix(scheme.get("openIdConnectUrl").text(), discoverySuffix)
	}
	return authorizer
}

// sources are identity sources, which a document has as a list or joined by commas.
func sources(t *tree) []string {
	var all []string
	for _, one := range t.texts() {
		for _, source := range strings.Split(one, ",") {
			if source = strings.TrimSpace(source); source != "" {
				all = append(all, source)
			}
		}
	}
	return all
}
