package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Reasons of ErrTooManyRequests, as AWS names them in TooManyRequestsException.
const (
	ReasonReservedConcurrency = "ReservedFunctionConcurrentInvocationLimitExceeded"
	ReasonConcurrency         = "ConcurrentInvocationLimitExceeded"
)

// ErrTooManyRequests is TooManyRequestsException (429): no environment is free
// and none may be started.
type ErrTooManyRequests struct {
	// Reason is one of the Reason constants.
	Reason string
	// Limit that was reached: of the environments when Waited is set, else of
	// the invocations at once.
	Limit int
	// Waited is how long the invocation waited for one of so many Environments,
	// all busy or starting; zero when it was refused at once.
	Waited       time.Duration
	Environments int
}

// Error is the message AWS fixes.
func (e *ErrTooManyRequests) Error() string { return "Rate Exceeded." }

// Detail says which limit was reached, for people.
func (e *ErrTooManyRequests) Detail() string {
	switch {
	case e.Waited > 0:
		return fmt.Sprintf("it waited %v for an execution environment, and all %d were busy (of at most %d, --function-environments)",
			e.Waited, e.Environments, e.Limit)
	case e.Reason == ReasonReservedConcurrency:
		return fmt.Sprintf("as many invocations run as the function's reserved concurrency allows, %d", e.Limit)
	}
	return fmt.Sprintf("as many invocations run as the account's concurrency allows, %d", e.Limit)
}

// Phase is what an invocation was doing when its caller left.
type Phase string

// The phases of an invocation.
const (
	// PhaseWaiting: all environments were busy and none was starting for it.
	PhaseWaiting Phase = "waiting"
	// PhaseStarting: an environment was starting.
	PhaseStarting Phase = "starting"
	// PhaseRunning: an environment had the event.
	PhaseRunning Phase = "running"
)

// ErrUnanswered says what an invocation was doing when its caller's context ended.
type ErrUnanswered struct {
	// Phase of the invocation.
	Phase Phase
	// Environments that there were in all.
	Environments int
	// Cause is the error of the context.
	Cause error
}

// Error says how far the invocation came.
func (e *ErrUnanswered) Error() string {
	switch e.Phase {
	case PhaseWaiting:
		return fmt.Sprintf("the call waited for an execution environment, and all %d were busy", e.Environments)
	case PhaseStarting:
		return "the function's execution environment was still starting"
	default:
		return "the function was running"
	}
}

// Unwrap is the context's error.
func (e *ErrUnanswered) Unwrap() error { return e.Cause }

// ErrRequestTooLarge is RequestTooLargeException (413): the payload exceeds Limit.
type ErrRequestTooLarge struct {
	// InvocationType is RequestResponse or Event.
	InvocationType string
	// Size and Limit are in bytes.
	Size, Limit int
}

// Error is the message AWS gives with the exception.
func (e *ErrRequestTooLarge) Error() string {
	return fmt.Sprintf("%d byte payload is too large for the %s invocation type (limit %d bytes)",
		e.Size, e.InvocationType, e.Limit)
}

// ErrRuntimeMissing says which interpreter this machine lacks for a runtime,
// or that a runtime is none that is run here.
type ErrRuntimeMissing struct {
	// Runtime is the identifier that was asked for.
	Runtime string
	// Missing is the name of what would have to be installed; empty when this
	// runtime is not run here whatever is installed.
	Missing string
}

// Error names the runtime and what is missing.
func (e *ErrRuntimeMissing) Error() string {
	if e.Missing == "" {
		return fmt.Sprintf("runtime %q is not run by this server; python3.*, nodejs* and provided.* are", e.Runtime)
	}
	return fmt.Sprintf("runtime %q needs %s, which is not installed on this machine", e.Runtime, e.Missing)
}

// ErrInvalidCode says why a deployment package cannot be used
// (InvalidZipFileException, or InvalidParameterValueException for its size).
type ErrInvalidCode struct {
	// Reason is a sentence for the person who made the package.
	Reason string
}

// Error is the reason.
func (e *ErrInvalidCode) Error() string { return e.Reason }

// ErrRemote is an answer of an endpoint elsewhere that is no function result:
// an exception of its Invoke operation.
type ErrRemote struct {
	// StatusCode of the HTTP answer.
	StatusCode int
	// Type is the exception's name (x-amzn-ErrorType or __type), or empty.
	Type string
	// Message of the exception.
	Message string
	// Reason of a TooManyRequestsException, or empty.
	Reason string
	// Body is the answer as it came.
	Body []byte
}

// Error names the exception.
func (e *ErrRemote) Error() string {
	return fmt.Sprintf("function endpoint answered %d %s: %s", e.StatusCode, e.Type, e.Message)
}

// ErrClosed is returned once Close was called.
var ErrClosed = errors.New("the function runner is closed")

// ErrQueueFull is returned by InvokeEvent when its bounded queue has no room.
var ErrQueueFull = errors.New("the queue of asynchronous events is full")

// errNotDelivered is inside only: the environment ended before it took the
// invocation, which another environment then gets.
var errNotDelivered = errors.New("the execution environment ended before it took the invocation")

// Types of the error documents the runner itself makes.
const (
	errorTypeTimedout     = "Sandbox.Timedout"
	errorTypeExit         = "Runtime.ExitError"
	errorTypeEntrypoint   = "Runtime.InvalidEntrypoint"
	errorTypeUnknown      = "Runtime.Unknown"
	errorTypeResponseSize = "Function.ResponseSizeTooLarge"
	errorTypeSandbox      = "Sandbox.Failure"
)

// errorDocument is the payload of a failure that the service, not the runtime,
// reports; the order of its keys is AWS's.
func errorDocument(errorType, message string) []byte {
	document, err := json.Marshal(struct {
		ErrorType    string `json:"errorType"`
		ErrorMessage string `json:"errorMessage"`
	}{errorType, message})
	if err != nil { // two strings always marshal
		panic(err)
	}
	return document
}
