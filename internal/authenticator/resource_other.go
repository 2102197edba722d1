package authenticator

import "strings"

// logs: …:log-group:NAME:log-stream:STREAM, where the stream is empty for what is about
// the whole group, as AWS's own messages have it.
func (r *resourceReader) logs() []access {
	if arn := r.input.text("ResourceArn"); arn != "" {
		return r.on(arn)
	}
	groups := r.input.texts("LogGroupIdentifiers")
	for _, member := range []string{"LogGroupName", "LogGroupIdentifier"} {
		if group := r.input.text(member); group != "" {
			groups = append(groups, group)
		}
	}
	if len(groups) == 0 {
		groups = []string{""}
	}
	stream := ":log-stream:" + r.input.text("LogStreamName")
	for i, group := range groups {
		if groups[i] = strings.TrimSuffix(group, ":*") + stream; !strings.HasPrefix(group, "arn:") {
			groups[i] = r.arn("logs", "log-group:"+groups[i])
		}
	}
	return r.on(groups...)
}

// loadBalancerMembers are the members that name what an operation is about.
var loadBalancerMembers = []string{"LoadBalancerArn", "ListenerArn", "RuleArn", "TargetGroupArn"}

// loadBalancing: ARNs where the input has them. Describing takes a permission on "*".
func (r *resourceReader) loadBalancing() []access {
	switch name := r.call.Operation.Name; {
	case strings.HasPrefix(name, "Describe"):
		return append([]access{r.any("*")}, r.elsewhere()...)
	case name == "CreateLoadBalancer":
		kind := "app"
		if r.input.text("Type") == "network" {
			kind = "net"
		}
		return r.on(r.arn("elasticloadbalancing", "loadbalancer/"+kind+"/"+r.input.text("Name")+"/*"))
	case name == "CreateTargetGroup":
		return r.on(r.arn("elasticloadbalancing", "targetgroup/"+r.input.text("Name")+"/*"))
	case name == "SetRulePriorities":
		var arns []string
		for _, pair := range r.input.items("RulePriorities") {
			arns = append(arns, pair.text("RuleArn"))
		}
		if len(arns) > 0 {
			return r.on(arns...)
		}
	}
	if arns := r.loadBalancerArns(); len(arns) > 0 {
		return r.on(arns...)
	}
	return []access{r.any("*")}
}

func (r *resourceReader) loadBalancerArns() []string {
	arns := r.input.texts("ResourceArns")
	for _, member := range loadBalancerMembers {
		if arn := r.input.text(member); arn != "" {
			arns = append(arns, arn)
		}
		arns = append(arns, r.input.texts(member+"s")...)
	}
	return arns
}

// elsewhere are the ARNs in the input that belong to other accounts, which a
// permission on everything does not reach.
func (r *resourceReader) elsewhere() []access {
	var others []string
	for _, arn := range r.loadBalancerArns() {
		if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && parts[4] != r.who.Account {
			others = append(others, arn)
		}
	}
	return r.on(others...)
}

// cloudFormation: arn:…:stack/NAME/*, or the ARN that was given in place of a name.
func (r *resourceReader) cloudFormation() []access {
	passed := r.passedRoles("cloudformation.amazonaws.com")
	var needed []access
	for _, name := range []string{r.input.text("StackName"), r.input.text("ChangeSetName")} {
		switch {
		case strings.HasPrefix(name, "arn:"):
			needed = append(needed, r.on(name)...)
		case name != "" && len(needed) == 0: // a change set that has a name alone is of the stack
			needed = r.on(r.arn("cloudformation", "stack/"+name+"/*"))
		}
	}
	if len(needed) == 0 {
		needed = []access{r.any("*")}
	}
	return append(needed, passed...)
}
