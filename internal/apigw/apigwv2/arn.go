package apigwv2

// DomainNameArn is the control plane's ARN of a DomainName.
func DomainNameArn(region, domainName string) string {
	return arn(region, "/domainnames/"+domainName)
}

// RoutingRuleArn is the control plane's ARN of a RoutingRule.
func RoutingRuleArn(region, domainName, routingRuleId string) string {
	return DomainNameArn(region, domainName) + "/routingrules/" + routingRuleId
}

func arn(region, path string) string { return "arn:aws:apigateway:" + region + "::" + path }
