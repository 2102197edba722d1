package websocketapi

import (
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

const (
	integrationRequestPrefix = "integration.request."
	connectionVpcLink        = "VPC_LINK"
)

// compileIntegration compiles the backend of a route.
func (c *compiler) compileIntegration(route *plan.WebSocketRoute, from *apigwv2.Integration) *plan.WebSocketIntegration {
	compiled := &plan.WebSocketIntegration{
		IntegrationId: from.IntegrationId, Type: plan.IntegrationType(from.IntegrationType), HttpMethod: from.IntegrationMethod,
		Credentials: from.CredentialsArn, Timeout: timeoutOf(from), ContentHandling: from.ContentHandlingStrategy,
		PassthroughBehavior: plan.PassthroughBehavior(from.PassthroughBehavior),
	}
	if compiled.PassthroughBehavior == "" {
		compiled.PassthroughBehavior = plan.WhenNoMatch
	}
	if from.TlsConfig != nil {
		compiled.ServerNameToVerify = from.TlsConfig.ServerNameToVerify
	}
	if from.ConnectionType == connectionVpcLink {
		compiled.VpcLinkId = plan.NewUri(from.ConnectionId)
	}
	c.compileUri(route, compiled, from)
	compiled.RequestParameters = c.compileParameters(route, from.RequestParameters)
	if compiled.IsProxy() {
		return compiled
	}
	compiled.TemplateSelection = c.selection(route, "integration.templateSelectionExpression", from.TemplateSelectionExpression)
	compiled.RequestTemplates = c.compileTemplates(route, from.RequestTemplates, "integration.requestTemplates")
	c.compileResponses(route, compiled)
	return compiled
}

func timeoutOf(from *apigwv2.Integration) time.Duration {
	if from.TimeoutInMillis <= 0 {
		return apigwv2.WebSocketIntegrationTimeoutMaximum
	}
	return time.Duration(from.TimeoutInMillis) * time.Millisecond
}

// compileUri compiles the URI and refuses the services that are not built.
func (c *compiler) compileUri(route *plan.WebSocketRoute, compiled *plan.WebSocketIntegration, from *apigwv2.Integration) {
	switch compiled.Type {
	case plan.IntegrationMock:
		return
	case plan.IntegrationHttp, plan.IntegrationHttpProxy, plan.IntegrationAws, plan.IntegrationAwsProxy:
	default:
		c.broken(route, "integration.integrationType", "there is no integration type "+from.IntegrationType)
		return
	}
	if from.IntegrationUri == "" {
		c.broken(route, "integration.integrationUri", "the integration has no URI")
		return
	}
	compiled.Uri = plan.NewUri(from.IntegrationUri)
	isFunction := integration.IsFunctionUri(from.IntegrationUri)
	compiled.IsService = compiled.Type == plan.IntegrationAws && !isFunction
	if compiled.Type == plan.IntegrationAwsProxy && !isFunction {
		c.refuse(route, "integration.integrationUri", "AWS_PROXY integrations other than Lambda functions ("+from.IntegrationUri+")")
	}
}

// compileParameters compiles the mappings onto the integration request.
func (c *compiler) compileParameters(route *plan.WebSocketRoute, mappings map[string]string) []plan.ParameterMapping {
	var compiled []plan.ParameterMapping
	for _, key := range slices.Sorted(maps.Keys(mappings)) {
		where := "integration.requestParameters[" + key + "]"
		target, ok := strings.CutPrefix(key, integrationRequestPrefix)
		location, name, hasName := strings.Cut(target, ".")
		if !ok || !hasName {
			c.broken(route, where, "is no target of a mapping")
			continue
		}
		parameter, err := mapping.CompileRouteParameter(mappings[key], nil)
		if err != nil {
			c.broken(route, where, err.Error())
			continue
		}
		compiled = append(compiled, plan.ParameterMapping{
			Target: plan.Parameter{Location: plan.Location(location), Name: name}, Compiled: parameter,
		})
	}
	return compiled
}

// compileTemplates compiles mapping templates. A broken one stays in its place and
// fails the messages that it is chosen for.
func (c *compiler) compileTemplates(route *plan.WebSocketRoute, templates map[string]string, where string) []plan.Template {
	var compiled []plan.Template
	for _, key := range slices.Sorted(maps.Keys(templates)) {
		template := plan.Template{ContentType: key, Text: templates[key]}
		at := where + "[" + key + "]"
		var err error
		if template.Compiled, err = mapping.Compile(at, template.Text); err != nil {
			template.Broken = err.Error()
			c.report(route, Diagnostic{Severity: restapi.Broken, Id: fault.TemplateFailed, Where: at, Message: template.Broken})
		}
		compiled = append(compiled, template)
	}
	return compiled
}

// compileResponses compiles the integration responses in order of keys: "/pattern/" or
// "$default" (guide: apigateway-websocket-api-integration-responses.md). AWS does not
// say in which order it tries them.
func (c *compiler) compileResponses(route *plan.WebSocketRoute, compiled *plan.WebSocketIntegration) {
	responses := map[string]apigwv2.IntegrationResponse{}
	for _, response := range c.snapshot.IntegrationResponses[compiled.IntegrationId] {
		responses[response.IntegrationResponseKey] = response
	}
	for _, key := range slices.Sorted(maps.Keys(responses)) {
		from := responses[key]
		where := "integrationResponses[" + key + "]"
		response := &plan.WebSocketIntegrationResponse{
			Key: key, ContentHandling: from.ContentHandlingStrategy,
			TemplateSelection: c.selection(route, where+".templateSelectionExpression", from.TemplateSelectionExpression),
			ResponseTemplates: c.compileTemplates(route, from.ResponseTemplates, where+".responseTemplates"),
		}
		if len(from.ResponseParameters) > 0 {
			c.warn(route, where+".responseParameters", "a WebSocket message has no headers to map onto")
		}
		if key == plan.RouteKeyDefault {
			compiled.Default = response
			continue
		}
		c.addPattern(route, compiled, response)
	}
}

func (c *compiler) addPattern(route *plan.WebSocketRoute, compiled *plan.WebSocketIntegration, response *plan.WebSocketIntegrationResponse) {
	text := response.Key
	if len(text) > 1 && strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/") {
		text = text[1 : len(text)-1]
	}
	pattern, err := plan.NewPattern(text)
	if err != nil {
		c.broken(route, "integrationResponses["+response.Key+"]", err.Error())
		return
	}
	response.Pattern = pattern
	compiled.Responses = append(compiled.Responses, response)
}
