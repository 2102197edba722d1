package openapi

import (
	"strings"

	"gatehouse/internal/apigw/apigwv2"
)

// referencePrefix begins what names an integration of the components.
const referencePrefix = "#/components/" + extensionIntegrations + "/"

// integrationOf reads the integration of an operation, or finds the one it shares; -1 is
// none.
func (r *reader) integrationOf(operation *tree, where string) int {
	in := operation.get(extensionIntegration)
	if in == nil {
		r.info("%s has no %s, so its route has no target", where, extensionIntegration)
		return -1
	}
	reference := in.get("$ref").text()
	if reference == "" {
		return r.integration(in, where)
	}
	if index, known := r.references[reference]; known {
		return index
	}
	name, ok := strings.CutPrefix(reference, referencePrefix)
	in = r.root.get("components", extensionIntegrations, name)
	if !ok || in == nil {
		r.problem("%s refers to the integration '%s', which is not defined", where, reference)
		return -1
	}
	index := r.integration(in, "'"+name+"'")
	r.references[reference] = index
	return index
}

// ignoredOfIntegration is what REST APIs have and HTTP APIs do not.
var ignoredOfIntegration = []string{
	"passthroughBehavior", "contentHandling", "requestTemplates", "responses", "cacheNamespace", "cacheKeyParameters",
}

func (r *reader) integration(in *tree, where string) int {
	if in.kind != object {
		r.problem("Unable to parse API definition because of a malformed integration at %s", where)
		return -1
	}
	kind := strings.ToUpper(in.get("type").text())
	if kind != "HTTP_PROXY" && kind != "AWS_PROXY" {
		r.warn("Unable to create an integration of %s: the type '%s' is not supported for HTTP APIs", where, in.get("type").text())
		return -1
	}
	for _, name := range ignoredOfIntegration {
		if in.get(name) != nil {
			r.info("Ignoring %s of the integration of %s: it is not supported for HTTP APIs", name, where)
		}
	}
	integration := apigwv2.Integration{
		IntegrationType: kind, IntegrationSubtype: in.get("integrationSubtype").text(), IntegrationUri: in.get("uri").text(),
		IntegrationMethod: methodOf(in.get("httpMethod").text()), ConnectionType: strings.ToUpper(in.get("connectionType").text()),
		ConnectionId: in.get("connectionId").text(), CredentialsArn: in.get("credentials").text(), Description: in.get("description").text(),
		PayloadFormatVersion: version(in.get("payloadFormatVersion").text()),
		RequestParameters:    in.get("requestParameters").entries(), ResponseParameters: byStatus(in.get("responseParameters")),
	}
	if timeout := in.get("timeoutInMillis").integer(); timeout != nil {
		integration.TimeoutInMillis = *timeout
	}
	if name := in.get("tlsConfig", "serverNameToVerify").text(); name != "" {
		integration.TlsConfig = &apigwv2.TlsConfig{ServerNameToVerify: name}
	}
	r.definition.Integrations = append(r.definition.Integrations, Integration{integration, where})
	return len(r.definition.Integrations) - 1
}

func methodOf(name string) string {
	if strings.EqualFold(name, extensionAnyMethod) {
		return methodAny
	}
	return strings.ToUpper(name)
}

// version is a payload format version, which people also write as the number 1 or 2.
func version(text string) string {
	if text == "1" || text == "2" {
		return text + ".0"
	}
	return text
}

func byStatus(in *tree) map[string]map[string]string {
	if in == nil || len(in.members) == 0 {
		return nil
	}
	parameters := map[string]map[string]string{}
	for _, status := range in.members {
		parameters[status.name] = status.value.entries()
	}
	return parameters
}
