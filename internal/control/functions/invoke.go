package functions

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"time"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/caller"
	"gatehouse/internal/lambda"
	"gatehouse/internal/store"
)

// Invoke runs a function, or queues an event for it.
func (s *Service) Invoke(ctx context.Context, in *api.InvokeInput) (*api.InvokeOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	call := lambda.Invocation{
		RequestID: caller.From(ctx).RequestId, Payload: in.Payload, Qualifier: name.qualifier, LogTail: in.LogType == api.LogTypeTail,
	}
	if len(in.Payload) > 0 && !json.Valid(in.Payload) {
		return nil, &api.InvalidRequestContentException{Message: "Could not parse request body into json: Could not parse payload into json", Type: &userError}
	}
	if encoded := text(in.ClientContext); encoded != "" {
		if call.ClientContext, err = base64.StdEncoding.DecodeString(encoded); err != nil || !json.Valid(call.ClientContext) {
			return nil, &api.InvalidRequestContentException{Message: "Client context must be a valid Base64-encoded JSON object.", Type: &userError}
		}
	}
	function, version, err := s.findVersion(s.Store.View(), name)
	if err != nil {
		return nil, err
	}
	runnable := s.runnable(name, function, version)
	switch in.InvocationType {
	case api.InvocationTypeDryRun:
		return &api.InvokeOutput{StatusCode: new(int32(204))}, nil
	case api.InvocationTypeEvent:
		call.Current = s.current(name)
		return s.invokeEvent(runnable, call)
	default:
		return s.invokeNow(ctx, runnable, call)
	}
}

func (s *Service) invokeEvent(runnable lambda.Function, call lambda.Invocation) (*api.InvokeOutput, error) {
	if _, err := s.Runner.InvokeEvent(runnable, call); err != nil {
		return nil, invokeError(err)
	}
	return &api.InvokeOutput{StatusCode: new(int32(202))}, nil
}

func (s *Service) invokeNow(ctx context.Context, runnable lambda.Function, call lambda.Invocation) (*api.InvokeOutput, error) {
	result, err := s.Runner.Invoke(ctx, runnable, call)
	if err != nil {
		return nil, invokeError(err)
	}
	out := &api.InvokeOutput{StatusCode: new(int32(200)), Payload: result.Payload, ExecutedVersion: new(runnable.Version)}
	if result.FunctionError != "" {
		out.FunctionError = new(result.FunctionError)
	}
	if call.LogTail {
		out.LogResult = new(base64.StdEncoding.EncodeToString(result.LogTail))
	}
	return out, nil
}

// InvokeVersion runs the function that arn names for a caller inside Gatehouse, such
// as an integration. It checks no permission: see Policy.
func (s *Service) InvokeVersion(ctx context.Context, arn string, call lambda.Invocation, async bool) (lambda.Result, error) {
	name, err := parseFunctionName(store.Scope{}, arn, nil)
	if err != nil {
		return lambda.Result{}, err
	}
	function, version, err := s.findVersion(s.Store.View(), name)
	if err != nil && !s.Runner.RunsElsewhere(arnOf(name.scope, name.name), name.name) {
		return lambda.Result{}, err
	}
	call.Qualifier = name.qualifier
	runnable := s.runnable(name, function, version)
	if async {
		call.Current = s.current(name)
		requestId, err := s.Runner.InvokeEvent(runnable, call)
		return lambda.Result{RequestID: requestId}, err
	}
	return s.Runner.Invoke(ctx, runnable, call)
}

// current finds what a name stands for at the time of an asynchronous event.
func (s *Service) current(name functionName) func() (lambda.Function, error) {
	return func() (lambda.Function, error) {
		function, version, err := s.findVersion(s.Store.View(), name)
		if err != nil && !s.Runner.RunsElsewhere(arnOf(name.scope, name.name), name.name) {
			return lambda.Function{}, err
		}
		return s.runnable(name, function, version), nil
	}
}

// RunsElsewhere says whether the configuration sends calls of the function to another
// endpoint; whoever runs it there also guards it.
func (s *Service) RunsElsewhere(arn string) bool {
	name, err := parseFunctionName(store.Scope{}, arn, nil)
	return err == nil && s.Runner.RunsElsewhere(arnOf(name.scope, name.name), name.name)
}

// PolicyOf returns the JSON of the policy that guards what arn names, empty when it
// has none, and whether the function exists.
func (s *Service) PolicyOf(arn string) (document string, exists bool) {
	name, err := parseFunctionName(store.Scope{}, arn, nil)
	if err != nil {
		return "", false
	}
	view := s.Store.View()
	if _, _, err := s.findVersion(view, name); err != nil {
		return "", false
	}
	document, err = s.cachedPolicies.Get(view, policies.Key(name.scope, name.name, policyId(name)), documentOf)
	return document, err == nil || errors.Is(err, store.ErrNotFound)
}

// documentOf is the JSON of the policy in a record, empty when it allows nothing.
func documentOf(record store.Record) (string, error) {
	policy, err := policies.Decode(record)
	if err != nil || len(policy.Statements) == 0 {
		return "", err
	}
	return policy.document()
}

// runnable describes a version to the runner.
func (s *Service) runnable(name functionName, function Function, version Version) lambda.Function {
	scope := name.scope
	runnable := lambda.Function{
		Arn: arnOf(scope, name.name), FunctionName: name.name, Version: version.Version, RevisionID: version.RevisionId, Region: scope.Region,
		Runtime: version.Runtime, Handler: version.Handler, Environment: version.Environment, EndpointURL: s.EndpointUrl(),
		Timeout: time.Duration(version.Timeout) * time.Second, MemorySize: int(version.MemorySize), EphemeralStorageSize: int(version.EphemeralStorageSize),
		LogGroup:    version.LogGroup,
		Credentials: func() *lambda.Credentials { return s.credentials(scope.Account, version.Role, name.name) },
		Code: lambda.Code{
			SHA256: version.CodeSha256,
			Open:   func(ctx context.Context) (io.ReadCloser, error) { return s.Store.GetObject(ctx, version.CodeDigest) },
		},
	}
	if function.ReservedConcurrentExecutions != nil {
		runnable.ReservedConcurrency = new(int(*function.ReservedConcurrentExecutions))
	}
	return runnable
}

// credentials are what an execution environment is given when it starts.
func (s *Service) credentials(account, roleArn, functionName string) *lambda.Credentials {
	if s.RoleCredentials == nil {
		return &lambda.Credentials{AccessKeyID: account, SecretAccessKey: "function", SessionToken: "function"}
	}
	return s.RoleCredentials(account, roleArn, functionName)
}

// invokeError turns the runner's refusals into AWS's exceptions.
func invokeError(err error) error {
	var tooMany *lambda.ErrTooManyRequests
	var tooLarge *lambda.ErrRequestTooLarge
	var code *lambda.ErrInvalidCode
	switch {
	case errors.As(err, &tooMany):
		return &api.TooManyRequestsException{Message: tooMany.Error(), Reason: api.ThrottleReason(tooMany.Reason), Type: &userError}
	case errors.As(err, &tooLarge):
		return &api.RequestTooLargeException{Message: tooLarge.Error(), Type: &userError}
	case errors.As(err, &code):
		return &api.InvalidZipFileException{Message: code.Error(), Type: &userError}
	case errors.Is(err, lambda.ErrQueueFull):
		return &api.TooManyRequestsException{Message: "Rate Exceeded.", Type: &userError}
	default:
		return err
	}
}
