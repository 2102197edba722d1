package restapi

import (
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/tracing"
)

// authorizeFunction asks the method's Lambda authorizer, or the cache, and lets the
// policy it returned and the API's own decide over this method (guide:
// apigateway-authorization-flow.md; what is cached is the policy).
func authorizeFunction(e *exchange) *fault.Fault {
	settings := e.method.Function
	if e.pipeline.Authorizers == nil {
		f := fault.New(fault.AuthorizerUnreachable)
		f.Found = "a server without authorizers"
		return f
	}
	call := e.authorizerCall(settings)
	e.noteAuthorizer(settings, call)
	began := e.pipeline.Now()
	grant, f := e.pipeline.Authorizers.Authorize(e.in.HTTP.Context(), settings, call)
	if e.authorizing.ran(e, began, f) != nil {
		return f
	}
	e.grant = grant
	e.authorizerContext = append(grant.ContextStrings(),
		integration.Field{Name: "principalId", Value: grant.PrincipalId},
		integration.Field{Name: integrationLatencyKey, Value: strconv.FormatInt(grant.Latency.Milliseconds(), 10)})
	e.record.Note(record.Principal, grant.PrincipalId)
	if e.record.Verbose() {
		e.record.Note(record.AuthorizerPolicy, record.Mask(grant.PrincipalId))
	}
	f = e.decideInvoke(&iam.InvokePolicies{
		Authorization: iam.AuthorizationLambda, Api: e.stage.Api.Policy, Private: e.stage.Api.Private, Authorizer: grant.Policy,
		AuthorizerAccount: e.authorizerAccount(settings),
	}, nil)
	if f != nil && grant.Cached && f.Id() == fault.AuthorizerDenied {
		return cachedDenied(f, grant)
	}
	if f != nil && grant.Cached && f.Nearest == "" {
		f.Nearest = cachedText(grant)
	}
	return f
}

// cachedText says that nobody asked the authorizer's function.
func cachedText(grant *authorizer.Grant) string {
	return "the authorizer was not called: its policy is cached for " + grant.Age.Round(time.Millisecond).String()
}

// authorizerAccount is the account of the authorizer's function, where it counts: a
// resource policy must allow as well then. An API without one needs none (guide:
// apigateway-lambda-authorizer-cross-account-lambda-authorizer.md makes none).
func (e *exchange) authorizerAccount(settings *authorizer.Function) string {
	if e.stage.Api.Policy == nil {
		return ""
	}
	return accountOf(settings.FunctionArn)
}

// integrationLatencyKey is a number in requestContext.authorizer, beside the strings
// (public reports).
const integrationLatencyKey = "integrationLatency"

// cachedDenied tells the usual trap apart: a policy that was made for another method.
func cachedDenied(denied *fault.Fault, grant *authorizer.Grant) *fault.Fault {
	f := fault.New(fault.CachedPolicyDenied)
	f.Message, f.Checked, f.Found = denied.Message, denied.Checked, denied.Found
	f.Nearest = cachedText(grant)
	f.Fix = "return a policy for all methods that the client may call, or set authorizerResultTtlInSeconds to 0"
	return f
}

// authorizerCall is the request as the authorizer sees it.
func (e *exchange) authorizerCall(settings *authorizer.Function) *authorizer.Call {
	call := &authorizer.Call{
		Scope:     authorizer.Scope(e.stage.AccountId, e.stage.Region, e.stage.ApiId, e.stage.StageName),
		AccountId: e.stage.AccountId, TraceId: e.in.TraceIdFor(tracing.StepAuthorize),
		SourceArn: "arn:aws:execute-api:" + e.stage.Region + ":" + e.stage.AccountId + ":" + e.stage.ApiId + "/authorizers/" + settings.AuthorizerId,
	}
	if settings.FunctionArn == "" {
		call.FunctionArn, _ = plan.FunctionArnOf(e.method.FunctionUri.Fill(noPathParameter, e.stage.Variables))
	}
	for _, source := range settings.Sources {
		value, ok := e.identity(source)
		if !ok || value == "" {
			call.Missing = append(call.Missing, source.Text)
		}
		call.Identity = append(call.Identity, value)
	}
	call.Event = func() []byte {
		if settings.Form == authorizer.FormToken {
			return integration.AppendTokenEvent(nil, e.methodArn(), call.Identity[0])
		}
		event := e.proxyEvent()
		return event.AppendRequestEvent(make([]byte, 0, eventRoom), e.methodArn())
	}
	return call
}

// identity evaluates one identity source. Header names have no case here, unlike in
// mappings: clients of HTTP/2 send them in lower case (unconfirmed).
func (e *exchange) identity(source authorizer.IdentitySource) (string, bool) {
	switch source.Location {
	case authorizer.LocationHeader:
		return lastWithoutCase(e.in.Headers, source.Name)
	case authorizer.LocationQueryString:
		return inbound.Last(e.in.Query, source.Name)
	case authorizer.LocationStageVariables:
		return inbound.Last(e.stage.VariableFields, source.Name)
	default:
		return e.contextVariable(source.Name)
	}
}

func lastWithoutCase(fields []integration.Field, name string) (string, bool) {
	for i := len(fields) - 1; i >= 0; i-- {
		if strings.EqualFold(fields[i].Name, name) {
			return fields[i].Value, true
		}
	}
	return "", false
}

// authorizeUserPool checks the client's token of a user pool, then the API's policy.
func authorizeUserPool(e *exchange) *fault.Fault {
	if e.pipeline.Tokens == nil {
		f := fault.New(fault.AuthorizerUnreachable)
		f.Found = "a server that checks no tokens"
		return f
	}
	token, _ := e.identity(e.method.UserPools.Source)
	began := e.pipeline.Now()
	grant, f := e.pipeline.Tokens.AuthorizeUserPool(e.in.HTTP.Context(), e.method.UserPools, token, authorizer.UserPoolCall{
		Scopes: e.method.AuthorizationScopes, Issuer: e.pipeline.UserPoolIssuer,
	})
	if e.authorizing.ran(e, began, f) != nil {
		return f
	}
	e.grant = grant
	for _, claim := range grant.Claims {
		e.authorizerContext = append(e.authorizerContext, integration.Field{Name: claimsPrefix + claim.Name, Value: claim.Value})
	}
	if subject, ok := grant.Claim("sub"); ok {
		e.record.Note(record.Principal, subject)
	}
	return e.decideInvoke(&iam.InvokePolicies{Authorization: iam.AuthorizationCognito, Api: e.stage.Api.Policy, Private: e.stage.Api.Private}, nil)
}

// AskAuthorizer takes a request to the authorizer of its method and no further: no policy
// decides. It serves tests of authorizers.
func (p *Pipeline) AskAuthorizer(stage *plan.RestStage, in *inbound.Request) (*authorizer.Grant, *fault.Fault) {
	e := p.newExchange(stage, in)
	defer p.release(e)
	if f := findMethod(e); f != nil {
		return nil, f
	}
	if pools := e.method.UserPools; pools != nil {
		token, _ := e.identity(pools.Source)
		return p.Tokens.AuthorizeUserPool(in.HTTP.Context(), pools, token, authorizer.UserPoolCall{Scopes: e.method.AuthorizationScopes, Issuer: p.UserPoolIssuer})
	}
	return p.Authorizers.Authorize(in.HTTP.Context(), e.method.Function, e.authorizerCall(e.method.Function))
}
