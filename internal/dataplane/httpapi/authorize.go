package httpapi

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/plan"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/tracing"
)

// executeApi is the service that requests to APIs are signed for.
const executeApi = "execute-api"

// authorize lets the route's authorization decide.
func authorize(e *exchange) *fault.Fault {
	if e.route == nil {
		return nil
	}
	var f *fault.Fault
	switch e.route.AuthorizationType {
	case plan.AuthorizationNone:
		return nil
	case plan.AuthorizationIam:
		f = authorizeIam(e)
	case plan.AuthorizationJwt:
		f = authorizeJwt(e)
	case plan.AuthorizationCustom:
		f = authorizeFunction(e)
	default:
		f = fault.New(fault.MethodNotServed)
		f.Found = "authorization of type " + e.route.AuthorizationType
	}
	if f != nil {
		e.authError = authorizerError(f)
	}
	return f
}

// authorizerError is $context.authorizer.error.
func authorizerError(f *fault.Fault) string {
	var token *authorizer.TokenError
	if errors.As(f, &token) {
		return token.Error()
	}
	return f.Found
}

func authorizeJwt(e *exchange) *fault.Fault {
	token, _ := e.identity(e.route.Jwt.Source)
	var f *fault.Fault
	e.grant, f = e.pipeline.Tokens.Authorize(e.in.HTTP.Context(), e.route.Jwt, token, e.route.AuthorizationScopes)
	return f
}

// identity evaluates one identity source.
func (e *exchange) identity(source authorizer.IdentitySource) (string, bool) {
	switch source.Location {
	case authorizer.LocationHeader:
		return e.header(strings.ToLower(source.Name))
	case authorizer.LocationQueryString:
		return joined(e.in.Query, source.Name)
	case authorizer.LocationStageVariables:
		return inbound.Last(e.stage.VariableFields, source.Name)
	default:
		return e.contextVariable(source.Name)
	}
}

// authorizeFunction asks a Lambda authorizer and lets the policy it returned decide.
func authorizeFunction(e *exchange) *fault.Fault {
	settings := e.route.Function
	call := &authorizer.Call{
		Scope: e.stage.AuthorizerScope, AccountId: e.stage.AccountId, TraceId: e.in.TraceIdFor(tracing.StepAuthorize),
		SourceArn: e.apiArn() + "/authorizers/" + settings.AuthorizerId,
	}
	if settings.FunctionArn == "" {
		call.FunctionArn = e.functionArn(e.route.FunctionUri)
	}
	for _, source := range settings.Sources {
		value, ok := e.identity(source)
		if !ok || value == "" {
			call.Missing = append(call.Missing, source.Text)
		}
		call.Identity = append(call.Identity, value)
	}
	call.Event = func() []byte { return e.authorizerEvent(call.Identity) }
	grant, f := e.pipeline.Authorizers.Authorize(e.in.HTTP.Context(), settings, call)
	if f != nil {
		return f
	}
	e.grant = grant
	e.record.Note(record.Principal, grant.PrincipalId)
	if settings.Simple {
		return nil
	}
	return decideByPolicy(e, grant)
}

func decideByPolicy(e *exchange, grant *authorizer.Grant) *fault.Fault {
	id := fault.AuthorizerDenied
	if grant.Cached {
		id = fault.CachedPolicyDenied
	}
	return e.decideInvoke(&iam.InvokePolicies{Authorization: iam.AuthorizationLambda, Authorizer: grant.Policy}, nil, id)
}

// decideInvoke lets the policies decide; a denial is a fault of that id.
func (e *exchange) decideInvoke(policies *iam.InvokePolicies, principal *iam.Principal, id fault.Id) *fault.Fault {
	request := &iam.Request{
		Principal: principal, Action: iam.ActionInvoke, Resource: e.routeArn(), ResourceAccount: e.stage.AccountId,
		Context: e.policyContext(), Time: e.in.Received,
	}
	decision := iam.EvaluateInvoke(request, policies)
	if e.record.Enabled() {
		e.record.Note(record.PolicyDecision, iam.ExplainInvoke(request, policies, decision).String())
	}
	if decision.Allowed() {
		return nil
	}
	if id == fault.AuthorizerDenied && decision.Outcome == iam.ExplicitDeny {
		id = fault.AuthorizerDeniedExplicitly
	}
	f := fault.New(id)
	f.Checked = request.Action + " on " + request.Resource + " from " + e.in.SourceIp
	f.Found = iam.ExplainInvoke(request, policies, decision).String()
	if e.grant != nil && e.grant.Cached {
		f.Nearest = "a policy that is cached for " + e.grant.Age.Round(time.Millisecond).String()
	}
	return f
}

func (e *exchange) policyContext() iam.Context {
	return iam.Context{
		{Key: "aws:SourceIp", Value: e.in.SourceIp},
		{Key: "aws:SecureTransport", Value: strconv.FormatBool(e.in.HTTP.TLS != nil)},
		{Key: "aws:UserAgent", Value: e.in.HTTP.UserAgent()},
	}
}

// authorizeIam authenticates the signer and lets its policies decide.
func authorizeIam(e *exchange) *fault.Fault {
	if e.pipeline.Authenticator == nil {
		f := fault.New(fault.AccessKeyUnknown)
		f.Found = "a server that knows no access keys"
		return f
	}
	request := sigv4.FromHTTP(e.in.HTTP, e.in.SentBody)
	key, err := e.pipeline.Authenticator.Authenticate(e.in.HTTP.Context(), &request, sigv4.Scope{Region: e.stage.Region, Service: executeApi})
	if err != nil {
		return signatureFault(err)
	}
	e.signer = key
	e.record.Note(record.Principal, key.Principal.ARN)
	return e.decideInvoke(&iam.InvokePolicies{Authorization: iam.AuthorizationIAM, Principal: key.Policies}, key.Principal, fault.IamDenied)
}

func signatureFault(err error) *fault.Fault {
	id := fault.AccessKeyUnknown
	var refused *sigv4.Error
	found := ""
	if errors.As(err, &refused) {
		found = refused.Explanation.String()
		if known, ok := signatureIds[refused.Kind]; ok {
			id = known
		}
	}
	f := fault.New(id)
	f.Checked, f.Found, f.Cause = "the request's Signature Version 4", found, err
	return f
}

// signatureIds says which fault a signature that was not accepted is.
var signatureIds = map[sigv4.Kind]fault.Id{
	sigv4.MissingAuthenticationToken: fault.SignatureMissing,
	sigv4.IncompleteSignature:        fault.SignatureIncomplete,
	sigv4.InvalidSignature:           fault.SignatureMismatch,
	sigv4.ExpiredToken:               fault.SignatureExpired,
}
