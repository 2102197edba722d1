package apis

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
)

// headerConditionsLimit is how many header conditions a rule can have; it can have one
// base path condition (fact of AWS's guide, rest-api-routing-rules).
const headerConditionsLimit = 2

// CreateRoutingRule adds a routing rule to a custom domain.
func (s *Service) CreateRoutingRule(ctx context.Context, in *apigatewayv2.CreateRoutingRuleInput) (*apigatewayv2.CreateRoutingRuleOutput, error) {
	created := apigwv2.RoutingRule{Priority: in.Priority, Conditions: conditionsOf(in.Conditions), Actions: actionsOf(in.Actions)}
	stored, err := s.changeRoutingRules(ctx, in.DomainName, in.DomainNameId, func(p place, domain apigwv2.DomainName) (apigwv2.RoutingRule, error) {
		var err error
		created.RoutingRuleId, err = newId(p, records.RoutingRules, s.Ids.Resource, domain.DomainName)
		return created, err
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateRoutingRuleOutput)(stored), nil
}

// PutRoutingRule replaces a routing rule of a custom domain.
func (s *Service) PutRoutingRule(ctx context.Context, in *apigatewayv2.PutRoutingRuleInput) (*apigatewayv2.PutRoutingRuleOutput, error) {
	stored, err := s.changeRoutingRules(ctx, in.DomainName, in.DomainNameId, func(p place, domain apigwv2.DomainName) (apigwv2.RoutingRule, error) {
		_, err := p.routingRule(domain, in.RoutingRuleId)
		return apigwv2.RoutingRule{
			RoutingRuleId: in.RoutingRuleId, Priority: in.Priority, Conditions: conditionsOf(in.Conditions), Actions: actionsOf(in.Actions),
		}, err
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.PutRoutingRuleOutput)(stored), nil
}

// changeRoutingRules puts the rule that change returns.
func (s *Service) changeRoutingRules(ctx context.Context, domainName string, domainNameId *string,
	change func(p place, domain apigwv2.DomainName) (apigwv2.RoutingRule, error),
) (*apigatewayv2.GetRoutingRuleOutput, error) {
	var (
		stored apigwv2.RoutingRule
		domain apigwv2.DomainName
	)
	err := s.updateServed(ctx, func(p place) error {
		var err error
		if domain, err = p.publicDomainName(domainName, domainNameId); err != nil {
			return err
		}
		if stored, err = change(p, domain); err != nil {
			return err
		}
		return p.putRoutingRule(domain, stored)
	})
	if err != nil {
		return nil, err
	}
	return s.view(ctx).routingRuleOutput(domain, stored), nil
}

// GetRoutingRule returns a routing rule of a custom domain.
func (s *Service) GetRoutingRule(ctx context.Context, in *apigatewayv2.GetRoutingRuleInput) (*apigatewayv2.GetRoutingRuleOutput, error) {
	p := s.view(ctx)
	domain, err := p.publicDomainName(in.DomainName, in.DomainNameId)
	if err != nil {
		return nil, err
	}
	found, err := p.routingRule(domain, in.RoutingRuleId)
	if err != nil {
		return nil, err
	}
	return p.routingRuleOutput(domain, found), nil
}

// ListRoutingRules lists the routing rules of a custom domain, lowest priority first.
func (s *Service) ListRoutingRules(ctx context.Context, in *apigatewayv2.ListRoutingRulesInput) (*apigatewayv2.ListRoutingRulesOutput, error) {
	p := s.view(ctx)
	domain, err := p.publicDomainName(in.DomainName, in.DomainNameId)
	if err != nil {
		return nil, err
	}
	all, err := records.RoutingRules.List(p.r, p.at, domain.DomainName)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(x, y apigwv2.RoutingRule) int { return int(x.Priority) - int(y.Priority) })
	want := pageRequest{nextToken: in.NextToken}
	if in.MaxResults != nil {
		limit := strconv.Itoa(int(*in.MaxResults))
		want.maxResults = &limit
	}
	found, err := paginate(all, func(r apigwv2.RoutingRule) string { return r.RoutingRuleId }, want)
	if err != nil {
		return nil, err
	}
	items := list.Convert(found.Items, func(r apigwv2.RoutingRule) apigatewayv2.RoutingRule {
		return apigatewayv2.RoutingRule(*p.routingRuleOutput(domain, r))
	})
	return &apigatewayv2.ListRoutingRulesOutput{RoutingRules: items, NextToken: found.Next}, nil
}

// DeleteRoutingRule deletes a routing rule of a custom domain.
func (s *Service) DeleteRoutingRule(ctx context.Context, in *apigatewayv2.DeleteRoutingRuleInput) (*apigatewayv2.DeleteRoutingRuleOutput, error) {
	err := s.updateServed(ctx, func(p place) error {
		domain, err := p.publicDomainName(in.DomainName, in.DomainNameId)
		if err != nil {
			return err
		}
		if _, err := p.routingRule(domain, in.RoutingRuleId); err != nil {
			return err
		}
		records.RoutingRules.Delete(p.tx, p.at, domain.DomainName, in.RoutingRuleId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteRoutingRuleOutput{}, nil
}

// publicDomainName finds a custom domain; only private ones have a domainNameId.
func (p place) publicDomainName(name string, id *string) (apigwv2.DomainName, error) {
	if text(id) != "" {
		return apigwv2.DomainName{}, unsupportedDomainNameId.Refuse(badRequest)
	}
	return p.domainName(name)
}

func (p place) routingRule(domain apigwv2.DomainName, id string) (apigwv2.RoutingRule, error) {
	return find(p, records.RoutingRules, invalidIdentifier("RoutingRule"), domain.DomainName, id)
}

// putRoutingRule checks a rule and puts it.
func (p place) putRoutingRule(domain apigwv2.DomainName, rule apigwv2.RoutingRule) error {
	if rule.Priority < 1 || rule.Priority > apigwv2.RoutingRulePriorityMaximum {
		return badRequest(messageRulePriority)
	}
	if err := validateConditions(rule.Conditions); err != nil {
		return err
	}
	if len(rule.Actions) != 1 || rule.Actions[0].ApiId == "" {
		return badRequest(messageRuleAction)
	}
	protocolType, err := p.protocolOf(rule.Actions[0].ApiId, rule.Actions[0].Stage)
	if err != nil {
		return err
	}
	if protocolType == apigwv2.ProtocolTypeWebSocket {
		return badRequest(messageRuleWebSocket)
	}
	others, err := records.RoutingRules.List(p.r, p.at, domain.DomainName)
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(other apigwv2.RoutingRule) bool { return other.RoutingRuleId == rule.RoutingRuleId })
	if len(others) >= apigwv2.RoutingRulesLimit {
		return badRequest("Maximum number of routing rules for this domain name has been reached.")
	}
	if slices.ContainsFunc(others, func(other apigwv2.RoutingRule) bool { return other.Priority == rule.Priority }) {
		return conflict(messagePriorityTaken)
	}
	return records.RoutingRules.Put(p.tx, rule, p.at, domain.DomainName, rule.RoutingRuleId)
}

// validateConditions checks the conditions of a rule; each is of headers or of base paths.
func validateConditions(conditions []apigwv2.RoutingRuleCondition) error {
	headers, basePaths := 0, 0
	for _, condition := range conditions {
		if (len(condition.MatchHeaders) > 0) == (len(condition.MatchBasePaths) > 0) {
			return badRequest(messageRuleConditions)
		}
		for _, basePath := range condition.MatchBasePaths {
			if basePath == "" || !mappingKeyPattern.MatchString(basePath) || strings.HasPrefix(basePath, "/") {
				return badRequest("Invalid base path specified: " + basePath)
			}
		}
		for _, header := range condition.MatchHeaders {
			if header.Header == "" || header.ValueGlob == "" {
				return badRequest("A header condition must have a header and a glob of its value")
			}
		}
		headers += min(len(condition.MatchHeaders), 1)
		basePaths += min(len(condition.MatchBasePaths), 1)
	}
	if headers > headerConditionsLimit || basePaths > 1 {
		return badRequest(messageRuleConditions)
	}
	return nil
}

func conditionsOf(in []apigatewayv2.RoutingRuleCondition) []apigwv2.RoutingRuleCondition {
	var conditions []apigwv2.RoutingRuleCondition
	for _, one := range in {
		var condition apigwv2.RoutingRuleCondition
		if one.MatchBasePaths != nil {
			condition.MatchBasePaths = one.MatchBasePaths.AnyOf
		}
		if one.MatchHeaders != nil {
			for _, header := range one.MatchHeaders.AnyOf {
				condition.MatchHeaders = append(condition.MatchHeaders, apigwv2.RoutingRuleMatchHeader(header))
			}
		}
		conditions = append(conditions, condition)
	}
	return conditions
}

func actionsOf(in []apigatewayv2.RoutingRuleAction) []apigwv2.RoutingRuleAction {
	var actions []apigwv2.RoutingRuleAction
	for _, one := range in {
		var action apigwv2.RoutingRuleAction
		if invoke := one.InvokeApi; invoke != nil {
			action = apigwv2.RoutingRuleAction{ApiId: invoke.ApiId, Stage: invoke.Stage, StripBasePath: given(invoke.StripBasePath, false)}
		}
		actions = append(actions, action)
	}
	return actions
}

func (p place) routingRuleOutput(domain apigwv2.DomainName, rule apigwv2.RoutingRule) *apigatewayv2.GetRoutingRuleOutput {
	arn := apigwv2.RoutingRuleArn(p.scope.Region, domain.DomainName, rule.RoutingRuleId)
	return &apigatewayv2.GetRoutingRuleOutput{
		Actions: list.Convert(rule.Actions, actionOutput), Conditions: list.Convert(rule.Conditions, conditionOutput),
		Priority: &rule.Priority, RoutingRuleArn: &arn, RoutingRuleId: &rule.RoutingRuleId,
	}
}

func actionOutput(action apigwv2.RoutingRuleAction) apigatewayv2.RoutingRuleAction {
	return apigatewayv2.RoutingRuleAction{InvokeApi: &apigatewayv2.RoutingRuleActionInvokeApi{
		ApiId: action.ApiId, Stage: action.Stage, StripBasePath: &action.StripBasePath,
	}}
}

func conditionOutput(condition apigwv2.RoutingRuleCondition) apigatewayv2.RoutingRuleCondition {
	var out apigatewayv2.RoutingRuleCondition
	if len(condition.MatchBasePaths) > 0 {
		out.MatchBasePaths = &apigatewayv2.RoutingRuleMatchBasePaths{AnyOf: condition.MatchBasePaths}
	}
	if len(condition.MatchHeaders) > 0 {
		out.MatchHeaders = &apigatewayv2.RoutingRuleMatchHeaders{}
		for _, header := range condition.MatchHeaders {
			out.MatchHeaders.AnyOf = append(out.MatchHeaders.AnyOf, apigatewayv2.RoutingRuleMatchHeaderValue(header))
		}
	}
	return out
}
