package loadbalancers

import (
	"slices"
	"strconv"
	"strings"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
)

// actions reads the actions of a listener or of a rule of it. There is exactly one, as
// those that come before it on AWS authenticate.
func (p place) actions(l *loadbalancer.Listener, from []api.Action) ([]loadbalancer.Action, error) {
	for i := range from {
		if err := refuse(unsupportedOfAction, &from[i]); err != nil {
			return nil, err
		}
	}
	if len(from) != 1 {
		return nil, invalid("Exactly one action of type 'forward', 'redirect' or 'fixed-response' must be specified")
	}
	action, err := newAction(&from[0])
	if err != nil {
		return nil, err
	}
	for _, to := range action.Forward {
		if err := p.checkForward(l, to.TargetGroupArn); err != nil {
			return nil, err
		}
	}
	return []loadbalancer.Action{action}, nil
}

func newAction(from *api.Action) (loadbalancer.Action, error) {
	action := loadbalancer.Action{Type: string(from.Type), Order: int(given(from.Order, 0))}
	var err error
	switch from.Type {
	case api.ActionTypeEnumForward:
		action.Forward, err = newForward(from)
	case api.ActionTypeEnumFixedResponse:
		action.FixedResponse, err = newFixedResponse(from.FixedResponseConfig)
	default:
		action.Redirect, err = newRedirect(from.RedirectConfig)
	}
	return action, err
}

func newForward(from *api.Action) ([]loadbalancer.WeightedTargetGroup, error) {
	arn := given(from.TargetGroupArn, "")
	if from.ForwardConfig == nil || len(from.ForwardConfig.TargetGroups) == 0 {
		if arn == "" {
			return nil, invalid("A target group ARN must be specified")
		}
		return []loadbalancer.WeightedTargetGroup{{TargetGroupArn: arn, Weight: 1}}, nil
	}
	groups := from.ForwardConfig.TargetGroups
	if len(groups) > targetGroupsPerActionLimit {
		return nil, &api.TooManyUniqueTargetGroupsPerLoadBalancerException{Message: "An action can have at most 5 target groups"}
	}
	forward := make([]loadbalancer.WeightedTargetGroup, 0, len(groups))
	for _, group := range groups {
		to := loadbalancer.WeightedTargetGroup{TargetGroupArn: given(group.TargetGroupArn, ""), Weight: int(given(group.Weight, 1))}
		if to.Weight < 0 || to.Weight > 999 || group.Weight == nil && len(groups) > 1 {
			return nil, invalid(messageWeight)
		}
		forward = append(forward, to)
	}
	if arn != "" && (len(forward) != 1 || forward[0].TargetGroupArn != arn) {
		return nil, invalid("The target group ARN of an action must be the one of its ForwardConfig")
	}
	return forward, nil
}

func newFixedResponse(from *api.FixedResponseActionConfig) (*loadbalancer.FixedResponse, error) {
	if from == nil {
		return nil, invalid("A fixed-response action must have a FixedResponseConfig")
	}
	statusCode, err := strconv.Atoi(from.StatusCode)
	if err != nil {
		return nil, invalid("The status code '%s' is not valid", from.StatusCode)
	}
	contentTypes := []string{"text/plain", "text/css", "text/html", "application/javascript", "application/json"}
	contentType := given(from.ContentType, contentTypes[0])
	if !slices.Contains(contentTypes, contentType) {
		return nil, invalid("The content type must be one of: %s", strings.Join(contentTypes, ", "))
	}
	return &loadbalancer.FixedResponse{StatusCode: statusCode, ContentType: contentType, MessageBody: given(from.MessageBody, "")}, nil
}

