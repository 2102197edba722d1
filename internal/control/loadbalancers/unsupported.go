package loadbalancers

import (
	"slices"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/unsupported"
)

// This file is the one list of settings that AWS takes and Gatehouse refuses, because
// nothing would come of them; attribute.go adds the attributes. The parity page is
// generated from the list (see Unsupported).

const (
	reasonNoVpc      = "there is no VPC"
	reasonAddress    = "targets are addresses, TargetType ip"
	reasonHttp1      = "targets speak HTTP/1.1"
	reasonTcp        = "APIs call backends over TCP"
	reasonAuthorizer = "authorizers of APIs authenticate clients"
)

var unsupportedOfLoadBalancer = unsupported.Of("LoadBalancer",
	unsupported.When("Type gateway", "VPC links lead to network and application load balancers", func(in *api.CreateLoadBalancerInput) bool {
		return in.Type == api.LoadBalancerTypeEnumGateway
	}),
	unsupported.When("CustomerOwnedIpv4Pool", "there are no Outposts", func(in *api.CreateLoadBalancerInput) bool { return in.CustomerOwnedIpv4Pool != nil }),
	unsupported.When("IpamPools", reasonNoVpc, func(in *api.CreateLoadBalancerInput) bool { return in.IpamPools != nil }),
	unsupported.When("EnablePrefixForIpv6SourceNat", reasonNoVpc, func(in *api.CreateLoadBalancerInput) bool { return in.EnablePrefixForIpv6SourceNat != "" }),
	unsupported.When("SubnetMappings with addresses", "load balancers have no addresses here", func(in *api.CreateLoadBalancerInput) bool {
		return slices.ContainsFunc(in.SubnetMappings, func(m api.SubnetMapping) bool {
			return m.AllocationId != nil || m.PrivateIPv4Address != nil || m.IPv6Address != nil || m.SourceNatIpv6Prefix != nil
		})
	}),
)

var unsupportedOfSecurityGroups = unsupported.Of("LoadBalancer",
	unsupported.When("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "there are no security groups", func(in *api.SetSecurityGroupsInput) bool {
		return in.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic != ""
	}),
)

// listenerSettings are the members that creation and modification of listeners share.
type listenerSettings struct {
	protocol   string
	alpnPolicy []string
	mutual     *api.MutualAuthenticationAttributes
}

var unsupportedOfListener = unsupported.Of("Listener", slices.Concat(
	[]unsupported.Row[listenerSettings]{
		unsupported.When("AlpnPolicy other than None", "connections speak HTTP/1.1", func(l *listenerSettings) bool {
			return len(l.alpnPolicy) > 0 && !slices.Equal(l.alpnPolicy, []string{"None"})
		}),
		unsupported.When("MutualAuthentication", "the gateway is the only client", func(l *listenerSettings) bool {
			return l.mutual != nil && given(l.mutual.Mode, "off") != "off"
		}),
	},
	protocols(func(l *listenerSettings) string { return l.protocol }),
)...)

var unsupportedOfTargetGroup = unsupported.Of("TargetGroup", slices.Concat(
	[]unsupported.Row[api.CreateTargetGroupInput]{
		unsupported.When("TargetType lambda", reasonAddress, func(in *api.CreateTargetGroupInput) bool { return in.TargetType == api.TargetTypeEnumLambda }),
		unsupported.When("TargetType alb", reasonAddress, func(in *api.CreateTargetGroupInput) bool { return in.TargetType == api.TargetTypeEnumAlb }),
		unsupported.When("IpAddressType ipv6", "targets of type ipv4 may be IPv6 addresses here", func(in *api.CreateTargetGroupInput) bool {
			return in.IpAddressType == api.TargetGroupIpAddressTypeEnumIpv6
		}),
		unsupported.When("TargetControlPort", "the target optimizer is not built", func(in *api.CreateTargetGroupInput) bool { return in.TargetControlPort != nil }),
		unsupported.When("ProtocolVersion HTTP2", reasonHttp1, func(in *api.CreateTargetGroupInput) bool { return given(in.ProtocolVersion, "") == "HTTP2" }),
		unsupported.When("ProtocolVersion GRPC", reasonHttp1, func(in *api.CreateTargetGroupInput) bool { return given(in.ProtocolVersion, "") == "GRPC" }),
	},
	protocols(func(in *api.CreateTargetGroupInput) string { return string(in.Protocol) }),
)...)

