package restapis

import (
	"fmt"
	"strings"
)

// AWS's texts about custom domain names. "Observed": seen in answers that the public has
// reported.
const (
	// Observed.
	messageInvalidDomainName      = "Invalid domain name identifier specified"
	messageDomainNameExists       = "The domain name you provided already exists."
	messageInvalidBasePathMapping = "Invalid base path mapping identifier specified"
	messageBasePathSlash          = "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2."
	messageBasePathEmptyTaken     = "Only one base path mapping is allowed if the base path is empty."

	// Unconfirmed.
	messageBasePathTaken      = "Base path already exists for this domain name"
	messageInvalidRestApi     = "Invalid REST API identifier specified"
	messageInvalidDomain      = "Invalid domain name specified"
	messageDomainEndpointType = "A domain name must have exactly one endpoint configuration type"
	messageCertificateNeeded  = "A certificate ARN must be specified for the domain name's endpoint type"
	messageBasePath           = "A base path may contain only letters, numbers and one of $-_.+!*'(),"
	messageMappingsLimit      = "Maximum number of base path mappings for this domain name has been reached."
	messageMappingWebSocket   = "REST APIs cannot be mapped to a domain name that has mappings of WebSocket APIs"
)

func basePathExists(basePath string) error {
	if basePath == "" {
		return conflict(messageBasePathEmptyTaken)
	}
	return conflict(messageBasePathTaken)
}

// restApiMapped and stageMapped are observed.
func restApiMapped(restApiId string, domainNames []string) error {
	return badRequest(fmt.Sprintf("Deleting RestApi %s failed. Please remove all base path mappings related to the RestApi in your domains: %s.",
		restApiId, strings.Join(domainNames, ", ")))
}

func stageMapped(stageName string, domainNames []string) error {
	return badRequest(fmt.Sprintf("Deleting stage %s failed. Please remove all base path mappings related to the stage in your domains: %s.",
		stageName, strings.Join(domainNames, ", ")))
}
