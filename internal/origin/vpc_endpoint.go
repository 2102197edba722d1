package origin

import (
	"fmt"
	"net"
	"regexp"
	"strings"

	"gatehouse/internal/iam"
)

// VpcEndpoint is a listener that stands for an interface endpoint of API Gateway in a
// VPC: what arrives there carries aws:SourceVpce, aws:SourceVpc and aws:VpcSourceIp,
// and only there private APIs answer.
type VpcEndpoint struct {
	VpcEndpointId, VpcId string
	// Address is HOST:PORT to listen on.
	Address string
}

var (
	vpcEndpointIdPattern = regexp.MustCompile(`^vpce-[0-9a-f]{8,17}$`)
	vpcIdPattern         = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
)

// ParseVpcEndpoint reads vpce-ID,vpc-ID=HOST:PORT.
func ParseVpcEndpoint(text string) (VpcEndpoint, error) {
	ids, address, _ := strings.Cut(text, "=")
	endpointId, vpcId, _ := strings.Cut(ids, ",")
	endpoint := VpcEndpoint{VpcEndpointId: endpointId, VpcId: vpcId, Address: address}
	if !vpcEndpointIdPattern.MatchString(endpointId) || !vpcIdPattern.MatchString(vpcId) {
		return endpoint, fmt.Errorf("VPC endpoint %q does not begin with vpce-ID,vpc-ID, each ID 8 to 17 hexadecimal digits", text)
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return endpoint, fmt.Errorf("VPC endpoint %q has no =HOST:PORT", text)
	}
	return endpoint, nil
}

// ParseVpcEndpoints reads several, each with an id and an address of its own.
func ParseVpcEndpoints(texts []string) ([]VpcEndpoint, error) {
	endpoints := make([]VpcEndpoint, 0, len(texts))
	taken := map[string]bool{}
	for _, text := range texts {
		endpoint, err := ParseVpcEndpoint(text)
		if err != nil {
			return nil, err
		}
		for _, once := range []string{endpoint.VpcEndpointId, endpoint.Address} {
			if taken[once] {
				return nil, fmt.Errorf("VPC endpoint %q repeats %s", text, once)
			}
			taken[once] = true
		}
		endpoints = append(endpoints, endpoint)
	}
	return endpoints, nil
}

// Context are the condition keys of a request that arrived at the endpoint, in place of
// aws:SourceIp, which such a request does not have; one that arrived elsewhere has none of
// them (guide: apigateway-resource-policies-aws-condition-keys.md and -examples.md).
func (e VpcEndpoint) Context(sourceIp string) iam.Context {
	return iam.Context{
		{Key: "aws:SourceVpce", Value: e.VpcEndpointId},
		{Key: "aws:SourceVpc", Value: e.VpcId},
		{Key: "aws:VpcSourceIp", Value: sourceIp},
	}
}