// protocols are the rows of protocols that no API speaks to a backend.
func protocols[T any](of func(*T) string) []unsupported.Row[T] {
	var rows []unsupported.Row[T]
	for _, protocol := range []api.ProtocolEnum{
		api.ProtocolEnumUdp, api.ProtocolEnumTcpUdp, api.ProtocolEnumQuic, api.ProtocolEnumTcpQuic, api.ProtocolEnumGeneve,
	} {
		rows = append(rows, unsupported.When("Protocol "+string(protocol), reasonTcp, func(in *T) bool { return of(in) == string(protocol) }))
	}
	return rows
}

var unsupportedOfMatcher = unsupported.Of("Matcher",
	unsupported.When("GrpcCode", reasonHttp1, func(m *api.Matcher) bool { return m.GrpcCode != nil }),
)

var unsupportedOfTargetDescription = unsupported.Of("TargetDescription",
	unsupported.When("QuicServerId", reasonTcp, func(d *api.TargetDescription) bool { return d.QuicServerId != nil }),
)

var unsupportedOfAction = unsupported.Of("Action",
	unsupported.When("Type authenticate-cognito", reasonAuthorizer, func(a *api.Action) bool { return a.Type == api.ActionTypeEnumAuthenticateCognito }),
	unsupported.When("Type authenticate-oidc", reasonAuthorizer, func(a *api.Action) bool { return a.Type == api.ActionTypeEnumAuthenticateOidc }),
	unsupported.When("Type jwt-validation", reasonAuthorizer, func(a *api.Action) bool { return a.Type == api.ActionTypeEnumJwtValidation }),
	unsupported.When("TargetGroupStickinessConfig", "cookies of load balancers are not built", func(a *api.Action) bool {
		return a.ForwardConfig != nil && a.ForwardConfig.TargetGroupStickinessConfig != nil &&
			given(a.ForwardConfig.TargetGroupStickinessConfig.Enabled, false)
	}),
)

var unsupportedOfRule = unsupported.Of("Rule",
	unsupported.When("Transforms", "rewriting of requests by load balancers is not built", func(transforms *[]api.RuleTransform) bool { return len(*transforms) > 0 }),
)

var unsupportedOfRuleCondition = unsupported.Of("RuleCondition",
	unsupported.When("RegexValues", "conditions are patterns with * and ?", func(c *api.RuleCondition) bool {
		return len(c.RegexValues) > 0 || c.HostHeaderConfig != nil && len(c.HostHeaderConfig.RegexValues) > 0 ||
			c.PathPatternConfig != nil && len(c.PathPatternConfig.RegexValues) > 0 || c.HttpHeaderConfig != nil && len(c.HttpHeaderConfig.RegexValues) > 0
	}),
)

// Unsupported lists every setting that is refused, by noun.
func Unsupported() []unsupported.Setting {
	return slices.Concat(
		unsupportedOfLoadBalancer.Settings(),
		unsupportedOfSecurityGroups.Settings(),
		attributesOfLoadBalancer.unsupported("LoadBalancer"),
		unsupportedOfListener.Settings(),
		attributesOfListener.unsupported("Listener"),
		unsupportedOfRule.Settings(),
		unsupportedOfRuleCondition.Settings(),
		unsupportedOfAction.Settings(),
		unsupportedOfTargetGroup.Settings(),
		unsupportedOfMatcher.Settings(),
		attributesOfTargetGroup.unsupported("TargetGroup"),
		unsupportedOfTargetDescription.Settings(),
	)
}

// unsupported are the attributes that take their default alone.
func (a attributes) unsupported(noun string) []unsupported.Setting {
	var settings []unsupported.Setting
	for _, one := range a {
		if one.takes == nil {
			settings = append(settings, unsupported.Setting{Noun: noun, Setting: "attribute " + one.key + " other than '" + one.defaultValue + "'", Reason: reasonNoEffect})
		}
	}
	return settings
}

// refuse is the error of the first setting that an input uses.
func refuse[T any](table unsupported.Table[T], in *T) error {
	if found, ok := table.Find(in); ok {
		return notSupported(found.Setting+" of "+found.Noun, found.Reason)
	}
	return nil
}

func refuseListener(settings listenerSettings) error {
	return refuse(unsupportedOfListener, &settings)
}
