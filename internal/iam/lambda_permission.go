package iam

// ActionInvokeFunction is calling a Lambda function.
const ActionInvokeFunction = "lambda:InvokeFunction"

// ApiGatewayService is the principal under which API Gateway calls functions.
const ApiGatewayService = "apigateway.amazonaws.com"

var apiGateway = ServicePrincipal(ApiGatewayService)

// FunctionCall is a call of a Lambda function by API Gateway.
type FunctionCall struct {
	// FunctionARN is the function as called, with the qualifier if there is one. Each alias and version has its
	// own policy; the caller of this package picks it.
	FunctionARN string
	// SourceARN is the method or the authorizer: see ApiARN.Method and ApiARN.Authorizer. The condition keys
	// AWS:SourceArn and AWS:SourceAccount come from it.
	SourceARN string
}

// Request returns the request that the function's policy is asked: the service principal with its source.
func (c FunctionCall) Request() *Request {
	return &Request{
		Principal: apiGateway,
		Action:    ActionInvokeFunction,
		Resource:  c.FunctionARN,
		Context: Context{
			{Key: "aws:SourceArn", Value: c.SourceARN},
			{Key: "aws:SourceAccount", Value: arnAccount(c.SourceARN)},
		},
	}
}

// EvaluateFunctionCall decides whether a function's policy (nil for none) lets API Gateway call it.
func EvaluateFunctionCall(call FunctionCall, policy *Policy) Decision {
	return Evaluate(call.Request(), &Policies{Resource: policy})
}
