package restapis

import (
	"regexp"
	"slices"

	"gatehouse/internal/apigw"
)

// Values of ipAddressType.
const (
	addressIpv4      = "ipv4"
	addressDualstack = "dualstack"
)

var vpcEndpointIdPattern = regexp.MustCompile(`^vpce-[0-9a-f]{8,17}$`)

func isPrivate(endpoint *apigw.EndpointConfiguration) bool {
	return slices.Contains(endpoint.Types, endpointPrivate)
}

func defaultIpAddressType(types []string) string {
	if slices.Contains(types, endpointPrivate) {
		return addressDualstack
	}
	return addressIpv4
}

// changeEndpointType: a private API can become regional only (guide:
// apigateway-api-migration.md). A type that becomes private takes the address type that
// private APIs have.
func changeEndpointType(endpoint *apigw.EndpointConfiguration, kind string) error {
	if isPrivate(endpoint) && kind == endpointEdge {
		return badRequest(messagePrivateToEdge)
	}
	endpoint.Types = []string{kind}
	if kind == endpointPrivate {
		endpoint.IpAddressType = addressDualstack
	}
	return nil
}

// validateEndpointConfiguration checks what a private API may have and others may not. That an
// endpoint exists is not checked: its listener may be configured later.
func validateEndpointConfiguration(endpoint *apigw.EndpointConfiguration) error {
	if !isPrivate(endpoint) {
		if len(endpoint.VpcEndpointIds) > 0 {
			return badRequest(messageVpcEndpointsOfPublic)
		}
		return nil
	}
	if endpoint.IpAddressType != addressDualstack {
		return badRequest(messagePrivateAddressType)
	}
	for _, id := range endpoint.VpcEndpointIds {
		if !vpcEndpointIdPattern.MatchString(id) {
			return badRequest(messageInvalidVpcEndpoint)
		}
	}
	return nil
}
