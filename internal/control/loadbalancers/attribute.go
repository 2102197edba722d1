package loadbalancers

import (
	"context"
	"maps"
	"slices"
	"strconv"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
)

// attribute is one attribute of a load balancer, listener or target group.
type attribute struct {
	key          string
	defaultValue string
	// kind is the type of load balancer, or the protocol family (HTTP, TCP) of the group
	// or listener, that has it; empty for all.
	kind string
	// takes says which values have their effect; nil takes the default alone.
	takes func(value string) bool
}

// attributes is the list of what a noun has, in the order in which it is described.
type attributes []attribute

const (
	attributeDeletionProtection  = "deletion_protection.enabled"
	attributeDeregistrationDelay = "deregistration_delay.timeout_seconds"

	reasonNoEffect = "nothing would come of it"
)

func isBool(value string) bool { return value == "true" || value == "false" }

func isSeconds(lowest, highest int) func(string) bool {
	return func(value string) bool {
		seconds, err := strconv.Atoi(value)
		return err == nil && seconds >= lowest && seconds <= highest
	}
}

func isOneOf(values ...string) func(string) bool {
	return func(value string) bool { return slices.Contains(values, value) }
}

// The keys and defaults are those of elbv2's model. A value that takes does not take is
// refused by name: nothing would come of it.
var (
	attributesOfLoadBalancer = attributes{
		{key: attributeDeletionProtection, defaultValue: "false", takes: isBool},
		{key: "load_balancing.cross_zone.enabled", defaultValue: "false", kind: loadbalancer.TypeNetwork, takes: isBool}, // there is one zone
		{key: "load_balancing.cross_zone.enabled", defaultValue: "true", kind: loadbalancer.TypeApplication},
		{key: "access_logs.s3.enabled", defaultValue: "false"},
		{key: "access_logs.s3.bucket"},
		{key: "access_logs.s3.prefix"},
		{key: "ipv6.deny_all_igw_traffic", defaultValue: "false", takes: isBool}, // there is no internet gateway
		{key: "zonal_shift.config.enabled", defaultValue: "false"},
		{key: "idle_timeout.timeout_seconds", defaultValue: "60", kind: loadbalancer.TypeApplication},
		{key: "client_keep_alive.seconds", defaultValue: "3600", kind: loadbalancer.TypeApplication},
		{key: "connection_logs.s3.enabled", defaultValue: "false", kind: loadbalancer.TypeApplication},
		{key: "connection_logs.s3.bucket", kind: loadbalancer.TypeApplication},
		{key: "connection_logs.s3.prefix", kind: loadbalancer.TypeApplication},
		{key: "health_check_logs.s3.enabled", defaultValue: "false", kind: loadbalancer.TypeApplication},
		{key: "health_check_logs.s3.bucket", kind: loadbalancer.TypeApplication},
		{key: "health_check_logs.s3.prefix", kind: loadbalancer.TypeApplication},
		{key: "routing.http.desync_mitigation_mode", defaultValue: "defensive", kind: loadbalancer.TypeApplication},
		{key: "routing.http.drop_invalid_header_fields.enabled", defaultValue: "false", kind: loadbalancer.TypeApplication},
		{key: "routing.http.preserve_host_header.enabled", defaultValue: "false", kind: loadbalancer.TypeApplication},
		{key: "routing.http.x_amzn_tls_version_and_cipher_suite.enabled", defaultValue: "false", kind: loadbalancer.TypeApplication},
		{key: "routing.http.xff_client_port.enabled", defaultValue: "false", kind: loadbalancer.TypeApplication},
		{key: "routing.http.xff_header_processing.mode", defaultValue: "append", kind: loadbalancer.TypeApplication},
		{key: "routing.http2.enabled", defaultValue: "true", kind: loadbalancer.TypeApplication},
		{key: "waf.fail_open.enabled", defaultValue: "false", kind: loadbalancer.TypeApplication},
		{key: "dns_record.client_routing_policy", defaultValue: "any_availability_zone", kind: loadbalancer.TypeNetwork, takes: isOneOf("any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity")},
		{key: "secondary_ips.auto_assigned.per_subnet", defaultValue: "0", kind: loadbalancer.TypeNetwork},
	}
	attributesOfTargetGroup = attributes{
		{key: attributeDeregistrationDelay, defaultValue: "300", takes: isSeconds(0, 3600)},
		{key: "stickiness.enabled", defaultValue: "false"},
		{key: "stickiness.type", defaultValue: "lb_cookie", kind: loadbalancer.ProtocolHttp, takes: isOneOf("lb_cookie", "app_cookie")}, // while stickiness is off
		{key: "stickiness.type", defaultValue: "source_ip", kind: loadbalancer.ProtocolTcp},
		{key: "load_balancing.cross_zone.enabled", defaultValue: "use_load_balancer_configuration", takes: isOneOf("true", "false", "use_load_balancer_configuration")},
		{key: "target_group_health.dns_failover.minimum_healthy_targets.count", defaultValue: "1"},
		{key: "target_group_health.dns_failover.minimum_healthy_targets.percentage", defaultValue: "off"},
		{key: "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", defaultValue: "1"},
		{key: "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", defaultValue: "off"},
		{key: "load_balancing.algorithm.type", defaultValue: "round_robin", kind: loadbalancer.ProtocolHttp},
		{key: "load_balancing.algorithm.anomaly_mitigation", defaultValue: "off", kind: loadbalancer.ProtocolHttp},
		{key: "slow_start.duration_seconds", defaultValue: "0", kind: loadbalancer.ProtocolHttp},
		{key: "stickiness.app_cookie.cookie_name", kind: loadbalancer.ProtocolHttp},
		{key: "stickiness.app_cookie.duration_seconds", defaultValue: "86400", kind: loadbalancer.ProtocolHttp},
		{key: "stickiness.lb_cookie.duration_seconds", defaultValue: "86400", kind: loadbalancer.ProtocolHttp},
		{key: "deregistration_delay.connection_termination.enabled", defaultValue: "false", kind: loadbalancer.ProtocolTcp},
		{key: "preserve_client_ip.enabled", defaultValue: "false", kind: loadbalancer.ProtocolTcp},
		{key: "proxy_protocol_v2.enabled", defaultValue: "false", kind: loadbalancer.ProtocolTcp},
		{key: "target_health_state.unhealthy.connection_termination.enabled", defaultValue: "true", kind: loadbalancer.ProtocolTcp},
		{key: "target_health_state.unhealthy.draining_interval_seconds", defaultValue: "0", kind: loadbalancer.ProtocolTcp},
	}
	attributesOfListener = attributes{
		{key: "tcp.idle_timeout.seconds", defaultValue: "350", kind: loadbalancer.ProtocolTcp},
		{key: "routing.http.response.server.enabled", defaultValue: "true", kind: loadbalancer.ProtocolHttp},
	}
)

