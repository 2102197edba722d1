package apigwv2

import (
	"slices"
	"strings"

	"gatehouse/internal/apigw"
)

// The variables that access logs may have (guide: http-api-logging-variables.md,
// websocket-api-logging.md, and what newer pages add), in words after "$context.".
var (
	sharedLogVariables = strings.Fields(`accountId apiId authorizer.error authorizer.principalId awsEndpointRequestId deploymentId domainName domainPrefix
		error.message error.messageString error.responseType extendedRequestId identity.accessKey identity.accountId identity.caller
		identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType identity.cognitoIdentityId identity.cognitoIdentityPoolId
		identity.principalOrgId identity.sourceIp identity.user identity.userAgent identity.userArn integration.error
		integration.integrationStatus integration.latency integration.requestId integration.status integrationErrorMessage
		integrationLatency integrationStatus requestId requestTime requestTimeEpoch routeKey stage status`)
	httpLogVariables = strings.Fields(`awsEndpointRequestId2 customDomain.basePathMatched dataProcessed httpMethod identity.clientCert.clientCertPem
		identity.clientCert.subjectDN identity.clientCert.issuerDN identity.clientCert.serialNumber identity.clientCert.validity.notBefore
		identity.clientCert.validity.notAfter path protocol responseLatency responseLength`)
	webSocketLogVariables = strings.Fields(`authenticate.error authenticate.latency authenticate.status authorize.error authorize.latency authorize.status
		connectedAt connectionId disconnectReason disconnectStatusCode error.validationErrorString eventType identity.apiKey identity.apiKeyId
		messageDirection messageId operationName waf.error waf.latency waf.status`)
)

// UnsupportedLogVariables are those of an access log's format that an API of the protocol
// type has not: "$context.resourcePath". Members of what an authorizer says are always
// there.
func UnsupportedLogVariables(protocolType, format string) []string {
	own := httpLogVariables
	if protocolType == ProtocolTypeWebSocket {
		own = webSocketLogVariables
	}
	var unsupported []string
	for _, name := range apigw.AccessLogVariables(format) {
		variable := strings.TrimPrefix(name, "context.")
		if !strings.HasPrefix(variable, "authorizer.") && !slices.Contains(sharedLogVariables, variable) && !slices.Contains(own, variable) {
			unsupported = append(unsupported, "$"+name)
		}
	}
	return unsupported
}

// LogVariables are all the variables that access logs of a protocol type may have.
func LogVariables(protocolType string) []string {
	if protocolType == ProtocolTypeWebSocket {
		return append(slices.Clone(sharedLogVariables), webSocketLogVariables...)
	}
	return append(slices.Clone(sharedLogVariables), httpLogVariables...)
}
