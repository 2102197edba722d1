package loadbalancers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/loadbalancer"
)

// RegisterTargets adds targets; one that drains serves again.
func (s *Service) RegisterTargets(ctx context.Context, in *api.RegisterTargetsInput) (*api.RegisterTargetsOutput, error) {
	_, err := s.changeTargetGroup(ctx, in.TargetGroupArn, func(_ place, g *loadbalancer.TargetGroup) error {
		if len(in.Targets) == 0 {
			return invalid("A target must be specified")
		}
		targets := s.present(g.Targets)
		for _, description := range in.Targets {
			target, err := newTarget(g, description)
			if err != nil {
				return err
			}
			if at := indexTarget(targets, target.Id, target.Port); at >= 0 {
				targets[at] = target
				continue
			}
			targets = append(targets, target)
		}
		g.Targets = targets
		if len(targets) > targetsLimit {
			return &api.TooManyTargetsException{Message: fmt.Sprintf("The maximum number of targets has been reached: %d", targetsLimit)}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.RegisterTargetsOutput{}, nil
}

func newTarget(g *loadbalancer.TargetGroup, from api.TargetDescription) (loadbalancer.Target, error) {
	target := loadbalancer.Target{Id: from.Id, Port: int(given(from.Port, int32(g.Port))), AvailabilityZone: given(from.AvailabilityZone, "")}
	if err := refuse(unsupportedOfTargetDescription, &from); err != nil {
		return target, err
	}
	switch {
	case g.TargetType == string(api.TargetTypeEnumInstance): // there are no instances here to register
		return target, &api.InvalidTargetException{Message: fmt.Sprintf("Instance ID '%s' is not valid", from.Id)}
	case strings.HasPrefix(from.Id, "arn:") || strings.HasPrefix(from.Id, "i-"):
		return target, invalid("The IP address '%s' is not a valid IPv4 address", from.Id)
	case !loadbalancer.ValidHost(from.Id):
		return target, invalid("The target '%s' is neither an IP address nor a host name", from.Id)
	}
	return target, nil
}

// present are the targets that have not drained yet.
func (s *Service) present(targets []loadbalancer.Target) []loadbalancer.Target {
	now := s.Now()
	return slices.DeleteFunc(slices.Clone(targets), func(t loadbalancer.Target) bool { return !t.DrainsUntil.IsZero() && !now.Before(t.DrainsUntil) })
}

func indexTarget(targets []loadbalancer.Target, id string, port int) int {
	return slices.IndexFunc(targets, func(t loadbalancer.Target) bool { return t.Id == id && t.Port == port })
}

// DeregisterTargets ends new connections to targets, and drains those of a group in
// use for its deregistration delay. Without a port, all ports of the id go. What is not
// registered is no error.
func (s *Service) DeregisterTargets(ctx context.Context, in *api.DeregisterTargetsInput) (*api.DeregisterTargetsOutput, error) {
	_, err := s.changeTargetGroup(ctx, in.TargetGroupArn, func(p place, g *loadbalancer.TargetGroup) error {
		users, err := p.usersOf(g.Arn)
		if err != nil {
			return err
		}
		delay := time.Duration(0)
		if len(users) > 0 {
			delay = deregistrationDelay(g)
		}
		until := s.Now().Add(delay).UTC()
		targets := s.present(g.Targets)
		for i := range targets {
			if targets[i].DrainsUntil.IsZero() && names(in.Targets, &targets[i]) {
				targets[i].DrainsUntil = until
			}
		}
		g.Targets = s.present(targets)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeregisterTargetsOutput{}, nil
}

func names(descriptions []api.TargetDescription, t *loadbalancer.Target) bool {
	return slices.ContainsFunc(descriptions, func(d api.TargetDescription) bool {
		return d.Id == t.Id && (d.Port == nil || int(*d.Port) == t.Port)
	})
}

func deregistrationDelay(g *loadbalancer.TargetGroup) time.Duration {
	seconds, err := strconv.Atoi(attributesOfTargetGroup.value(g.Attributes, attributeDeregistrationDelay))
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// DescribeTargetHealth says how targets are: all of a group, or those that are named.
func (s *Service) DescribeTargetHealth(ctx context.Context, in *api.DescribeTargetHealthInput) (*api.DescribeTargetHealthOutput, error) {
	group, err := s.view(ctx).targetGroup(in.TargetGroupArn)
	if err != nil {
		return nil, err
	}
	health, _ := s.Targets.Health(group.Arn)
	out := &api.DescribeTargetHealthOutput{TargetHealthDescriptions: []api.TargetHealthDescription{}}
	if len(in.Targets) == 0 {
		out.TargetHealthDescriptions = list.Convert(health, healthOutput)
		return out, nil
	}
	for _, wanted := range in.Targets {
		port := int(given(wanted.Port, int32(group.Port)))
		at := slices.IndexFunc(health, func(h loadbalancer.TargetHealth) bool { return h.Id == wanted.Id && h.Port == port })
		if at >= 0 {
			out.TargetHealthDescriptions = append(out.TargetHealthDescriptions, healthOutput(health[at]))
			continue
		}
		missing := healthOutput(loadbalancer.TargetHealth{Target: loadbalancer.Target{Id: wanted.Id, Port: port}, Health: loadbalancer.NotRegistered()})
		out.TargetHealthDescriptions = append(out.TargetHealthDescriptions, missing)
	}
	return out, nil
}

func healthOutput(h loadbalancer.TargetHealth) api.TargetHealthDescription {
	return api.TargetHealthDescription{
		Target:          &api.TargetDescription{Id: h.Id, Port: number(h.Port), AvailabilityZone: optional(h.AvailabilityZone)},
		HealthCheckPort: optional(h.HealthCheckPort),
		TargetHealth: &api.TargetHealth{
			State: api.TargetHealthStateEnum(h.State), Reason: api.TargetHealthReasonEnum(h.Reason), Description: optional(h.Description),
		},
	}
}
