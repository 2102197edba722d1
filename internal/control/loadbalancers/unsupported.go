package loadbalancers

import (
	"slices"

	api "gatehouse/internal/awsapi/elbv2"
)

// This file is the one list of settings that AWS takes and Gatehouse refuses, because
// nothing would come of them; attribute.go adds the attributes. The parity page can be
// generated from the list (see Unsupported).

// UnsupportedSetting is a setting that an operation refuses with a ValidationError.
type UnsupportedSetting struct {
	// Noun is AWS's, such as TargetGroup; Setting is the member or the member and its value.
	Noun, Setting string
	// Reason says why.
	Reason string
}

// refusal is a row: uses says whether an input has the setting.
type refusal[T any] struct {
	setting, reason string
	uses            func(*T) bool
}

const (
	reasonNoVpc      = "there is no VPC"
	reasonAddress    = "targets are addresses, TargetType ip"
	reasonHttp1      = "targets speak HTTP/1.1"
	reasonTcp        = "APIs call backends over TCP"
	reasonAuthorizer = "authorizers of APIs authenticate clients"
)

var unsupportedOfLoadBalancer = []refusal[api.CreateLoadBalancerInput]{
	{"Type gateway", "VPC links lead to network and application load balancers", func(in *api.CreateLoadBalancerInput) bool {
		return in.Type == api.LoadBalancerTypeEnumGateway
	}},
	{"CustomerOwnedIpv4Pool", "there are no Outposts", func(in *api.CreateLoadBalancerInput) bool { return in.CustomerOwnedIpv4Pool != nil }},
	{"IpamPools", reasonNoVpc, func(in *api.CreateLoadBalancerInput) bool { return in.IpamPools != nil }},
	{"EnablePrefixForIpv6SourceNat", reasonNoVpc, func(in *api.CreateLoadBalancerInput) bool { return in.EnablePrefixForIpv6SourceNat != "" }},
	{"SubnetMappings with addresses", "load balancers have no addresses here", func(in *api.CreateLoadBalancerInput) bool {
		return slices.ContainsFunc(in.SubnetMappings, func(m api.SubnetMapping) bool {
			return m.AllocationId != nil || m.PrivateIPv4Address != nil || m.IPv6Address != nil || m.SourceNatIpv6Prefix != nil
		})
	}},
}

var unsupportedOfSecurityGroups = []refusal[api.SetSecurityGroupsInput]{
	{"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "there are no security groups", func(in *api.SetSecurityGroupsInput) bool {
		return in.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic != ""
	}},
}

// listenerSettings are the members that creation and modification of listeners share.
type listenerSettings struct {
	protocol   string
	alpnPolicy []string
	mutual     *api.MutualAuthenticationAttributes
}

var unsupportedOfListener = slices.Concat(
	[]refusal[listenerSettings]{
		{"AlpnPolicy other than None", "connections speak HTTP/1.1", func(l *listenerSettings) bool {
			return len(l.alpnPolicy) > 0 && !slices.Equal(l.alpnPolicy, []string{"None"})
		}},
		{"MutualAuthentication", "the gateway is the only client", func(l *listenerSettings) bool {
			return l.mutual != nil && given(l.mutual.Mode, "off") != "off"
		}},
	},
	protocols(func(l *listenerSettings) string { return l.protocol }),
)

var unsupportedOfTargetGroup = slices.Concat(
	[]refusal[api.CreateTargetGroupInput]{
		{"TargetType lambda", reasonAddress, func(in *api.CreateTargetGroupInput) bool { return in.TargetType == api.TargetTypeEnumLambda }},
		{"TargetType alb", reasonAddress, func(in *api.CreateTargetGroupInput) bool { return in.TargetType == api.TargetTypeEnumAlb }},
		{"IpAddressType ipv6", "targets of type ipv4 may be IPv6 addresses here", func(in *api.CreateTargetGroupInput) bool {
			return in.IpAddressType == api.TargetGroupIpAddressTypeEnumIpv6
		}},
		{"TargetControlPort", "the target optimizer is not built", func(in *api.CreateTargetGroupInput) bool { return in.TargetControlPort != nil }},
		{"ProtocolVersion HTTP2", reasonHttp1, func(in *api.CreateTargetGroupInput) bool { return given(in.ProtocolVersion, "") == "HTTP2" }},
		{"ProtocolVersion GRPC", reasonHttp1, func(in *api.CreateTargetGroupInput) bool { return given(in.ProtocolVersion, "") == "GRPC" }},
	},
	protocols(func(in *api.CreateTargetGroupInput) string { return string(in.Protocol) }),
)

