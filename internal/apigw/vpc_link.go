package apigw

// VpcLink lets integrations of REST APIs reach network load balancers (version 1).
type VpcLink struct {
	Id            string
	Name          string
	Description   string
	TargetArns    []string
	Status        string // PENDING, AVAILABLE, DELETING or FAILED
	StatusMessage string
	Tags          map[string]string
}

// VpcLinkArn is the control plane's ARN of a VpcLink.
func (s Scope) VpcLinkArn(vpcLinkId string) string {
	return "arn:aws:apigateway:" + s.Region + "::/vpclinks/" + vpcLinkId
}
