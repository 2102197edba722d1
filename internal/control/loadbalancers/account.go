package loadbalancers

import (
	"context"
	"strconv"

	api "gatehouse/internal/awsapi/elbv2"
)

// accountLimits are the limits that are held, by the names of DescribeAccountLimits.
var accountLimits = []struct {
	name string
	max  int
}{
	{"application-load-balancers", loadBalancersLimit},
	{"network-load-balancers", loadBalancersLimit},
	{"listeners-per-application-load-balancer", listenersLimit},
	{"listeners-per-network-load-balancer", listenersLimit},
	{"rules-per-application-load-balancer", rulesLimit},
	{"target-groups", targetGroupsLimit},
	{"targets-per-application-load-balancer", targetsLimit},
	{"target-groups-per-action-on-application-load-balancer", targetGroupsPerActionLimit},
	{"condition-values-per-alb-rule", conditionValuesLimit},
	{"certificates-per-application-load-balancer", certificatesLimit},
	{"certificates-per-network-load-balancer", certificatesLimit},
}

// DescribeAccountLimits lists the limits that this server holds.
func (s *Service) DescribeAccountLimits(_ context.Context, in *api.DescribeAccountLimitsInput) (*api.DescribeAccountLimitsOutput, error) {
	all := make([]api.Limit, len(accountLimits))
	for i, limit := range accountLimits {
		most := strconv.Itoa(limit.max)
		all[i] = api.Limit{Name: &limit.name, Max: &most}
	}
	page, err := paginate(all, func(l api.Limit) string { return *l.Name }, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &api.DescribeAccountLimitsOutput{Limits: page.Items, NextMarker: page.Next}, nil
}

// DescribeCapacityReservation says that nothing is reserved: load balancers have no
// capacity of their own here, and ModifyCapacityReservation is not served.
func (s *Service) DescribeCapacityReservation(ctx context.Context, in *api.DescribeCapacityReservationInput) (*api.DescribeCapacityReservationOutput, error) {
	if _, err := s.view(ctx).loadBalancer(in.LoadBalancerArn); err != nil {
		return nil, err
	}
	return &api.DescribeCapacityReservationOutput{CapacityReservationState: []api.ZonalCapacityReservationState{}}, nil
}
