package lambda

import (
	"context"
	"io"
	"strings"
	"time"
)

// Function describes one version of one function. It is immutable: a change of
// code or configuration is a new Function with another RevisionID, and the
// environments of the former one finish what they run and end.
type Function struct {
	// Arn is the function's ARN without a version or alias.
	Arn string
	// FunctionName is the name alone, as in AWS_LAMBDA_FUNCTION_NAME.
	FunctionName string
	// Version is "$LATEST" or a number.
	Version string
	// RevisionID changes whenever anything below changes.
	RevisionID string
	// Region fills AWS_REGION and AWS_DEFAULT_REGION.
	Region string
	// Runtime is an AWS runtime identifier: python3.12, nodejs20.x, provided.al2023.
	Runtime string
	// Handler is the configured handler, as in _HANDLER.
	Handler string
	// Code is where the deployment package is.
	Code Code
	// Environment holds the function's own variables.
	Environment map[string]string
	// Credentials gives what becomes AWS_ACCESS_KEY_ID and its companions, when an
	// environment starts; nil, or nil of it, sets none.
	Credentials func() *Credentials
	// EndpointURL becomes AWS_ENDPOINT_URL unless empty or set by Environment,
	// so that AWS SDKs inside the function reach this server.
	EndpointURL string
	// Timeout is the function's timeout; zero means AWS's default of 3 seconds.
	Timeout time.Duration
	// MemorySize is in MB; zero means AWS's default of 128.
	MemorySize int
	// EphemeralStorageSize of /tmp in MB; zero means AWS's default of 512.
	EphemeralStorageSize int
	// ReservedConcurrency bounds the function's concurrent executions over all
	// its versions; nil leaves the account's bound alone, 0 refuses every call.
	ReservedConcurrency *int
	// LogGroup defaults to /aws/lambda/FunctionName.
	LogGroup string
}

// Code is a deployment package: a directory that is used where it is, or an
// archive that is extracted once per hash.
type Code struct {
	// Directory, when not empty, is used in place and nothing else is read.
	Directory string
	// SHA256 of the archive, in hexadecimal or base64; the name of its extraction.
	SHA256 string
	// Open reads the .zip archive.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Credentials are the temporary credentials of the execution role.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
}

// Invocation is one event for a function.
type Invocation struct {
	// RequestID is the id AWS would return as x-amzn-RequestId; made when empty.
	RequestID string
	// Payload is a JSON text; empty is sent as {}.
	Payload []byte
	// Qualifier is the version or alias the caller named, for the invoked ARN.
	Qualifier string
	// ClientContext is JSON (already decoded from base64), or nil.
	ClientContext []byte
	// CognitoIdentity is JSON, or nil.
	CognitoIdentity []byte
	// TraceID is the X-Amzn-Trace-Id header; empty sends none.
	TraceID string
	// LogTail asks for the last 4 KB of the log (LogType Tail).
	LogTail bool
	// MaximumRetryAttempts of an asynchronous event, 0 to 2; nil means 2.
	MaximumRetryAttempts *int
	// MaximumEventAge of an asynchronous event; zero means 6 hours.
	MaximumEventAge time.Duration
	// Current gives the function as it is when an asynchronous event is due, which may
	// be hours later; an error gives the event up. Nil keeps the one it was accepted for.
	Current func() (Function, error)
}

// functionErrorUnhandled is the Result.FunctionError, as in the X-Amz-Function-Error header,
// of every function that failed here. One that lives elsewhere may still report "Handled".
const functionErrorUnhandled = "Unhandled"

// Result is how an invocation ended when the function was reached at all. A
// function that failed is a Result with FunctionError set, not a Go error.
type Result struct {
	// RequestID of the invocation.
	RequestID string
	// Payload is the function's answer, or the error document.
	Payload []byte
	// FunctionError is empty, Unhandled or Handled.
	FunctionError string
	// ErrorType repeats errorType of the error document where the runner made it.
	ErrorType string
	// ExecutedVersion is the version that ran.
	ExecutedVersion string
	// LogTail is the last 4 KB of the log when the invocation asked for it.
	LogTail []byte
	// LogGroup and LogStream are where the lines went; empty for a function
	// that lives elsewhere.
	LogGroup, LogStream string
	// Duration of the handler, without the init phase.
	Duration time.Duration
	// InitDuration is zero unless this invocation started the environment.
	InitDuration time.Duration
	// BilledDuration is duration and init, rounded up to a millisecond.
	BilledDuration time.Duration
	// MaxMemoryUsed of the environment so far, in bytes; zero when unknown.
	MaxMemoryUsed int64
}

func (f Function) withDefaults() Function {
	if f.Timeout <= 0 {
		f.Timeout = 3 * time.Second
	}
	if f.Timeout > MaximumTimeout {
		f.Timeout = MaximumTimeout
	}
	if f.MemorySize <= 0 {
		f.MemorySize = 128
	}
	if f.EphemeralStorageSize <= 0 {
		f.EphemeralStorageSize = 512
	}
	if f.Version == "" {
		f.Version = "$LATEST"
	}
	if f.LogGroup == "" {
		f.LogGroup = "/aws/lambda/" + f.FunctionName
	}
	return f
}

// invokedArn is the ARN as the caller named the function.
func (f Function) invokedArn(qualifier string) string {
	if qualifier == "" {
		return f.Arn
	}
	return f.Arn + ":" + qualifier
}

// language is what an interpreter is looked for: "python", "nodejs", or
// "provided" which needs none. Anything else is not run here.
func language(runtime string) string {
	for _, name := range []string{"python", "nodejs", "provided"} {
		if strings.HasPrefix(runtime, name) {
			return name
		}
	}
	return ""
}
