package loadbalancers

import (
	"net/netip"
	"strings"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/loadbalancer"
)

// newConditions reads the conditions of a rule.
func newConditions(from []api.RuleCondition) ([]loadbalancer.Condition, error) {
	if len(from) == 0 {
		return nil, invalid("A condition must be specified")
	}
	conditions := make([]loadbalancer.Condition, 0, len(from))
	values := 0
	for i := range from {
		if err := refuse(unsupportedOfRuleCondition, &from[i]); err != nil {
			return nil, err
		}
		condition, err := newCondition(&from[i])
		if err != nil {
			return nil, err
		}
		values += len(condition.Values) + len(condition.QueryString)
		conditions = append(conditions, condition)
	}
	if values > conditionValuesLimit {
		return nil, invalid("A rule can have at most %d condition values", conditionValuesLimit)
	}
	return conditions, nil
}

func newCondition(from *api.RuleCondition) (loadbalancer.Condition, error) {
	condition := loadbalancer.Condition{Field: given(from.Field, ""), Values: from.Values, Shorthand: len(from.Values) > 0}
	switch condition.Field {
	case loadbalancer.FieldHostHeader:
		if from.HostHeaderConfig != nil {
			condition.Values, condition.Shorthand = from.HostHeaderConfig.Values, false
		}
	case loadbalancer.FieldPathPattern:
		if from.PathPatternConfig != nil {
			condition.Values, condition.Shorthand = from.PathPatternConfig.Values, false
		}
	case loadbalancer.FieldHttpHeader:
		if from.HttpHeaderConfig != nil {
			condition.Values, condition.HttpHeaderName = from.HttpHeaderConfig.Values, given(from.HttpHeaderConfig.HttpHeaderName, "")
		}
	case loadbalancer.FieldHttpRequestMethod:
		if from.HttpRequestMethodConfig != nil {
			condition.Values = from.HttpRequestMethodConfig.Values
		}
	case loadbalancer.FieldSourceIp:
		if from.SourceIpConfig != nil {
			condition.Values = from.SourceIpConfig.Values
		}
	case loadbalancer.FieldQueryString:
		if from.QueryStringConfig != nil {
			for _, pair := range from.QueryStringConfig.Values {
				condition.QueryString = append(condition.QueryString, loadbalancer.QueryStringPair{Key: given(pair.Key, ""), Value: given(pair.Value, "")})
			}
		}
	default:
		return condition, invalid("Condition field '%s' must be one of '[path-pattern, host-header, http-header, http-request-method, query-string, source-ip]'", condition.Field)
	}
	return condition, validateCondition(&condition)
}

func validateCondition(c *loadbalancer.Condition) error {
	switch {
	case len(c.Values) == 0 && len(c.QueryString) == 0:
		return invalid("A condition value must be specified")
	case c.Shorthand && c.Field != loadbalancer.FieldHostHeader && c.Field != loadbalancer.FieldPathPattern:
		return invalid("Values of the condition field '%s' must be specified in its configuration", c.Field)
	case c.Field == loadbalancer.FieldHttpHeader && (c.HttpHeaderName == "" || strings.EqualFold(c.HttpHeaderName, "host")):
		return invalid("A condition of http-header must name a header other than Host")
	}
	for _, value := range c.Values {
		if value == "" || len(value) > patternLimit {
			return invalid("The condition value '%s' must have 1 to %d characters", value, patternLimit)
		}
		if _, err := netip.ParsePrefix(value); c.Field == loadbalancer.FieldSourceIp && err != nil {
			return invalid("The source IP '%s' is not a CIDR block", value)
		}
	}
	return nil
}

func conditionOutput(c loadbalancer.Condition) api.RuleCondition {
	out := api.RuleCondition{Field: optional(c.Field)}
	switch c.Field {
	case loadbalancer.FieldHostHeader:
		out.Values, out.HostHeaderConfig = c.Values, &api.HostHeaderConditionConfig{Values: c.Values}
	case loadbalancer.FieldPathPattern:
		out.Values, out.PathPatternConfig = c.Values, &api.PathPatternConditionConfig{Values: c.Values}
	case loadbalancer.FieldHttpHeader:
		out.HttpHeaderConfig = &api.HttpHeaderConditionConfig{HttpHeaderName: optional(c.HttpHeaderName), Values: c.Values}
	case loadbalancer.FieldHttpRequestMethod:
		out.HttpRequestMethodConfig = &api.HttpRequestMethodConditionConfig{Values: c.Values}
	case loadbalancer.FieldSourceIp:
		out.SourceIpConfig = &api.SourceIpConditionConfig{Values: c.Values}
	case loadbalancer.FieldQueryString:
		out.QueryStringConfig = &api.QueryStringConditionConfig{}
		for _, pair := range c.QueryString {
			out.QueryStringConfig.Values = append(out.QueryStringConfig.Values, api.QueryStringKeyValuePair{Key: optional(pair.Key), Value: optional(pair.Value)})
		}
	}
	return out
}