func newRedirect(from *api.RedirectActionConfig) (*loadbalancer.Redirect, error) {
	if from == nil {
		return nil, invalid("A redirect action must have a RedirectConfig")
	}
	redirect := &loadbalancer.Redirect{
		Protocol: given(from.Protocol, "#{protocol}"), Host: given(from.Host, "#{host}"), Port: given(from.Port, "#{port}"),
		Path: given(from.Path, "/#{path}"), Query: given(from.Query, "#{query}"), StatusCode: 301,
	}
	if from.StatusCode == api.RedirectActionStatusCodeEnumHttp302 {
		redirect.StatusCode = 302
	}
	switch {
	case redirect.Protocol == "#{protocol}" && redirect.Host == "#{host}" && redirect.Port == "#{port}" && redirect.Path == "/#{path}":
		return nil, invalid("The redirect configuration must change the protocol, host, port or path")
	case !strings.HasPrefix(redirect.Path, "/"):
		return nil, invalid("The path of a redirect must begin with '/'")
	case !slices.Contains([]string{"HTTP", "HTTPS", "#{protocol}"}, redirect.Protocol):
		return nil, invalid("The protocol of a redirect must be HTTP, HTTPS or #{protocol}")
	}
	return redirect, nil
}

// checkForward checks that a listener may forward to a target group.
func (p place) checkForward(l *loadbalancer.Listener, arn string) error {
	group, err := p.targetGroup(arn)
	if err != nil {
		return err
	}
	compatible := map[string][]string{
		loadbalancer.ProtocolHttp: {loadbalancer.ProtocolHttp, loadbalancer.ProtocolHttps}, loadbalancer.ProtocolHttps: {loadbalancer.ProtocolHttp, loadbalancer.ProtocolHttps},
		loadbalancer.ProtocolTcp: {loadbalancer.ProtocolTcp}, loadbalancer.ProtocolTls: {loadbalancer.ProtocolTcp, loadbalancer.ProtocolTls},
	}
	if known, ok := compatible[l.Protocol]; ok && !slices.Contains(known, group.Protocol) {
		return incompatible(l.Protocol, group.Protocol)
	}
	users, err := p.usersOf(arn)
	if err != nil {
		return err
	}
	for _, loadBalancerArn := range users {
		if loadBalancerArn != l.LoadBalancerArn {
			return targetGroupElsewhere(arn)
		}
	}
	return nil
}

// usersOf are the ARNs of the load balancers that forward to a target group.
func (p place) usersOf(targetGroupArn string) ([]string, error) {
	listeners, err := records.Listeners.List(p.r, p.at)
	if err != nil {
		return nil, err
	}
	owner := map[string]string{}
	users := []string{}
	use := func(listenerArn string, actions []loadbalancer.Action) {
		for _, action := range actions {
			uses := slices.ContainsFunc(action.Forward, func(to loadbalancer.WeightedTargetGroup) bool { return to.TargetGroupArn == targetGroupArn })
			if uses && !slices.Contains(users, owner[listenerArn]) {
				users = append(users, owner[listenerArn])
			}
		}
	}
	for _, l := range listeners {
		owner[l.Arn] = l.LoadBalancerArn
		use(l.Arn, l.DefaultActions)
	}
	rules, err := records.Rules.List(p.r, p.at)
	for _, rule := range rules {
		use(rule.ListenerArn, rule.Actions)
	}
	return users, err
}

func actionOutput(a loadbalancer.Action) api.Action {
	out := api.Action{Type: api.ActionTypeEnum(a.Type)}
	if a.Order > 0 {
		out.Order = number(a.Order)
	}
	if len(a.Forward) > 0 {
		out.ForwardConfig = &api.ForwardActionConfig{}
		for _, to := range a.Forward {
			out.ForwardConfig.TargetGroups = append(out.ForwardConfig.TargetGroups, api.TargetGroupTuple{TargetGroupArn: &to.TargetGroupArn, Weight: number(to.Weight)})
		}
	}
	if len(a.Forward) == 1 {
		out.TargetGroupArn = &a.Forward[0].TargetGroupArn
	}
	if fixed := a.FixedResponse; fixed != nil {
		out.FixedResponseConfig = &api.FixedResponseActionConfig{
			StatusCode: strconv.Itoa(fixed.StatusCode), ContentType: optional(fixed.ContentType), MessageBody: optional(fixed.MessageBody),
		}
	}
	if r := a.Redirect; r != nil {
		out.RedirectConfig = &api.RedirectActionConfig{
			Protocol: &r.Protocol, Host: &r.Host, Port: &r.Port, Path: &r.Path, Query: &r.Query,
			StatusCode: api.RedirectActionStatusCodeEnum("HTTP_" + strconv.Itoa(r.StatusCode)),
		}
	}
	return out
}
