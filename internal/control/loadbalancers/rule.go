package loadbalancers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
)

const priorityDefault = "default"

// CreateRule adds a rule to a listener of an application load balancer.
func (s *Service) CreateRule(ctx context.Context, in *api.CreateRuleInput) (*api.CreateRuleOutput, error) {
	if err := refuse(unsupportedOfRule, &in.Transforms); err != nil {
		return nil, err
	}
	conditions, err := newConditions(in.Conditions)
	if err != nil {
		return nil, err
	}
	var made loadbalancer.Rule
	err = s.update(ctx, func(p place) error {
		made = loadbalancer.Rule{ListenerArn: in.ListenerArn, Priority: int(in.Priority), Conditions: conditions}
		var err error
		if made.Tags, err = tagMap(nil, in.Tags); err != nil {
			return err
		}
		return p.addRule(&made, in.Actions)
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateRuleOutput{Rules: []api.Rule{ruleOutput(made)}}, nil
}

func (p place) addRule(made *loadbalancer.Rule, actions []api.Action) error {
	l, err := p.listener(made.ListenerArn)
	if err != nil {
		return err
	}
	if l.Protocol != loadbalancer.ProtocolHttp && l.Protocol != loadbalancer.ProtocolHttps {
		return &api.UnsupportedProtocolException{Message: "Rules are not supported for listeners of the protocol '" + l.Protocol + "'"}
	}
	if made.Actions, err = p.actions(&l, actions); err != nil {
		return err
	}
	siblings, err := p.rulesOf(l.Arn)
	if err != nil {
		return err
	}
	if len(siblings) >= rulesLimit {
		return &api.TooManyRulesException{Message: fmt.Sprintf("The maximum number of rules has been reached on this load balancer: %d", rulesLimit)}
	}
	if slices.ContainsFunc(siblings, func(r loadbalancer.Rule) bool { return r.Priority == made.Priority }) {
		return priorityInUse(made.Priority)
	}
	id, err := p.service.newId()
	if err != nil {
		return err
	}
	made.Arn = beneath(l.Arn, kindListener, kindRule, id)
	return p.putRule(*made)
}

func (p place) putRule(rule loadbalancer.Rule) error {
	return records.Rules.Put(p.tx, rule, p.at, rule.ListenerArn, rule.Arn)
}

// rule reads one by its ARN; a listener's default rule is none of them. Errors:
// ValidationError, RuleNotFound.
func (p place) rule(arn string) (loadbalancer.Rule, error) {
	if !isArn(arn, kindRule) {
		return loadbalancer.Rule{}, invalidArn(arn, "rule")
	}
	return find(p, records.Rules, ruleMissing(), listenerOfRule(arn), arn)
}

// isDefault says whether an ARN is that of the default rule of a listener that exists.
func (p place) isDefault(arn string) bool {
	listenerArn := listenerOfRule(arn)
	return defaultRuleArn(listenerArn) == arn && records.Listeners.Has(p.r, p.at, listenerArn)
}

// rulesOf are those of a listener, in order of priority, without the default one.
func (p place) rulesOf(listenerArn string) ([]loadbalancer.Rule, error) {
	all, err := records.Rules.List(p.r, p.at, listenerArn)
	slices.SortFunc(all, func(a, b loadbalancer.Rule) int { return cmp.Compare(a.Priority, b.Priority) })
	return all, err
}

// DescribeRules lists the rules of a listener, the default one last, or those that are
// named.
func (s *Service) DescribeRules(ctx context.Context, in *api.DescribeRulesInput) (*api.DescribeRulesOutput, error) {
	p := s.view(ctx)
	var all []api.Rule
	switch {
	case in.ListenerArn != nil && len(in.RuleArns) > 0:
		return nil, invalid("You cannot specify both a listener ARN and rule ARNs")
	case in.ListenerArn != nil:
		found, err := p.listener(*in.ListenerArn)
		if err != nil {
			return nil, err
		}
		rules, err := p.rulesOf(found.Arn)
		if err != nil {
			return nil, err
		}
		all = append(list.Convert(rules, ruleOutput), defaultRuleOutput(found))
	case len(in.RuleArns) == 0:
		return nil, invalid("You must specify either listener rule ARNs or a listener ARN")
	}
	for _, arn := range in.RuleArns {
		found, err := p.describeRule(arn)
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	page, err := paginate(all, func(r api.Rule) string { return *r.RuleArn }, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &api.DescribeRulesOutput{Rules: page.Items, NextMarker: page.Next}, nil
}

func (p place) describeRule(arn string) (api.Rule, error) {
	if p.isDefault(arn) {
		l, err := p.listener(listenerOfRule(arn))
		return defaultRuleOutput(l), err
	}
	found, err := p.rule(arn)
	return ruleOutput(found), err
}

// ModifyRule changes the conditions or actions of a rule.
func (s *Service) ModifyRule(ctx context.Context, in *api.ModifyRuleInput) (*api.ModifyRuleOutput, error) {
	if err := refuse(unsupportedOfRule, &in.Transforms); err != nil {
		return nil, err
	}
	var changed loadbalancer.Rule
	err := s.update(ctx, func(p place) error {
		if p.isDefault(in.RuleArn) {
			return defaultRuleFixed(in.RuleArn, "modified")
		}
		var err error
		if changed, err = p.rule(in.RuleArn); err != nil {
			return err
		}
		if in.Conditions != nil {
			if changed.Conditions, err = newConditions(in.Conditions); err != nil {
				return err
			}
		}
		if in.Actions != nil {
			l, err := p.listener(changed.ListenerArn)
			if err != nil {
				return err
			}
			if changed.Actions, err = p.actions(&l, in.Actions); err != nil {
				return err
			}
		}
		return p.putRule(changed)
	})
	if err != nil {
		return nil, err
	}
	return &api.ModifyRuleOutput{Rules: []api.Rule{ruleOutput(changed)}}, nil
}

// SetRulePriorities changes the priorities of several rules at once, so that two can
// change places.
func (s *Service) SetRulePriorities(ctx context.Context, in *api.SetRulePrioritiesInput) (*api.SetRulePrioritiesOutput, error) {
	var changed []loadbalancer.Rule
	err := s.update(ctx, func(p place) error {
		changed = nil
		for _, pair := range in.RulePriorities {
			arn := given(pair.RuleArn, "")
			if p.isDefault(arn) {
				return defaultRuleFixed(arn, "modified")
			}
			rule, err := p.rule(arn)
			if err != nil {
				return err
			}
			rule.Priority = int(given(pair.Priority, int32(rule.Priority)))
			changed = append(changed, rule)
			if err := p.putRule(rule); err != nil {
				return err
			}
		}
		return p.checkPriorities(changed)
	})
	if err != nil {
		return nil, err
	}
	return &api.SetRulePrioritiesOutput{Rules: list.Convert(changed, ruleOutput)}, nil
}

// checkPriorities checks that no two rules of a listener have the same.
func (p place) checkPriorities(changed []loadbalancer.Rule) error {
	for _, rule := range changed {
		siblings, err := p.rulesOf(rule.ListenerArn)
		if err != nil {
			return err
		}
		for _, sibling := range siblings {
			if sibling.Priority == rule.Priority && sibling.Arn != rule.Arn {
				return priorityInUse(rule.Priority)
			}
		}
	}
	return nil
}

// DeleteRule deletes a rule.
func (s *Service) DeleteRule(ctx context.Context, in *api.DeleteRuleInput) (*api.DeleteRuleOutput, error) {
	err := s.update(ctx, func(p place) error {
		if p.isDefault(in.RuleArn) {
			return defaultRuleFixed(in.RuleArn, "deleted")
		}
		found, err := p.rule(in.RuleArn)
		if err != nil {
			return err
		}
		records.Rules.Delete(p.tx, p.at, found.ListenerArn, found.Arn)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteRuleOutput{}, nil
}

func ruleOutput(r loadbalancer.Rule) api.Rule {
	isDefault := false
	return api.Rule{
		RuleArn: &r.Arn, Priority: optional(strconv.Itoa(r.Priority)), Conditions: list.Convert(r.Conditions, conditionOutput),
		Actions: list.Convert(r.Actions, actionOutput), IsDefault: &isDefault,
	}
}

func defaultRuleOutput(l loadbalancer.Listener) api.Rule {
	isDefault := true
	return api.Rule{
		RuleArn: optional(defaultRuleArn(l.Arn)), Priority: optional(priorityDefault), Conditions: []api.RuleCondition{},
		Actions: list.Convert(l.DefaultActions, actionOutput), IsDefault: &isDefault,
	}
}
