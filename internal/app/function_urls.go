package app

import (
	"context"
	"net/http"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/control/functions"
	"gatehouse/internal/dataplane/functionurl"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/lambda"
	"gatehouse/internal/store"
)

// urlFunctions lets function URLs find and invoke their functions.
type urlFunctions struct {
	functions *functions.Service
	invoker   *functionInvoker
}

// FindUrl implements functionurl.Functions.
func (u urlFunctions) FindUrl(urlId string) (functionurl.Target, bool) {
	found, ok := u.functions.FindFunctionUrl(urlId)
	if !ok {
		return functionurl.Target{}, false
	}
	return functionurl.Target{
		UrlId: urlId, Account: found.Scope.Account, Region: found.Scope.Region, FunctionName: found.FunctionName,
		Qualifier: found.Qualifier, Cors: corsOf(found.Cors),
	}, true
}

// InvokeUrl implements functionurl.Functions. AuthType NONE asks for no signature, but
// the function's policy has to let everybody call its URL.
func (u urlFunctions) InvokeUrl(ctx context.Context, target functionurl.Target, invocation functionurl.Invocation) (*integration.InvocationResult, error) {
	arn := functions.ArnOf(store.Scope{Account: target.Account, Region: target.Region}, target.FunctionName, target.Qualifier)
	if err := u.authorize(arn); err != nil {
		return nil, err
	}
	result, err := u.functions.InvokeFunctionUrl(ctx, functions.FunctionUrlTarget{
		Scope: store.Scope{Account: target.Account, Region: target.Region}, FunctionName: target.FunctionName, Qualifier: target.Qualifier,
	}, lambda.Invocation{Payload: invocation.Payload, TraceID: invocation.TraceId})
	if err != nil {
		return nil, invocationError(err)
	}
	return &integration.InvocationResult{StatusCode: http.StatusOK, Payload: result.Payload, FunctionError: result.FunctionError, RequestId: result.RequestID}, nil
}

func corsOf(shown *api.Cors) *functionurl.Cors {
	if shown == nil {
		return nil
	}
	cors := &functionurl.Cors{
		AllowHeaders: shown.AllowHeaders, AllowMethods: shown.AllowMethods, AllowOrigins: shown.AllowOrigins, ExposeHeaders: shown.ExposeHeaders,
	}
	if shown.AllowCredentials != nil {
		cors.AllowCredentials = *shown.AllowCredentials
	}
	if shown.MaxAge != nil {
		cors.MaxAge = *shown.MaxAge
	}
	return cors
}

// authorize asks the function's policy whether anybody may call its URL.
func (u urlFunctions) authorize(arn string) error {
	document, _ := u.functions.PolicyOf(arn)
	policy, err := u.invoker.compile(document)
	if err != nil {
		return err
	}
	asked := &iam.Request{
		Action: "lambda:InvokeFunctionUrl", Resource: arn, Context: iam.Context{{Key: "lambda:FunctionUrlAuthType", Value: "NONE"}},
	}
	if iam.Evaluate(asked, &iam.Policies{Resource: policy}).Allowed() {
		return nil
	}
	return &integration.InvokeDenied{FunctionArn: arn, Nearest: "no statement lets everybody call lambda:InvokeFunctionUrl"}
}
