package openapi

import (
	"strings"

	"gatehouse/internal/apigw"
)

// ignoredOfRestIntegration is what HTTP APIs have and REST APIs do not.
var ignoredOfRestIntegration = []string{"integrationSubtype", "payloadFormatVersion"}

// integration reads the integration of an operation.
func (r *restReader) integration(in *tree, where string) *apigw.Integration {
	if in == nil || in.kind != object {
		r.problem("Unable to parse API definition because of a malformed integration at %s", where)
		return nil
	}
	for _, name := range ignoredOfRestIntegration {
		if in.get(name) != nil {
			r.warn("Ignoring %s of the integration of %s: it is not supported for REST APIs", name, where)
		}
	}
	integration := &apigw.Integration{
		Type: strings.ToUpper(in.get("type").text()), HttpMethod: methodOf(in.get("httpMethod").text()), Uri: in.get("uri").text(),
		ConnectionType: strings.ToUpper(in.get("connectionType").text()), ConnectionId: in.get("connectionId").text(),
		Credentials: in.get("credentials").text(), RequestParameters: in.get("requestParameters").entries(),
		RequestTemplates: in.get("requestTemplates").entries(), PassthroughBehavior: strings.ToUpper(in.get("passthroughBehavior").text()),
		ContentHandling: strings.ToUpper(in.get("contentHandling").text()), CacheNamespace: in.get("cacheNamespace").text(),
		CacheKeyParameters: in.get("cacheKeyParameters").texts(), IntegrationTarget: in.get("integrationTarget").text(),
		ResponseTransferMode: strings.ToUpper(in.get("responseTransferMode").text()),
	}
	if timeout := in.get("timeoutInMillis"); timeout != nil {
		if milliseconds := timeout.integer(); milliseconds != nil {
			integration.TimeoutInMillis = *milliseconds
		} else {
			r.problem("timeoutInMillis of the integration of %s is not a whole number", where)
		}
	}
	if tls := in.get("tlsConfig"); tls != nil {
		integration.TlsConfig = &apigw.TlsConfig{InsecureSkipVerification: tls.get("insecureSkipVerification").isTrue()}
		if tls.get("serverNameToVerify") != nil {
			r.warn("Ignoring serverNameToVerify of the integration of %s: it is not supported for REST APIs", where)
		}
	}
	r.integrationResponses(integration, in.get("responses"), where)
	return integration
}

// defaultPattern is how a document writes the pattern of the default response.
const defaultPattern = "default"

// integrationResponses reads the responses, which a document has by pattern and an
// integration by status code.
func (r *restReader) integrationResponses(integration *apigw.Integration, in *tree, where string) {
	for _, m := range in.membersOf() {
		response := apigw.IntegrationResponse{
			StatusCode: m.value.get("statusCode").text(), SelectionPattern: m.name,
			ResponseParameters: m.value.get("responseParameters").entries(), ResponseTemplates: m.value.get("responseTemplates").entries(),
			ContentHandling: strings.ToUpper(m.value.get("contentHandling").text()),
		}
		if m.name == defaultPattern {
			response.SelectionPattern = ""
		}
		if other, taken := integration.IntegrationResponses[response.StatusCode]; taken {
			r.warn("Ignoring the response '%s' of the integration of %s: '%s' has the status code %s too", orDefault(other.SelectionPattern), where, m.name, response.StatusCode)
		}
		if integration.IntegrationResponses == nil {
			integration.IntegrationResponses = map[string]apigw.IntegrationResponse{}
		}
		integration.IntegrationResponses[response.StatusCode] = response
	}
}

func orDefault(pattern string) string {
	if pattern == "" {
		return defaultPattern
	}
	return pattern
}
