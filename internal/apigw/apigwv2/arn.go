package apigwv2

// ApiArn is the control plane's ARN of an Api; AWS leaves its account empty.
func ApiArn(region, apiId string) string { return arn(region, "/apis/"+apiId) }

// StageArn is the control plane's ARN of an Api's Stage.
func StageArn(region, apiId, stageName string) string {
	return ApiArn(region, apiId) + "/stages/" + stageName
}

// VpcLinkArn is the control plane's ARN of a VpcLink.
func VpcLinkArn(region, vpcLinkId string) string { return arn(region, "/vpclinks/"+vpcLinkId) }

// DomainNameArn is the control plane's ARN of a DomainName.
func DomainNameArn(region, domainName string) string {
	return arn(region, "/domainnames/"+domainName)
}

// RoutingRuleArn is the control plane's ARN of a RoutingRule.
func RoutingRuleArn(region, domainName, routingRuleId string) string {
	return DomainNameArn(region, domainName) + "/routingrules/" + routingRuleId
}

func arn(region, path string) string { return "arn:aws:apigateway:" + region + "::" + path }
