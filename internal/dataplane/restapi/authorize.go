package restapi

import (
	"context"
	"errors"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/plan"
	"gatehouse/internal/sigv4"
)

// Authenticator says who signed a request.
type Authenticator interface {
	// Authenticate verifies a signature for the scope and returns whose it is. A refusal
	// is a *sigv4.Error.
	Authenticate(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error)
}

// Principal is who was authorized by AWS_IAM, as $context.identity shows it.
type Principal struct {
	AccountId, AccessKey, Caller, User, UserArn string
}

// executeApi is the service that requests to APIs are signed for.
const executeApi = "execute-api"

// authorize lets the method's authorization decide: here signatures, in authorizer.go
// the authorizers.
func authorize(e *exchange) *fault.Fault {
	switch e.method.AuthorizationType {
	case plan.AuthorizationNone:
		return nil
	case plan.AuthorizationIam:
		return authorizeIam(e)
	case plan.AuthorizationCustom:
		return authorizeFunction(e)
	case plan.AuthorizationCognito:
		return authorizeUserPool(e)
	default:
		f := fault.New(fault.MethodNotServed)
		f.Found = "authorization of type " + e.method.AuthorizationType
		return f
	}
}

// authorizeIam authenticates the signer and lets its policies and the API's decide.
func authorizeIam(e *exchange) *fault.Fault {
	if e.pipeline.Authenticator == nil {
		f := fault.New(fault.AccessKeyUnknown)
		f.Found = "a server that knows no access keys"
		return f
	}
	scope, began := sigv4.Scope{Region: e.stage.Region, Service: executeApi}, e.pipeline.Now()
	request := sigv4.FromHTTP(e.in.HTTP, e.in.SentBody)
	key, err := e.pipeline.Authenticator.Authenticate(e.in.HTTP.Context(), &request, scope)
	if err != nil {
		return e.authentication.ran(e, began, signatureFault(err))
	}
	_ = e.authentication.ran(e, began, nil)
	signer := key.Principal
	e.signer = key
	e.principal = Principal{
		AccountId: signer.Account, AccessKey: key.ID, Caller: signer.UserID, User: signer.UserID, UserArn: signer.ARN,
	}
	e.record.Note(record.Principal, signer.ARN)
	return e.decideInvoke(&iam.InvokePolicies{
		Authorization: iam.AuthorizationIAM, Api: e.stage.Api.Policy, Private: e.stage.Api.Private, Principal: key.Policies,
	}, signer)
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
	var refused *sigv4.Error
	if !errors.As(err, &refused) {
		f := fault.New(fault.AccessKeyUnknown)
		f.Cause = err
		return f
	}
	id, ok := signatureIds[refused.Kind]
	if !ok {
		id = fault.SignatureIncomplete
	}
	f := fault.New(id)
	f.Message = refused.Answer(sigv4.ExecuteAPI).Message
	f.Checked, f.Found, f.Cause = "the request's Signature Version 4", refused.Explanation.String(), err
	return f
}
