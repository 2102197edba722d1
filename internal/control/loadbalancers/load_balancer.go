package loadbalancers

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	apigwrecords "gatehouse/internal/apigw/records"
	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
)

// vpcId is the VPC that every subnet is in; there is no other here.
const vpcId = "vpc-00000000000000000"

// CreateLoadBalancer makes a load balancer, or returns the one that has the same name
// and settings. It answers provisioning, as AWS does; there is nothing to wait for, so
// it is active when anybody asks next.
func (s *Service) CreateLoadBalancer(ctx context.Context, in *api.CreateLoadBalancerInput) (*api.CreateLoadBalancerOutput, error) {
	if err := refuse(unsupportedOfLoadBalancer, in); err != nil {
		return nil, err
	}
	wanted, err := newLoadBalancer(in)
	if err != nil {
		return nil, err
	}
	var made loadbalancer.LoadBalancer
	err = s.update(ctx, func(p place) error {
		made = wanted
		made.CreatedTime = s.Now().UTC()
		existing, err := p.loadBalancerNamed(made.Name)
		if err != nil || existing != nil {
			return p.same(existing, &made, err)
		}
		return p.addLoadBalancer(&made)
	})
	if err != nil {
		return nil, err
	}
	out := loadBalancerOutput(made)
	out.State.Code = api.LoadBalancerStateEnumProvisioning
	return &api.CreateLoadBalancerOutput{LoadBalancers: []api.LoadBalancer{out}}, nil
}

func newLoadBalancer(in *api.CreateLoadBalancerInput) (loadbalancer.LoadBalancer, error) {
	made := loadbalancer.LoadBalancer{
		Name: in.Name, Type: string(in.Type), Scheme: string(in.Scheme), IpAddressType: string(in.IpAddressType),
		VpcId: vpcId, Subnets: in.Subnets, SecurityGroups: in.SecurityGroups,
	}
	for _, mapping := range in.SubnetMappings {
		made.Subnets = append(made.Subnets, given(mapping.SubnetId, ""))
	}
	orDefault(&made.Type, loadbalancer.TypeApplication)
	orDefault(&made.Scheme, string(api.LoadBalancerSchemeEnumInternetFacing))
	orDefault(&made.IpAddressType, string(api.IpAddressTypeIpv4))
	if err := validateName("Load balancer", in.Name); err != nil {
		return made, err
	}
	if strings.HasPrefix(in.Name, "internal-") {
		return made, invalid("Load balancer name '%s' cannot begin with 'internal-'", in.Name)
	}
	if err := validateSubnets(made.Type, made.Subnets); err != nil {
		return made, err
	}
	var err error
	made.Tags, err = tagMap(nil, in.Tags)
	return made, err
}

func orDefault(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

func validateName(noun, name string) error {
	if len(name) > nameLimit {
		return invalid("%s name '%s' cannot be longer than '%d' characters", noun, name, nameLimit)
	}
	for i := range len(name) {
		if c := name[i] | 0x20; (c < 'a' || c > 'z') && (name[i] < '0' || name[i] > '9') && name[i] != '-' {
			return invalid("%s name '%s' can only contain characters that are alphanumeric characters and hyphens(-)", noun, name)
		}
	}
	if name == "" || strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-") {
		return invalid("%s name '%s' cannot begin or end with a hyphen(-)", noun, name)
	}
	return nil
}

func validateSubnets(kind string, subnets []string) error {
	switch {
	case kind == loadbalancer.TypeApplication && len(subnets) < 2:
		return invalid(messageTwoSubnets)
	case len(subnets) == 0:
		return invalid("At least one subnet must be specified")
	}
	for i, subnet := range subnets {
		if !strings.HasPrefix(subnet, "subnet-") || slices.Contains(subnets[:i], subnet) {
			return &api.InvalidSubnetException{Message: "The subnet ID '" + subnet + "' is not valid"}
		}
	}
	return nil
}

func (p place) loadBalancerNamed(name string) (*loadbalancer.LoadBalancer, error) {
	all, err := records.LoadBalancers.List(p.r, p.at)
	at := slices.IndexFunc(all, func(l loadbalancer.LoadBalancer) bool { return l.Name == name })
	if err != nil || at < 0 {
		return nil, err
	}
	return &all[at], nil
}

// same makes a second creation the first one's answer, if it asks for the same.
func (p place) same(existing, made *loadbalancer.LoadBalancer, err error) error {
	if err != nil {
		return err
	}
	if existing.Type != made.Type || existing.Scheme != made.Scheme || existing.IpAddressType != made.IpAddressType ||
		!slices.Equal(existing.Subnets, made.Subnets) || !slices.Equal(existing.SecurityGroups, made.SecurityGroups) {
		return loadBalancerExists(made.Name)
	}
	*made = *existing
	return nil
}