// protocols are the rows of protocols that no API speaks to a backend.
func protocols[T any](of func(*T) string) []refusal[T] {
	var rows []refusal[T]
	for _, protocol := range []api.ProtocolEnum{
		api.ProtocolEnumUdp, api.ProtocolEnumTcpUdp, api.ProtocolEnumQuic, api.ProtocolEnumTcpQuic, api.ProtocolEnumGeneve,
	} {
		rows = append(rows, refusal[T]{"Protocol " + string(protocol), reasonTcp, func(in *T) bool { return of(in) == string(protocol) }})
	}
	return rows
}

var unsupportedOfMatcher = []refusal[api.Matcher]{
	{"GrpcCode", reasonHttp1, func(m *api.Matcher) bool { return m.GrpcCode != nil }},
}

var unsupportedOfTargetDescription = []refusal[api.TargetDescription]{
	{"QuicServerId", reasonTcp, func(d *api.TargetDescription) bool { return d.QuicServerId != nil }},
}

var unsupportedOfAction = []refusal[api.Action]{
	{"Type authenticate-cognito", reasonAuthorizer, func(a *api.Action) bool { return a.Type == api.ActionTypeEnumAuthenticateCognito }},
	{"Type authenticate-oidc", reasonAuthorizer, func(a *api.Action) bool { return a.Type == api.ActionTypeEnumAuthenticateOidc }},
	{"Type jwt-validation", reasonAuthorizer, func(a *api.Action) bool { return a.Type == api.ActionTypeEnumJwtValidation }},
	{"TargetGroupStickinessConfig", "cookies of load balancers are not built", func(a *api.Action) bool {
		return a.ForwardConfig != nil && a.ForwardConfig.TargetGroupStickinessConfig != nil &&
			given(a.ForwardConfig.TargetGroupStickinessConfig.Enabled, false)
	}},
}

var unsupportedOfRule = []refusal[[]api.RuleTransform]{
	{"Transforms", "rewriting of requests by load balancers is not built", func(transforms *[]api.RuleTransform) bool { return len(*transforms) > 0 }},
}

var unsupportedOfRuleCondition = []refusal[api.RuleCondition]{
	{"RegexValues", "conditions are patterns with * and ?", func(c *api.RuleCondition) bool {
		return len(c.RegexValues) > 0 || c.HostHeaderConfig != nil && len(c.HostHeaderConfig.RegexValues) > 0 ||
			c.PathPatternConfig != nil && len(c.PathPatternConfig.RegexValues) > 0 || c.HttpHeaderConfig != nil && len(c.HttpHeaderConfig.RegexValues) > 0
	}},
}

// Unsupported lists every setting that is refused, by noun.
func Unsupported() []UnsupportedSetting {
	return slices.Concat(
		settingsOf("LoadBalancer", unsupportedOfLoadBalancer),
		settingsOf("LoadBalancer", unsupportedOfSecurityGroups),
		attributesOfLoadBalancer.unsupported("LoadBalancer"),
		settingsOf("Listener", unsupportedOfListener),
		attributesOfListener.unsupported("Listener"),
		settingsOf("Rule", unsupportedOfRule),
		settingsOf("RuleCondition", unsupportedOfRuleCondition),
		settingsOf("Action", unsupportedOfAction),
		settingsOf("TargetGroup", unsupportedOfTargetGroup),
		settingsOf("Matcher", unsupportedOfMatcher),
		attributesOfTargetGroup.unsupported("TargetGroup"),
		settingsOf("TargetDescription", unsupportedOfTargetDescription),
	)
}

func settingsOf[T any](noun string, rows []refusal[T]) []UnsupportedSetting {
	settings := make([]UnsupportedSetting, 0, len(rows))
	for _, row := range rows {
		settings = append(settings, UnsupportedSetting{noun, row.setting, row.reason})
	}
	return settings
}

// unsupported are the attributes that take their default alone.
func (a attributes) unsupported(noun string) []UnsupportedSetting {
	var settings []UnsupportedSetting
	for _, one := range a {
		if one.takes == nil {
			settings = append(settings, UnsupportedSetting{noun, "attribute " + one.key + " other than '" + one.defaultValue + "'", reasonNoEffect})
		}
	}
	return settings
}

// refuse is the error of the first row that an input uses.
func refuse[T any](noun string, rows []refusal[T], in *T) error {
	for _, row := range rows {
		if row.uses(in) {
			return notSupported(row.setting+" of "+noun, row.reason)
		}
	}
	return nil
}

func refuseListener(settings listenerSettings) error {
	return refuse("Listener", unsupportedOfListener, &settings)
}
