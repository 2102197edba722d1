package loadbalancers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
)

// CreateTargetGroup makes a target group, or returns the one that has the same name and
// settings.
func (s *Service) CreateTargetGroup(ctx context.Context, in *api.CreateTargetGroupInput) (*api.CreateTargetGroupOutput, error) {
	if in.Protocol == "" {
		return nil, invalid(messageNoProtocol)
	}
	if err := refuse(unsupportedOfTargetGroup, in); err != nil {
		return nil, err
	}
	wanted, err := newTargetGroup(in)
	if err != nil {
		return nil, err
	}
	var made loadbalancer.TargetGroup
	var out api.TargetGroup
	err = s.update(ctx, func(p place) error {
		made = wanted
		if err := p.addTargetGroup(&made); err != nil {
			return err
		}
		out, err = p.targetGroupOutput(made)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateTargetGroupOutput{TargetGroups: []api.TargetGroup{out}}, nil
}

func newTargetGroup(in *api.CreateTargetGroupInput) (loadbalancer.TargetGroup, error) {
	made := loadbalancer.TargetGroup{
		Name: in.Name, Protocol: string(in.Protocol), Port: int(given(in.Port, 0)), VpcId: given(in.VpcId, ""),
		TargetType: string(in.TargetType), IpAddressType: string(api.TargetGroupIpAddressTypeEnumIpv4),
	}
	orDefault(&made.TargetType, string(api.TargetTypeEnumInstance))
	switch {
	case in.Port == nil:
		return made, invalid(messageNoPort)
	case made.VpcId == "":
		return made, invalid(messageNoVpc)
	case in.ProtocolVersion != nil && (*in.ProtocolVersion != "HTTP1" || !isHttp(made.Protocol)):
		return made, invalid("Protocol version '%s' is not supported for target groups with the protocol '%s'", *in.ProtocolVersion, made.Protocol)
	}
	if err := validateName("Target group", in.Name); err != nil {
		return made, err
	}
	if isHttp(made.Protocol) {
		made.ProtocolVersion = "HTTP1"
	}
	made.HealthCheck = loadbalancer.HealthCheck{Protocol: defaultCheckProtocol(made.Protocol)}
	if err := setHealthCheck(&made, checkSettings{
		enabled: in.HealthCheckEnabled, protocol: string(in.HealthCheckProtocol), port: in.HealthCheckPort, path: in.HealthCheckPath,
		interval: in.HealthCheckIntervalSeconds, timeout: in.HealthCheckTimeoutSeconds,
		healthy: in.HealthyThresholdCount, unhealthy: in.UnhealthyThresholdCount, matcher: in.Matcher,
	}); err != nil {
		return made, err
	}
	var err error
	made.Tags, err = tagMap(nil, in.Tags)
	return made, err
}

func isHttp(protocol string) bool {
	return protocol == loadbalancer.ProtocolHttp || protocol == loadbalancer.ProtocolHttps
}

func defaultCheckProtocol(protocol string) string {
	if isHttp(protocol) {
		return loadbalancer.ProtocolHttp
	}
	return loadbalancer.ProtocolTcp
}

// checkSettings are the members about health checks, of creation or modification.
type checkSettings struct {
	enabled                               *bool
	protocol                              string
	port, path                            *string
	interval, timeout, healthy, unhealthy *int32
	matcher                               *api.Matcher
}

// setHealthCheck sets what is given and AWS's defaults where nothing is.
func setHealthCheck(g *loadbalancer.TargetGroup, in checkSettings) error {
	check := &g.HealthCheck
	if !given(in.enabled, true) {
		return invalid("Health check enabled must be true for target groups with target type '%s'", g.TargetType)
	}
	orDefault(&in.protocol, check.Protocol)
	if isHttp(in.protocol) != isHttp(check.Protocol) {
		check.Path, check.Matcher, check.Timeout = "", "", 0
	}
	check.Protocol = in.protocol
	if !isHttp(check.Protocol) && (check.Protocol != loadbalancer.ProtocolTcp || isHttp(g.Protocol)) {
		return invalid("Health check protocol '%s' is not supported for target groups with the protocol '%s'", check.Protocol, g.Protocol)
	}
	check.Port = given(in.port, check.Port)
	orDefault(&check.Port, loadbalancer.TrafficPort)
	setSeconds(&check.Interval, in.interval, loadbalancer.DefaultInterval)
	setSeconds(&check.Timeout, in.timeout, min(defaultTimeout(g, check), check.Interval))
	setCount(&check.HealthyThreshold, in.healthy, loadbalancer.DefaultHealthyThreshold)
	setCount(&check.UnhealthyThreshold, in.unhealthy, loadbalancer.DefaultUnhealthyThreshold)
	if isHttp(check.Protocol) {
		check.Path = given(in.path, check.Path)
		orDefault(&check.Path, "/")
		if in.matcher != nil {
			if err := refuse(unsupportedOfMatcher, in.matcher); err != nil {
				return err
			}
			check.Matcher = given(in.matcher.HttpCode, check.Matcher)
		}
		orDefault(&check.Matcher, defaultMatcher(g))
	} else if in.path != nil || in.matcher != nil {
		return invalid("Health check path and matcher are not supported for health checks with the protocol '%s'", check.Protocol)
	}
	return validateHealthCheck(g)
}

func setSeconds(field *time.Duration, seconds *int32, otherwise time.Duration) {
	switch {
	case seconds != nil:
		*field = time.Duration(*seconds) * time.Second
	case *field == 0:
		*field = otherwise
	}
}

func setCount(field *int, count *int32, otherwise int) {
	switch {
	case count != nil:
		*field = int(*count)
	case *field == 0:
		*field = otherwise
	}
}

// defaultTimeout: user guides, health checks of target groups: 5 s behind application
// load balancers; 6 s for HTTP and 10 s for the others behind network load balancers.
func defaultTimeout(g *loadbalancer.TargetGroup, check *loadbalancer.HealthCheck) time.Duration {
	switch {
	case isHttp(g.Protocol):
		return 5 * time.Second
	case check.Protocol == loadbalancer.ProtocolHttp:
		return 6 * time.Second
	default:
		return loadbalancer.DefaultTimeout
	}
}

func defaultMatcher(g *loadbalancer.TargetGroup) string {
	if isHttp(g.Protocol) {
		return "200"
	}
	return loadbalancer.DefaultNetworkMatcher
}

func validateHealthCheck(g *loadbalancer.TargetGroup) error {
	check := &g.HealthCheck
	if port, err := strconv.Atoi(check.Port); check.Port != loadbalancer.TrafficPort && (err != nil || port < 1 || port > 65535) {
		return invalid("Health check port '%s' must be '%s' or a port", check.Port, loadbalancer.TrafficPort)
	}
	if check.Timeout > check.Interval {
		return invalid("Health check timeout '%d' must be smaller than or equal to the interval '%d'", check.Timeout/time.Second, check.Interval/time.Second)
	}
	if !isHttp(check.Protocol) {
		return nil
	}
	if !strings.HasPrefix(check.Path, "/") {
		return invalid("Health check path '%s' must begin with a '/' character", check.Path)
	}
	highest := 599
	if isHttp(g.Protocol) {
		highest = 499
	}
	matcher, err := loadbalancer.ParseMatcher(check.Matcher)
	if low, high := matcher.Bounds(); err != nil || low < 200 || high > highest {
		return invalid("Health check matcher HTTP code '%s' must be within '200-%d' inclusive", check.Matcher, highest)
	}
	return nil
}

func (p place) addTargetGroup(made *loadbalancer.TargetGroup) error {
	all, err := records.TargetGroups.List(p.r, p.at)
	if err != nil {
		return err
	}
	for _, existing := range all {
		if existing.Name != made.Name {
			continue
		}
		if existing.Protocol != made.Protocol || existing.Port != made.Port || existing.VpcId != made.VpcId || existing.HealthCheck != made.HealthCheck {
			return targetGroupExists(made.Name)
		}
		*made = existing
		return nil
	}
	if len(all) >= targetGroupsLimit {
		return &api.TooManyTargetGroupsException{Message: fmt.Sprintf("The maximum number of target groups has been reached: %d", targetGroupsLimit)}
	}
	id, err := p.service.newId()
	if err != nil {
		return err
	}
	made.Arn = p.arn(kindTargetGroup + made.Name + "/" + id)
	return records.TargetGroups.Put(p.tx, *made, p.at, made.Arn)
}

// targetGroup reads one by its ARN. Errors: ValidationError, TargetGroupNotFound.
func (p place) targetGroup(arn string) (loadbalancer.TargetGroup, error) {
	if !isArn(arn, kindTargetGroup) {
		return loadbalancer.TargetGroup{}, invalidArn(arn, "target group")
	}
	return find(p, records.TargetGroups, targetGroupMissing(), arn)
}

// DescribeTargetGroups lists target groups: all, those that are named, or those of a
// load balancer.
func (s *Service) DescribeTargetGroups(ctx context.Context, in *api.DescribeTargetGroupsInput) (*api.DescribeTargetGroupsOutput, error) {
	p := s.view(ctx)
	all, err := records.TargetGroups.List(p.r, p.at)
	if err != nil {
		return nil, err
	}
	if in.LoadBalancerArn != nil {
		if _, err := p.loadBalancer(*in.LoadBalancerArn); err != nil {
			return nil, err
		}
	}
	for _, arn := range in.TargetGroupArns {
		if _, err := p.targetGroup(arn); err != nil {
			return nil, err
		}
	}
	for _, name := range in.Names {
		if !slices.ContainsFunc(all, func(g loadbalancer.TargetGroup) bool { return g.Name == name }) {
			return nil, targetGroupMissing()
		}
	}
	var wanted []api.TargetGroup
	for _, group := range all {
		if len(in.TargetGroupArns) > 0 && !slices.Contains(in.TargetGroupArns, group.Arn) || len(in.Names) > 0 && !slices.Contains(in.Names, group.Name) {
			continue
		}
		out, err := p.targetGroupOutput(group)
		if err != nil {
			return nil, err
		}
		if in.LoadBalancerArn == nil || slices.Contains(out.LoadBalancerArns, *in.LoadBalancerArn) {
			wanted = append(wanted, out)
		}
	}
	page, err := paginate(wanted, func(g api.TargetGroup) string { return *g.TargetGroupArn }, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &api.DescribeTargetGroupsOutput{TargetGroups: append([]api.TargetGroup{}, page.Items...), NextMarker: page.Next}, nil
}

func (s *Service) changeTargetGroup(ctx context.Context, arn string, change func(p place, g *loadbalancer.TargetGroup) error) (loadbalancer.TargetGroup, error) {
	var changed loadbalancer.TargetGroup
	err := s.update(ctx, func(p place) error {
		var err error
		if changed, err = p.targetGroup(arn); err != nil {
			return err
		}
		if err := change(p, &changed); err != nil {
			return err
		}
		return records.TargetGroups.Put(p.tx, changed, p.at, arn)
	})
	return changed, err
}

// ModifyTargetGroup changes the health check.
func (s *Service) ModifyTargetGroup(ctx context.Context, in *api.ModifyTargetGroupInput) (*api.ModifyTargetGroupOutput, error) {
	var out api.TargetGroup
	_, err := s.changeTargetGroup(ctx, in.TargetGroupArn, func(p place, g *loadbalancer.TargetGroup) error {
		if err := setHealthCheck(g, checkSettings{
			enabled: in.HealthCheckEnabled, protocol: string(in.HealthCheckProtocol), port: in.HealthCheckPort, path: in.HealthCheckPath,
			interval: in.HealthCheckIntervalSeconds, timeout: in.HealthCheckTimeoutSeconds,
			healthy: in.HealthyThresholdCount, unhealthy: in.UnhealthyThresholdCount, matcher: in.Matcher,
		}); err != nil {
			return err
		}
		var err error
		out, err = p.targetGroupOutput(*g)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &api.ModifyTargetGroupOutput{TargetGroups: []api.TargetGroup{out}}, nil
}

// DeleteTargetGroup deletes a target group that nothing forwards to; one that is not
// there is no error.
func (s *Service) DeleteTargetGroup(ctx context.Context, in *api.DeleteTargetGroupInput) (*api.DeleteTargetGroupOutput, error) {
	if !isArn(in.TargetGroupArn, kindTargetGroup) {
		return nil, invalidArn(in.TargetGroupArn, "target group")
	}
	err := s.update(ctx, func(p place) error {
		users, err := p.usersOf(in.TargetGroupArn)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return targetGroupInUse(in.TargetGroupArn)
		}
		records.TargetGroups.Delete(p.tx, p.at, in.TargetGroupArn)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteTargetGroupOutput{}, nil
}

func (p place) targetGroupOutput(g loadbalancer.TargetGroup) (api.TargetGroup, error) {
	users, err := p.usersOf(g.Arn)
	enabled := true
	check := &g.HealthCheck
	out := api.TargetGroup{
		TargetGroupArn: &g.Arn, TargetGroupName: &g.Name, Protocol: api.ProtocolEnum(g.Protocol), Port: number(g.Port), VpcId: &g.VpcId,
		HealthCheckProtocol: api.ProtocolEnum(check.Protocol), HealthCheckPort: &check.Port, HealthCheckEnabled: &enabled,
		HealthCheckIntervalSeconds: number(int(check.Interval / time.Second)), HealthCheckTimeoutSeconds: number(int(check.Timeout / time.Second)),
		HealthyThresholdCount: number(check.HealthyThreshold), UnhealthyThresholdCount: number(check.UnhealthyThreshold),
		HealthCheckPath: optional(check.Path), LoadBalancerArns: users, TargetType: api.TargetTypeEnum(g.TargetType),
		ProtocolVersion: optional(g.ProtocolVersion), IpAddressType: api.TargetGroupIpAddressTypeEnum(g.IpAddressType),
	}
	if check.Matcher != "" {
		out.Matcher = &api.Matcher{HttpCode: &check.Matcher}
	}
	return out, err
}