func (p place) addLoadBalancer(made *loadbalancer.LoadBalancer) error {
	all, err := records.LoadBalancers.List(p.r, p.at)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(l loadbalancer.LoadBalancer) bool { return l.Type != made.Type })
	if len(all) >= loadBalancersLimit {
		return &api.TooManyLoadBalancersException{Message: fmt.Sprintf("The maximum number of load balancers has been reached: %d", loadBalancersLimit)}
	}
	id, err := p.service.newId()
	if err != nil {
		return err
	}
	made.Arn = p.arn(kindLoadBalancer + typeSegment(made.Type) + "/" + made.Name + "/" + id)
	made.DnsName = dnsName(made, id, p.at.Region)
	return records.LoadBalancers.Put(p.tx, *made, p.at, made.Arn)
}

// dnsName has the form of AWS's names, which say the type.
func dnsName(l *loadbalancer.LoadBalancer, id, region string) string {
	if l.Type == loadbalancer.TypeNetwork {
		return l.Name + "-" + id + ".elb." + region + ".amazonaws.com"
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(l.Arn)) // a hash's Write never fails
	name := fmt.Sprintf("%s-%d.%s.elb.amazonaws.com", l.Name, sum.Sum32(), region)
	if l.Scheme == string(api.LoadBalancerSchemeEnumInternal) {
		name = "internal-" + name
	}
	return name
}

