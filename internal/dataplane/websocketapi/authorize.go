package websocketapi

import (
	"errors"
	"strconv"
	"strings"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/tracing"
)

// executeApi is the service that requests to APIs are signed for.
const executeApi = "execute-api"

// authorize lets $connect's authorization decide over the client. What it said of the
// client stays with the connection.
func authorize(e *exchange) *fault.Fault {
	if e.eventType != eventConnect {
		return nil
	}
	switch e.route.AuthorizationType {
	case plan.AuthorizationNone:
		return nil
	case plan.AuthorizationIam:
		return authorizeIam(e)
	case plan.AuthorizationCustom:
		return authorizeFunction(e)
	}
	f := fault.New(fault.MethodNotServed)
	f.Found = "authorization of type " + e.route.AuthorizationType
	return f
}

// authorizeIam authenticates the signer and lets its policies decide.
func authorizeIam(e *exchange) *fault.Fault {
	if e.pipeline.Authenticator == nil {
		f := fault.New(fault.AccessKeyUnknown)
		f.Found = "a server that knows no access keys"
		return f
	}
	began := e.pipeline.Now()
	request := sigv4.FromHTTP(e.in.HTTP, e.in.SentBody)
	key, err := e.pipeline.Authenticator.Authenticate(e.in.HTTP.Context(), &request, sigv4.Scope{Region: e.stage.Region, Service: executeApi})
	if err != nil {
		return e.authentication.ran(e, began, signatureFault(err))
	}
	_ = e.authentication.ran(e, began, nil)
	e.identity = &identity{principal: key.Principal, accessKey: key.ID}
	e.record.Note(record.Principal, key.Principal.ARN)
	began = e.pipeline.Now()
	f := e.decideInvoke(&iam.InvokePolicies{Authorization: iam.AuthorizationIAM, Principal: key.Policies}, key.Principal, fault.IamDenied)
	return e.authorization.ran(e, began, f)
}

// signatureIds says which fault a signature that was not accepted is.
var signatureIds = map[sigv4.Kind]fault.Id{
	sigv4.MissingAuthenticationToken: fault.SignatureMissing,
	sigv4.IncompleteSignature:        fault.SignatureIncomplete,
	sigv4.InvalidSignature:           fault.SignatureMismatch,
	sigv4.UnrecognizedClient:         fault.AccessKeyUnknown,
	sigv4.ExpiredToken:               fault.SignatureExpired,
}

func signatureFault(err error) *fault.Fault {
	id := fault.AccessKeyUnknown
	var refused *sigv4.Error
	if errors.As(err, &refused) {
		if known, ok := signatureIds[refused.Kind]; ok {
			id = known
		}
	}
	f := fault.New(id)
	f.Checked, f.Cause = "the handshake's Signature Version 4", err
	if refused != nil {
		f.Message, f.Found = refused.Answer(sigv4.ExecuteAPI).Message, refused.Explanation.String()
	}
	return f
}

// authorizeFunction asks a Lambda authorizer and lets the policy it returned decide.
func authorizeFunction(e *exchange) *fault.Fault {
	settings := e.route.Authorizer
	if e.pipeline.Authorizers == nil {
		f := fault.New(fault.AuthorizerUnreachable)
		f.Found = "a server without authorizers"
		return f
	}
	call := &authorizer.Call{
		Scope:     authorizer.Scope(e.stage.AccountId, e.stage.Region, e.stage.ApiId, e.stage.StageName),
		AccountId: e.stage.AccountId, TraceId: e.in.TraceIdFor(tracing.StepAuthorize), SourceArn: e.apiArn() + "/authorizers/" + settings.AuthorizerId,
	}
	if e.route.AuthorizerUri != nil {
		call.FunctionArn, _ = integration.FunctionArnOf(e.route.AuthorizerUri.Fill(noPathParameter, e.stage.Variables))
	}
	for _, source := range settings.Sources {
		value, ok := e.identityOf(source)
		if !ok || value == "" {
			call.Missing = append(call.Missing, source.Text)
		}
		call.Identity = append(call.Identity, value)
	}
	call.Event = e.authorizerEvent
	began := e.pipeline.Now()
	grant, f := e.pipeline.Authorizers.Authorize(e.in.HTTP.Context(), settings, call)
	if e.authorizing.ran(e, began, f) != nil {
		return f
	}
	e.identity = &identity{grant: grant}
	e.record.Note(record.Principal, grant.PrincipalId)
	id := fault.AuthorizerDenied
	if grant.Cached {
		id = fault.CachedPolicyDenied
	}
	began = e.pipeline.Now()
	return e.authorization.ran(e, began, e.decideInvoke(&iam.InvokePolicies{Authorization: iam.AuthorizationLambda, Authorizer: grant.Policy}, nil, id))
}

// identityOf evaluates one identity source.
func (e *exchange) identityOf(source authorizer.IdentitySource) (string, bool) {
	switch source.Location {
	case authorizer.LocationHeader:
		return lastOf(e.in.Headers, source.Name)
	case authorizer.LocationQueryString:
		return inbound.Last(e.in.Query, source.Name)
	case authorizer.LocationStageVariables:
		return inbound.Last(e.stage.VariableFields, source.Name)
	default:
		return e.contextVariable(source.Name)
	}
}

// lastOf returns the last value of a header, compared without case.
func lastOf(fields []integration.Field, name string) (string, bool) {
	for i := len(fields) - 1; i >= 0; i-- {
		if equalNames(fields[i].Name, name) {
			return fields[i].Value, true
		}
	}
	return "", false
}

// decideInvoke lets the policies decide; a denial is a fault of that id.
func (e *exchange) decideInvoke(policies *iam.InvokePolicies, principal *iam.Principal, id fault.Id) *fault.Fault {
	request := &iam.Request{
		Principal: principal, Action: iam.ActionInvoke, Resource: e.routeArn(), ResourceAccount: e.stage.AccountId, Time: e.received,
		Context: iam.Context{
			{Key: "aws:SourceIp", Value: e.in.SourceIp},
			{Key: "aws:SecureTransport", Value: strconv.FormatBool(e.in.HTTP.TLS != nil)},
			{Key: "aws:UserAgent", Value: e.in.HTTP.UserAgent()},
		},
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
	f.Message = iam.InvokeDeniedMessage(request, decision)
	f.Checked = request.Action + " on " + request.Resource + " from " + e.in.SourceIp
	f.Found = iam.ExplainInvoke(request, policies, decision).String()
	return f
}

// authorizerEvent is what the authorizer function is sent. Its headers are those of the
// handshake, what every hop drops included.
func (e *exchange) authorizerEvent() []byte {
	event := e.event()
	event.Headers = append([]integration.Field{{Name: "Connection", Value: "upgrade"}, {Name: "content-length", Value: "0"}}, event.Headers...)
	event.Headers = append(event.Headers, integration.Field{Name: "Upgrade", Value: "websocket"})
	return event.AppendAuthorizerEvent(nil, e.routeArn())
}

func equalNames(a, b string) bool { return strings.EqualFold(a, b) }
