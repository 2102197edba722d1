package loadbalancers

import (
	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/loadbalancer"
)

// refuseLoadBalancer names what CreateLoadBalancer takes on AWS and nothing would come
// of here.
func refuseLoadBalancer(in *api.CreateLoadBalancerInput) error {
	switch {
	case in.Type == api.LoadBalancerTypeEnumGateway:
		return notSupported("Type gateway of LoadBalancer", "VPC links lead to network and application load balancers")
	case in.CustomerOwnedIpv4Pool != nil:
		return notSupported("CustomerOwnedIpv4Pool of LoadBalancer", "there are no Outposts")
	case in.IpamPools != nil:
		return notSupported("IpamPools of LoadBalancer", "there is no VPC")
	case in.EnablePrefixForIpv6SourceNat != "":
		return notSupported("EnablePrefixForIpv6SourceNat of LoadBalancer", "there is no VPC")
	}
	return refuseMappings(in.SubnetMappings)
}

func refuseMappings(mappings []api.SubnetMapping) error {
	for _, mapping := range mappings {
		if mapping.AllocationId != nil || mapping.PrivateIPv4Address != nil || mapping.IPv6Address != nil || mapping.SourceNatIpv6Prefix != nil {
			return notSupported("addresses of SubnetMappings", "load balancers have no addresses here")
		}
	}
	return nil
}

// refuseListener names what listeners take on AWS and nothing would come of here.
func refuseListener(alpn []string, mutual *api.MutualAuthenticationAttributes) error {
	if len(alpn) > 0 && (len(alpn) > 1 || alpn[0] != "None") {
		return notSupported("AlpnPolicy of Listener", "connections speak HTTP/1.1")
	}
	if mutual != nil && given(mutual.Mode, "off") != "off" {
		return notSupported("MutualAuthentication of Listener", "the gateway is the only client")
	}
	return nil
}

// refuseTargetGroup names what CreateTargetGroup takes on AWS and is not built.
func refuseTargetGroup(in *api.CreateTargetGroupInput) error {
	switch {
	case in.TargetType != api.TargetTypeEnumIp:
		kind := string(in.TargetType)
		if kind == "" {
			kind = "instance (the default)"
		}
		return notSupported("TargetType "+kind+" of TargetGroup", "targets are addresses, TargetType ip")
	case in.IpAddressType == api.TargetGroupIpAddressTypeEnumIpv6:
		return notSupported("IpAddressType ipv6 of TargetGroup", "targets of type ipv4 may be IPv6 addresses here")
	case in.TargetControlPort != nil:
		return notSupported("TargetControlPort of TargetGroup", "the target optimizer is not built")
	case given(in.ProtocolVersion, "HTTP1") != "HTTP1":
		return notSupported("ProtocolVersion "+*in.ProtocolVersion+" of TargetGroup", "targets speak HTTP/1.1")
	}
	switch string(in.Protocol) {
	case loadbalancer.ProtocolHttp, loadbalancer.ProtocolHttps, loadbalancer.ProtocolTcp, loadbalancer.ProtocolTls:
		return nil
	case "":
		return invalid(messageNoProtocol)
	default:
		return notSupported("Protocol "+string(in.Protocol)+" of TargetGroup", "APIs call backends over TCP")
	}
}

// refuseAction names the types of actions that are not built.
func refuseAction(action *api.Action) error {
	switch action.Type {
	case api.ActionTypeEnumAuthenticateCognito, api.ActionTypeEnumAuthenticateOidc, api.ActionTypeEnumJwtValidation:
		return notSupported("Action of type "+string(action.Type), "authorizers of APIs authenticate clients")
	}
	if forward := action.ForwardConfig; forward != nil && forward.TargetGroupStickinessConfig != nil && given(forward.TargetGroupStickinessConfig.Enabled, false) {
		return notSupported("TargetGroupStickinessConfig of Action", "cookies of load balancers are not built")
	}
	return nil
}