// family is the protocol without its TLS.
func family(protocol string) string {
	if isHttp(protocol) {
		return loadbalancer.ProtocolHttp
	}
	return loadbalancer.ProtocolTcp
}

// value is what an attribute is set to, or its default.
func (a attributes) value(set map[string]string, key string) string {
	if value, ok := set[key]; ok {
		return value
	}
	for _, one := range a {
		if one.key == key {
			return one.defaultValue
		}
	}
	return ""
}

// pair is an attribute with its value.
type pair struct{ key, value string }

// list is every attribute of a kind with its value.
func (a attributes) list(kind string, set map[string]string) []pair {
	var pairs []pair
	for _, one := range a {
		if one.kind != "" && one.kind != kind {
			continue
		}
		value, ok := set[one.key]
		if !ok {
			value = one.defaultValue
		}
		pairs = append(pairs, pair{one.key, value})
	}
	return pairs
}

// change sets attributes, or refuses them.
func (a attributes) change(noun, kind string, set map[string]string, pairs []pair) (map[string]string, error) {
	changed := maps.Clone(set)
	if changed == nil {
		changed = map[string]string{}
	}
	for _, p := range pairs {
		at := slices.IndexFunc(a, func(one attribute) bool { return one.key == p.key && (one.kind == "" || one.kind == kind) })
		switch {
		case at < 0:
			return nil, invalid("%s attribute key '%s' is not recognized", noun, p.key)
		case p.value == a[at].defaultValue:
		case a[at].takes == nil:
			return nil, notSupported("attribute "+p.key+" of "+noun+" other than '"+a[at].defaultValue+"'", reasonNoEffect)
		case !a[at].takes(p.value):
			return nil, invalid("%s attribute value '%s' is not valid for the key '%s'", noun, p.value, p.key)
		}
		changed[p.key] = p.value
	}
	return changed, nil
}

