package authorizer

import (
	"context"
	"errors"
	"strings"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// Form is what an authorizer function is sent and what it must answer.
type Form uint8

// The forms.
const (
	// FormToken is TOKEN of REST APIs: a token in, a policy out.
	FormToken Form = iota
	// FormRequest is REQUEST of REST APIs: the request in, a policy out.
	FormRequest
	// FormRequest1 is payload format 1.0 of HTTP APIs, and FormRequest2 format 2.0.
	FormRequest1
	FormRequest2
)

// Function is an authorizer that is a Lambda function, compiled. It is immutable.
type Function struct {
	AuthorizerId string
	Form         Form
	// Simple says that the answer is {"isAuthorized": …} and not a policy.
	Simple bool
	// FunctionArn is the function; empty while stage variables are to be put in, see Call.
	FunctionArn string
	// Credentials is the role to call with; empty calls as API Gateway itself.
	Credentials string
	// Sources are where the identity stands in a request.
	Sources []IdentitySource
	// NeedsIdentity says that a request without the whole identity is refused without a
	// call; otherwise the function is asked.
	NeedsIdentity bool
	// Validation must match the whole of a TOKEN's token; nil matches all.
	Validation Matcher
	// Ttl is how long a grant is good for the same identity; 0 asks every time.
	Ttl     time.Duration
	Timeout time.Duration
}

// Matcher is a compiled IdentityValidationExpression; *plan.Pattern is one.
type Matcher interface {
	Match(text string) (bool, error)
	Text() string
}

// Call is a request, as far as an authorizer function sees it.
type Call struct {
	// Scope is the stage's, see Scope; AccountId is the API's.
	Scope, AccountId string
	// SourceArn is what the function's policy is checked against: …/authorizers/{id}.
	SourceArn string
	// FunctionArn is used where the Function has none.
	FunctionArn string
	// Identity are the values of the Sources, in order; Missing names those without.
	Identity []string
	Missing  []string
	// Event makes what the function is sent. It is called when the cache does not answer.
	Event   func() []byte
	TraceId string
	// Answered is told what the function answered, for logs; nil tells nobody.
	Answered func(payload []byte)
}

// Functions asks authorizer functions.
type Functions struct {
	Invoker integration.Invoker // nil refuses
	Cache   *Cache
}

// Authorize asks a function, or the cache, about a call. The fault is one of
// IdentityMissing, TokenRefused, AuthorizerOutputInvalid, AuthorizerFailed,
// AuthorizerUnreachable and, for simple responses alone, AuthorizerDenied.
func (f *Functions) Authorize(ctx context.Context, settings *Function, call *Call) (*Grant, *fault.Fault) {
	if refused := settings.checkIdentity(call); refused != nil {
		return nil, refused
	}
	functionArn := settings.FunctionArn
	if functionArn == "" {
		functionArn = call.FunctionArn
	}
	cacheable := settings.Ttl > 0 && len(settings.Sources) > 0 && len(call.Missing) == 0
	var key cacheKey
	if cacheable {
		key = f.Cache.key(call.Scope, append([]string{settings.AuthorizerId, functionArn}, call.Identity...)...)
		if grant, ok := f.Cache.get(key); ok {
			return granted(settings, grant)
		}
	}
	grant, refused := f.invoke(ctx, settings, call, functionArn)
	if refused != nil {
		return nil, refused
	}
	if cacheable {
		f.Cache.put(key, grant, settings.Ttl)
	}
	return granted(settings, grant)
}

// granted refuses what a simple response denied. A denial is cached as a grant is.
func granted(settings *Function, grant *Grant) (*Grant, *fault.Fault) {
	if settings.Simple && grant.PrincipalId == simpleDenied {
		f := fault.New(fault.AuthorizerDenied)
		f.Checked, f.Found, f.Wanted = "the answer of authorizer "+settings.AuthorizerId, "isAuthorized false", "isAuthorized true"
		return nil, f
	}
	return grant, nil
}

// checkIdentity refuses a request without the identity, before anybody is called.
func (s *Function) checkIdentity(call *Call) *fault.Fault {
	if len(call.Missing) > 0 && s.NeedsIdentity {
		f := fault.New(fault.IdentityMissing)
		f.Checked = "the identity sources of authorizer " + s.AuthorizerId
		f.Found = "absent: " + strings.Join(call.Missing, ", ")
		f.Wanted = "a value for each; the authorizer was not called"
		return f
	}
	if s.Validation == nil || len(call.Identity) == 0 {
		return nil
	}
	matched, err := s.Validation.Match(call.Identity[0])
	if err == nil && matched {
		return nil
	}
	f := fault.New(fault.IdentityMissing)
	f.Checked, f.Cause = "the token against identityValidationExpression "+s.Validation.Text(), err
	f.Found, f.Wanted = "a token that does not match", "a match of the whole token; the authorizer was not called"
	return f
}

func (f *Functions) invoke(ctx context.Context, settings *Function, call *Call, functionArn string) (*Grant, *fault.Fault) {
	invocation := &integration.Invocation{
		FunctionArn: functionArn, Payload: call.Event(), SourceArn: call.SourceArn, SourceAccount: call.AccountId,
		Credentials: settings.Credentials, TraceId: call.TraceId, Timeout: settings.Timeout,
	}
	if f.Invoker == nil || functionArn == "" {
		return nil, unreachable(settings, invocation, integration.ErrFunctionNotFound)
	}
	ctx, cancel := context.WithTimeout(ctx, settings.Timeout)
	defer cancel()
	result, err := f.Invoker.Invoke(ctx, invocation)
	if err != nil {
		return nil, unreachable(settings, invocation, err)
	}
	if call.Answered != nil {
		call.Answered(result.Payload)
	}
	if result.FunctionError != "" {
		return nil, functionFailed(settings, result.Payload)
	}
	grant, err := readAnswer(settings, result.Payload)
	if err != nil {
		return nil, outputInvalid(settings, err)
	}
	grant.Latency, grant.RequestId = result.Latency, result.RequestId
	return grant, nil
}

func unreachable(settings *Function, invocation *integration.Invocation, err error) *fault.Fault {
	id := fault.AuthorizerUnreachable
	if errors.Is(err, integration.ErrInvokeTimeout) || errors.Is(err, context.DeadlineExceeded) {
		id = fault.AuthorizerFailed
	}
	f := fault.New(id)
	var denied *integration.InvokeDenied
	if errors.As(err, &denied) {
		if invocation.CrossesAccounts() {
			f = fault.New(fault.AuthorizerCrossAccount)
		}
		f.Nearest = denied.Nearest
		f.Wanted = "a statement that allows lambda:InvokeFunction to apigateway.amazonaws.com for SourceArn " + invocation.SourceArn
		f.Fix = "aws lambda add-permission --function-name " + invocation.FunctionArn +
			" --statement-id apigateway-authorizer --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn " + invocation.SourceArn
	}
	f.Checked, f.Found, f.Cause = "invoking "+invocation.FunctionArn+" for authorizer "+settings.AuthorizerId, err.Error(), err
	return f
}

// refusal is what a function throws to answer 401; any other error is a 500 (seen on AWS).
const refusal = "Unauthorized"

func functionFailed(settings *Function, payload []byte) *fault.Fault {
	message := errorMessageOf(payload)
	id := fault.AuthorizerFailed
	if message == refusal {
		id = fault.TokenRefused
	}
	f := fault.New(id)
	f.Checked, f.Found = "the answer of authorizer "+settings.AuthorizerId, "the function threw: "+message
	if id == fault.AuthorizerFailed {
		f.Wanted = "a policy, or an error whose text is exactly " + refusal
	}
	return f
}

func outputInvalid(settings *Function, err error) *fault.Fault {
	f := fault.New(fault.AuthorizerOutputInvalid)
	f.Checked, f.Found, f.Cause = "the answer of authorizer "+settings.AuthorizerId, err.Error(), err
	f.Wanted = "principalId and policyDocument; context, if there is one, of strings, numbers and booleans"
	switch {
	case settings.Simple:
		f.Wanted = "isAuthorized, true or false"
	case settings.Form == FormRequest2:
		f.Wanted = "a policyDocument (enableSimpleResponses is off)"
	}
	return f
}
