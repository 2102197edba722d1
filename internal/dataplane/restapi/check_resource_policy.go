package restapi

import (
	"strconv"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/plan"
)

// checkResourcePolicy decides by the API's resource policy alone, as far as that is
// possible before anyone is authenticated: wholly where the method asks for no
// authorization, explicit denies where a Lambda authorizer comes after it (guide:
// apigateway-authorization-flow.md). For AWS_IAM and Cognito, authorize decides.
func checkResourcePolicy(e *exchange) *fault.Fault {
	api := e.stage.Api
	if api.Policy == nil && !api.Private && e.method.AuthorizationType == plan.AuthorizationNone {
		return nil
	}
	if f := checkMethodArnLength(e); f != nil {
		return f
	}
	switch e.method.AuthorizationType {
	case plan.AuthorizationNone:
		return e.decideInvoke(&iam.InvokePolicies{Authorization: iam.AuthorizationNone, Api: api.Policy, Private: api.Private}, nil)
	case plan.AuthorizationCustom:
		if api.Policy == nil {
			return nil
		}
		request, began := e.invokeRequest(nil), e.pipeline.Now()
		if decision, denied := iam.DeniedBeforeAuthorizer(request, api.Policy); denied {
			return e.authorization.ran(e, began, e.invokeDenied(request, &iam.InvokePolicies{Authorization: iam.AuthorizationLambda, Api: api.Policy}, decision))
		}
	}
	return nil
}

// checkMethodArnLength refuses what is too long to be authorized (guide: limits.md).
func checkMethodArnLength(e *exchange) *fault.Fault {
	length := len(e.methodArn())
	if length <= apigw.MethodArnSizeLimit {
		return nil
	}
	f := fault.New(fault.MethodArnTooLong)
	f.Found, f.Wanted = strconv.Itoa(length)+" bytes of method ARN", "at most "+strconv.Itoa(apigw.MethodArnSizeLimit)
	return f
}

// methodArn is what the request is authorized against.
func (e *exchange) methodArn() string {
	scope := apigw.Scope{Account: e.stage.AccountId, Region: e.stage.Region}
	return scope.ExecuteApiArn(e.stage.ApiId, e.stage.StageName, e.httpMethod, e.in.Path[1:])
}

// invokeRequest is the request as policies see it; principal is nil for a client that
// did not sign.
func (e *exchange) invokeRequest(principal *iam.Principal) *iam.Request {
	context := iam.Context{{Key: "aws:SecureTransport", Value: strconv.FormatBool(e.in.HTTP.TLS != nil)}}
	if e.in.VpcEndpoint != nil {
		context = append(context, e.in.VpcEndpoint.Context(e.in.SourceIp)...)
	} else {
		context = append(context, iam.ContextKey{Key: "aws:SourceIp", Value: e.in.SourceIp})
	}
	if userAgent := e.in.HTTP.UserAgent(); userAgent != "" {
		context = append(context, iam.ContextKey{Key: "aws:UserAgent", Value: userAgent})
	}
	if referer := e.in.HTTP.Referer(); referer != "" {
		context = append(context, iam.ContextKey{Key: "aws:Referer", Value: referer})
	}
	return &iam.Request{
		Principal: principal, Action: iam.ActionInvoke, Resource: e.methodArn(), ResourceAccount: e.stage.AccountId,
		Context: context, Time: e.in.Received,
	}
}

// decideInvoke lets the policies decide; a denial is a fault.
func (e *exchange) decideInvoke(policies *iam.InvokePolicies, principal *iam.Principal) *fault.Fault {
	request, began := e.invokeRequest(principal), e.pipeline.Now()
	decision := iam.EvaluateInvoke(request, policies)
	if e.record.Enabled() {
		e.record.Note(record.PolicyDecision, iam.ExplainInvoke(request, policies, decision).String())
	}
	if decision.Allowed() {
		return e.authorization.ran(e, began, nil)
	}
	return e.authorization.ran(e, began, e.invokeDenied(request, policies, decision))
}

func (e *exchange) invokeDenied(request *iam.Request, policies *iam.InvokePolicies, decision iam.Decision) *fault.Fault {
	id := fault.ResourcePolicyDenied
	switch {
	case decision.By == iam.Authorizer && decision.Outcome == iam.ExplicitDeny:
		id = fault.AuthorizerDeniedExplicitly
	case decision.By == iam.Authorizer:
		id = fault.AuthorizerDenied
	case decision.By != iam.ResourceBased:
		id = fault.IamDenied
	case decision.Outcome == iam.ExplicitDeny:
		id = fault.ResourcePolicyDeniedExplicitly
	}
	f := fault.New(id)
	f.Message = iam.InvokeDeniedMessage(request, decision)
	f.Checked = request.Action + " on " + request.Resource + " from " + e.in.SourceIp
	if e.in.VpcEndpoint != nil {
		f.Checked += " through " + e.in.VpcEndpoint.VpcEndpointId + " of " + e.in.VpcEndpoint.VpcId
	}
	f.Found = iam.ExplainInvoke(request, policies, decision).String()
	return f
}