// ModifyLoadBalancerAttributes sets attributes of a load balancer.
func (s *Service) ModifyLoadBalancerAttributes(ctx context.Context, in *api.ModifyLoadBalancerAttributesInput) (*api.ModifyLoadBalancerAttributesOutput, error) {
	changed, err := s.changeLoadBalancer(ctx, in.LoadBalancerArn, func(_ place, l *loadbalancer.LoadBalancer) error {
		pairs := list.Convert(in.Attributes, func(a api.LoadBalancerAttribute) pair { return pair{given(a.Key, ""), given(a.Value, "")} })
		var err error
		l.Attributes, err = attributesOfLoadBalancer.change("Load balancer", l.Type, l.Attributes, pairs)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &api.ModifyLoadBalancerAttributesOutput{Attributes: loadBalancerAttributes(&changed)}, nil
}

// DescribeLoadBalancerAttributes lists the attributes of a load balancer.
func (s *Service) DescribeLoadBalancerAttributes(ctx context.Context, in *api.DescribeLoadBalancerAttributesInput) (*api.DescribeLoadBalancerAttributesOutput, error) {
	found, err := s.view(ctx).loadBalancer(in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	return &api.DescribeLoadBalancerAttributesOutput{Attributes: loadBalancerAttributes(&found)}, nil
}

func loadBalancerAttributes(l *loadbalancer.LoadBalancer) []api.LoadBalancerAttribute {
	return list.Convert(attributesOfLoadBalancer.list(l.Type, l.Attributes), func(p pair) api.LoadBalancerAttribute {
		return api.LoadBalancerAttribute{Key: &p.key, Value: &p.value}
	})
}

// ModifyTargetGroupAttributes sets attributes of a target group.
func (s *Service) ModifyTargetGroupAttributes(ctx context.Context, in *api.ModifyTargetGroupAttributesInput) (*api.ModifyTargetGroupAttributesOutput, error) {
	changed, err := s.changeTargetGroup(ctx, in.TargetGroupArn, func(_ place, g *loadbalancer.TargetGroup) error {
		pairs := list.Convert(in.Attributes, func(a api.TargetGroupAttribute) pair { return pair{given(a.Key, ""), given(a.Value, "")} })
		var err error
		g.Attributes, err = attributesOfTargetGroup.change("Target group", family(g.Protocol), g.Attributes, pairs)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &api.ModifyTargetGroupAttributesOutput{Attributes: targetGroupAttributes(&changed)}, nil
}

// DescribeTargetGroupAttributes lists the attributes of a target group.
func (s *Service) DescribeTargetGroupAttributes(ctx context.Context, in *api.DescribeTargetGroupAttributesInput) (*api.DescribeTargetGroupAttributesOutput, error) {
	found, err := s.view(ctx).targetGroup(in.TargetGroupArn)
	if err != nil {
		return nil, err
	}
	return &api.DescribeTargetGroupAttributesOutput{Attributes: targetGroupAttributes(&found)}, nil
}

func targetGroupAttributes(g *loadbalancer.TargetGroup) []api.TargetGroupAttribute {
	return list.Convert(attributesOfTargetGroup.list(family(g.Protocol), g.Attributes), func(p pair) api.TargetGroupAttribute {
		return api.TargetGroupAttribute{Key: &p.key, Value: &p.value}
	})
}

// ModifyListenerAttributes sets attributes of a listener.
func (s *Service) ModifyListenerAttributes(ctx context.Context, in *api.ModifyListenerAttributesInput) (*api.ModifyListenerAttributesOutput, error) {
	var changed loadbalancer.Listener
	err := s.update(ctx, func(p place) error {
		var err error
		if changed, err = p.listener(in.ListenerArn); err != nil {
			return err
		}
		pairs := list.Convert(in.Attributes, func(a api.ListenerAttribute) pair { return pair{given(a.Key, ""), given(a.Value, "")} })
		if changed.Attributes, err = attributesOfListener.change("Listener", family(changed.Protocol), changed.Attributes, pairs); err != nil {
			return err
		}
		return records.Listeners.Put(p.tx, changed, p.at, changed.Arn)
	})
	if err != nil {
		return nil, err
	}
	return &api.ModifyListenerAttributesOutput{Attributes: listenerAttributes(&changed)}, nil
}

// DescribeListenerAttributes lists the attributes of a listener.
func (s *Service) DescribeListenerAttributes(ctx context.Context, in *api.DescribeListenerAttributesInput) (*api.DescribeListenerAttributesOutput, error) {
	found, err := s.view(ctx).listener(in.ListenerArn)
	if err != nil {
		return nil, err
	}
	return &api.DescribeListenerAttributesOutput{Attributes: listenerAttributes(&found)}, nil
}

func listenerAttributes(l *loadbalancer.Listener) []api.ListenerAttribute {
	return list.Convert(attributesOfListener.list(family(l.Protocol), l.Attributes), func(p pair) api.ListenerAttribute {
		return api.ListenerAttribute{Key: &p.key, Value: &p.value}
	})
}
