package apigw

// Scope says whose records are meant: everything in Gatehouse belongs to one
// account in one region.
type Scope struct {
	Account string // 12 digits
	Region  string // us-east-1
}

// RestApiArn is the control plane's ARN of a RestApi; AWS leaves its account empty.
func (s Scope) RestApiArn(apiId string) string {
	return "arn:aws:apigateway:" + s.Region + "::/restapis/" + apiId
}

// ExecuteApiArn is the ARN that a request to an API is authorized against:
// path begins without a slash, "pets/1".
func (s Scope) ExecuteApiArn(apiId, stageName, httpMethod, path string) string {
	return "arn:aws:execute-api:" + s.Region + ":" + s.Account + ":" + apiId + "/" + stageName + "/" + httpMethod + "/" + path
}

// ApiKeyArn is the control plane's ARN of an ApiKey.
func (s Scope) ApiKeyArn(id string) string {
	return "arn:aws:apigateway:" + s.Region + "::/apikeys/" + id
}

// UsagePlanArn is the control plane's ARN of a UsagePlan.
func (s Scope) UsagePlanArn(id string) string {
	return "arn:aws:apigateway:" + s.Region + "::/usageplans/" + id
}