// DescribeLoadBalancers lists load balancers: all, or those that are named.
func (s *Service) DescribeLoadBalancers(ctx context.Context, in *api.DescribeLoadBalancersInput) (*api.DescribeLoadBalancersOutput, error) {
	p := s.view(ctx)
	all, err := records.LoadBalancers.List(p.r, p.at)
	if err != nil {
		return nil, err
	}
	for _, arn := range in.LoadBalancerArns {
		if _, err := p.loadBalancer(arn); err != nil {
			return nil, err
		}
	}
	if len(in.LoadBalancerArns) > 0 {
		all = slices.DeleteFunc(all, func(l loadbalancer.LoadBalancer) bool { return !slices.Contains(in.LoadBalancerArns, l.Arn) })
	}
	if len(in.Names) > 0 {
		missing := slices.DeleteFunc(slices.Clone(in.Names), func(name string) bool {
			return slices.ContainsFunc(all, func(l loadbalancer.LoadBalancer) bool { return l.Name == name })
		})
		if len(missing) > 0 {
			return nil, loadBalancerMissing(missing...)
		}
		all = slices.DeleteFunc(all, func(l loadbalancer.LoadBalancer) bool { return !slices.Contains(in.Names, l.Name) })
	}
	page, err := paginate(all, func(l loadbalancer.LoadBalancer) string { return l.Arn }, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &api.DescribeLoadBalancersOutput{LoadBalancers: list.Convert(page.Items, loadBalancerOutput), NextMarker: page.Next}, nil
}

// loadBalancer reads one by its ARN. Errors: ValidationError, LoadBalancerNotFound.
func (p place) loadBalancer(arn string) (loadbalancer.LoadBalancer, error) {
	if !isArn(arn, kindLoadBalancer) {
		return loadbalancer.LoadBalancer{}, invalidArn(arn, "load balancer")
	}
	return find(p, records.LoadBalancers, loadBalancerMissing(), arn)
}

// DeleteLoadBalancer deletes a load balancer with its listeners and rules; one that is
// not there is no error.
func (s *Service) DeleteLoadBalancer(ctx context.Context, in *api.DeleteLoadBalancerInput) (*api.DeleteLoadBalancerOutput, error) {
	if !isArn(in.LoadBalancerArn, kindLoadBalancer) {
		return nil, invalidArn(in.LoadBalancerArn, "load balancer")
	}
	err := s.update(ctx, func(p place) error {
		found, err := p.loadBalancer(in.LoadBalancerArn)
		if err != nil {
			return nil // it is not there, which is what was asked for
		}
		if found.Attributes[attributeDeletionProtection] == "true" {
			return deletionProtected(found.Arn)
		}
		links, err := apigwrecords.RestVpcLinks.List(p.r, p.at)
		if err != nil {
			return err
		}
		for _, link := range links {
			if slices.Contains(link.TargetArns, found.Arn) {
				return loadBalancerInUse(found.Arn)
			}
		}
		listeners, err := p.listenersOf(found.Arn)
		for _, listener := range listeners {
			p.deleteListener(listener.Arn)
		}
		records.LoadBalancers.Delete(p.tx, p.at, found.Arn)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteLoadBalancerOutput{}, nil
}

func (s *Service) changeLoadBalancer(ctx context.Context, arn string, change func(p place, l *loadbalancer.LoadBalancer) error) (loadbalancer.LoadBalancer, error) {
	var changed loadbalancer.LoadBalancer
	err := s.update(ctx, func(p place) error {
		var err error
		if changed, err = p.loadBalancer(arn); err != nil {
			return err
		}
		if err := change(p, &changed); err != nil {
			return err
		}
		return records.LoadBalancers.Put(p.tx, changed, p.at, arn)
	})
	return changed, err
}

// SetSecurityGroups names other security groups.
func (s *Service) SetSecurityGroups(ctx context.Context, in *api.SetSecurityGroupsInput) (*api.SetSecurityGroupsOutput, error) {
	if err := refuse(unsupportedOfSecurityGroups, in); err != nil {
		return nil, err
	}
	changed, err := s.changeLoadBalancer(ctx, in.LoadBalancerArn, func(_ place, l *loadbalancer.LoadBalancer) error {
		l.SecurityGroups = in.SecurityGroups
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.SetSecurityGroupsOutput{SecurityGroupIds: append([]string{}, changed.SecurityGroups...)}, nil
}

// SetSubnets names other subnets.
func (s *Service) SetSubnets(ctx context.Context, in *api.SetSubnetsInput) (*api.SetSubnetsOutput, error) {
	asked := &api.CreateLoadBalancerInput{SubnetMappings: in.SubnetMappings, EnablePrefixForIpv6SourceNat: in.EnablePrefixForIpv6SourceNat}
	if err := refuse(unsupportedOfLoadBalancer, asked); err != nil {
		return nil, err
	}
	subnets := in.Subnets
	for _, mapping := range in.SubnetMappings {
		subnets = append(subnets, given(mapping.SubnetId, ""))
	}
	changed, err := s.changeLoadBalancer(ctx, in.LoadBalancerArn, func(_ place, l *loadbalancer.LoadBalancer) error {
		l.Subnets = subnets
		if in.IpAddressType != "" {
			l.IpAddressType = string(in.IpAddressType)
		}
		return validateSubnets(l.Type, subnets)
	})
	if err != nil {
		return nil, err
	}
	out := loadBalancerOutput(changed)
	return &api.SetSubnetsOutput{AvailabilityZones: out.AvailabilityZones, IpAddressType: out.IpAddressType}, nil
}

// SetIpAddressType names another type of addresses. It has no effect: clients do not
// connect to load balancers here.
func (s *Service) SetIpAddressType(ctx context.Context, in *api.SetIpAddressTypeInput) (*api.SetIpAddressTypeOutput, error) {
	changed, err := s.changeLoadBalancer(ctx, in.LoadBalancerArn, func(_ place, l *loadbalancer.LoadBalancer) error {
		public := l.Type == loadbalancer.TypeApplication && l.Scheme == string(api.LoadBalancerSchemeEnumInternetFacing)
		if in.IpAddressType == api.IpAddressTypeDualstackWithoutPublicIpv4 && !public {
			return &api.InvalidConfigurationRequestException{Message: "The IP address type '" + string(in.IpAddressType) + "' is only valid for internet-facing application load balancers"}
		}
		l.IpAddressType = string(in.IpAddressType)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.SetIpAddressTypeOutput{IpAddressType: api.IpAddressType(changed.IpAddressType)}, nil
}

// The hosted zones of us-east-1's load balancers, which AWS publishes; other regions show them
// too, as their DNS names lead nowhere either.
const (
	applicationHostedZoneId = "Z35SXDOTRQ7X7K"
	networkHostedZoneId     = "Z26RNL4JYFTOTI"
)

func loadBalancerOutput(l loadbalancer.LoadBalancer) api.LoadBalancer {
	created, zone := l.CreatedTime.Truncate(time.Millisecond), applicationHostedZoneId
	if l.Type == loadbalancer.TypeNetwork {
		zone = networkHostedZoneId
	}
	return api.LoadBalancer{
		LoadBalancerArn: &l.Arn, DNSName: &l.DnsName, CanonicalHostedZoneId: &zone, CreatedTime: &created, LoadBalancerName: &l.Name,
		Scheme: api.LoadBalancerSchemeEnum(l.Scheme), VpcId: &l.VpcId, State: &api.LoadBalancerState{Code: api.LoadBalancerStateEnumActive},
		Type: api.LoadBalancerTypeEnum(l.Type), AvailabilityZones: zones(l), SecurityGroups: l.SecurityGroups, IpAddressType: api.IpAddressType(l.IpAddressType),
	}
}

// zones gives each subnet an Availability Zone of its own.
func zones(l loadbalancer.LoadBalancer) []api.AvailabilityZone {
	const letters = "abcdef"
	region := strings.Split(l.Arn, ":")[3]
	list := make([]api.AvailabilityZone, 0, len(l.Subnets))
	for i, subnet := range l.Subnets {
		list = append(list, api.AvailabilityZone{SubnetId: &subnet, ZoneName: optional(region + string(letters[i%len(letters)]))})
	}
	return list
}
