package integration

import (
	"context"
	"errors"
	"strings"
	"time"

	"gatehouse/internal/iam"
)

// Invocation is a call to a Lambda function.
type Invocation struct {
	// FunctionArn is arn:aws:lambda:{region}:{account}:function:{name}, with an
	// optional :{qualifier}.
	FunctionArn string
	Payload     []byte
	// Async asks for InvocationType Event: the answer is 202 with an empty payload.
	Async bool
	// SourceArn is the execute-api ARN (or the authorizer's) on whose behalf API
	// Gateway calls; the function's resource policy is checked against it.
	SourceArn string
	// SourceAccount is the API's account.
	SourceAccount string
	// Credentials is the role to call with; empty calls as apigateway.amazonaws.com, and
	// arn:aws:iam::*:user/* as whoever called the API.
	Credentials string
	// Caller is who called the API, with its policies; nil where the method is not AWS_IAM.
	Caller         *iam.Principal
	CallerPolicies iam.PrincipalPolicies
	TraceId        string
	Timeout        time.Duration
}

// CrossesAccounts says whether the function belongs to another account than the API.
func (i *Invocation) CrossesAccounts() bool {
	const accountPart, parts = 4, 6
	arn := strings.SplitN(i.FunctionArn, ":", parts)
	return len(arn) == parts && arn[accountPart] != i.SourceAccount
}

// InvocationResult is what a function answered.
type InvocationResult struct {
	StatusCode int // of the Invoke operation: 200, 202 for Async
	Payload    []byte
	// FunctionError is "Unhandled" or "Handled" when the function failed.
	FunctionError   string
	ExecutedVersion string
	RequestId       string // the function's own request id
	Latency         time.Duration
}

// Invoker invokes Lambda functions, here or elsewhere.
type Invoker interface {
	Invoke(ctx context.Context, invocation *Invocation) (*InvocationResult, error)
}

// The ways in which Invoke itself fails, as opposed to the function.
var (
	ErrInvokeDenied     = errors.New("no statement of the function's policy allows the call")
	ErrFunctionNotFound = errors.New("the function does not exist")
	ErrInvokeThrottled  = errors.New("the function's concurrency is used up")
	ErrInvokeTimeout    = errors.New("the integration timeout passed")
	ErrInvokeTooLarge   = errors.New("the payload is over the invocation payload limit")
	ErrNoFunctions      = errors.New("no Lambda functions are served here")
)

// Invoke calls a function within the invocation's timeout. A nil invoker serves none:
// ErrNoFunctions; a function that does not answer in time is ErrInvokeTimeout.
func Invoke(ctx context.Context, invoker Invoker, invocation *Invocation) (*InvocationResult, error) {
	if invoker == nil {
		return nil, ErrNoFunctions
	}
	ctx, cancel := context.WithTimeout(ctx, invocation.Timeout)
	defer cancel()
	result, err := invoker.Invoke(ctx, invocation)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.Join(ErrInvokeTimeout, err)
	}
	return result, err // the invoker's errors are the ones above
}

// InvokeDenied is the detail of ErrInvokeDenied, for the diagnosis.
type InvokeDenied struct {
	FunctionArn string
	SourceArn   string
	// Nearest describes the statement that came closest, and why it does not allow.
	Nearest string
}

// Error implements error.
func (d *InvokeDenied) Error() string {
	return ErrInvokeDenied.Error() + ": " + d.FunctionArn + " from " + d.SourceArn
}

// Unwrap makes errors.Is(err, ErrInvokeDenied) hold.
func (d *InvokeDenied) Unwrap() error { return ErrInvokeDenied }

// InvokeRefusal is the detail of ErrInvokeThrottled and ErrInvokeTimeout, for the
// diagnosis.
type InvokeRefusal struct {
	Err error // one of the two
	// Detail says which limit was reached, or how far the invocation came.
	Detail string
	// Waiting says that the invocation waited for an execution environment and got
	// none: the function has not run.
	Waiting bool
}

// Error implements error.
func (r *InvokeRefusal) Error() string { return r.Err.Error() + ": " + r.Detail }

// Unwrap makes errors.Is hold for the error it is the detail of.
func (r *InvokeRefusal) Unwrap() error { return r.Err }

// FoundThrottled is what a diagnosis finds of ErrInvokeThrottled.
func FoundThrottled(err error) string {
	var refusal *InvokeRefusal
	if errors.As(err, &refusal) {
		return refusal.Detail
	}
	return "the function's concurrency used up"
}

// FoundTimeout is what a diagnosis finds of ErrInvokeTimeout.
func FoundTimeout(err error, timeout time.Duration) string {
	found := "no answer after " + timeout.String()
	var refusal *InvokeRefusal
	if errors.As(err, &refusal) {
		found += ": " + refusal.Detail
	}
	return found
}

const (
	lambdaUriMarker = ":lambda:path/"
	lambdaUriHead   = "/functions/"
	lambdaUriTail   = "invocations" // also "response-streaming-invocations"
)

// IsFunctionUri says whether the URI of an AWS integration invokes a Lambda function, also
// where placeholders stand in the function's ARN.
func IsFunctionUri(uri string) bool {
	path, _, _ := strings.Cut(uri, "?")
	return strings.Contains(uri, lambdaUriMarker) && strings.Contains(uri, lambdaUriHead) && strings.HasSuffix(path, lambdaUriTail)
}

// FunctionArnOf returns the function that an integration's or authorizer's URI
// names: arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations.
func FunctionArnOf(uri string) (string, bool) {
	if !strings.HasPrefix(uri, "arn:") || !strings.Contains(uri, lambdaUriMarker) {
		return "", false
	}
	_, rest, ok := strings.Cut(uri, lambdaUriHead)
	if !ok {
		return "", false
	}
	functionArn, _, ok := strings.Cut(rest, "/")
	return functionArn, ok && strings.Contains(functionArn, "function:")
}
