// Package functions is the control plane of Lambda: what each operation of its API
// does to the records of functions, versions, aliases, policies and function URLs,
// and how an invocation, whoever asks for it, finds the version that runs.
//
// It does not run code (package lambda does), it reads no signature, and it refuses
// by name every setting that would have no effect here (unsupported.go).
//
// Begin at Service; one file holds the operations of one noun.
package functions

import (
	"context"
	"errors"
	"time"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/caller"
	"gatehouse/internal/lambda"
	"gatehouse/internal/store"
)

// Runner runs functions: *lambda.Runner.
type Runner interface {
	// Check says what runs a runtime's functions on this machine.
	Check(ctx context.Context, runtime string) (lambda.Interpreter, error)
	// Invoke runs a function and waits for its answer.
	Invoke(ctx context.Context, function lambda.Function, call lambda.Invocation) (lambda.Result, error)
	// RunsElsewhere says whether calls of a function go to another endpoint.
	RunsElsewhere(arn, functionName string) bool
	// Forget ends what is kept of a function that was deleted.
	Forget(function lambda.Function) error
	// InvokeEvent queues an asynchronous event.
	InvokeEvent(function lambda.Function, call lambda.Invocation) (requestId string, err error)
}

// Service implements the Lambda API over the store and a Runner.
type Service struct {
	api.Unimplemented

	Store  store.Store
	Runner Runner
	// Now is the clock; NewId makes ids in the form of a UUID.
	Now   func() time.Time
	NewId func() string
	// Random gives the weights of aliases their chance, from 0 to 1.
	Random func() float64
	// FunctionUrl returns the URL of a function URL id in a region.
	FunctionUrl func(urlId, region string) string
	// CodeUrl returns where the code of a function can be downloaded; nil leaves the location out.
	CodeUrl func(scope store.Scope, functionName, version string) string
	// RoleCredentials gives a function the credentials of its execution role; nil makes
	// functions act as their account, whose number developer mode takes for a key.
	RoleCredentials func(account, roleArn, functionName string) *lambda.Credentials
	// EndpointUrl is where functions reach AWS's APIs: AWS_ENDPOINT_URL inside them.
	EndpointUrl func() string

	// What every invocation reads.
	cachedFunctions store.Cache[Function]
	cachedVersions  store.Cache[Version]
	cachedAliases   store.Cache[Alias]
	cachedPolicies  store.Cache[string] // their documents
}

var _ api.Service = (*Service)(nil)

// The records of Lambda. A function's record holds its $LATEST; published versions,
// aliases, policies and URLs are records beneath its name.
var (
	functions    = store.NewCollection[Function]("Function")
	versions     = store.NewCollection[Version]("FunctionVersion")
	aliases      = store.NewCollection[Alias]("FunctionAlias")
	policies     = store.NewCollection[Policy]("FunctionPolicy")
	functionUrls = store.NewCollection[FunctionUrl]("FunctionUrlConfig")
	// functionUrlIds finds a function URL by its id alone, in the scope of nobody.
	functionUrlIds = store.NewCollection[FunctionUrlTarget]("FunctionUrlId")
)

// latest is the version that UpdateFunctionCode changes.
const latest = "$LATEST"

// Function is the record of a function.
type Function struct {
	FunctionName string
	Tags         map[string]string
	// ReservedConcurrentExecutions bounds concurrency; nil leaves it to the account.
	ReservedConcurrentExecutions *int32
	// NextVersion is the number that PublishVersion gives next.
	NextVersion int
	Latest      Version
}

// Version is the code and configuration of a function at one version.
type Version struct {
	Version              string
	Description          string
	Runtime              string
	Handler              string
	Role                 string
	Timeout              int32 // seconds
	MemorySize           int32 // MB
	Environment          map[string]string
	EphemeralStorageSize int32 // MB
	Architecture         string
	LogGroup             string
	CodeDigest           store.Digest
	CodeSha256           string // base64
	CodeSize             int64  // bytes
	LastModified         time.Time
	RevisionId           string
	// RunsOn says which interpreter runs it here, when it is not the exact one.
	RunsOn string
}

func scopeOf(ctx context.Context) store.Scope {
	who := caller.From(ctx)
	return store.Scope{Account: who.Account, Region: who.Region}
}

// find reads a function, or fails as AWS does.
func find(r store.Reader, name functionName) (Function, error) {
	function, err := functions.Get(r, name.scope, name.name)
	if errors.Is(err, store.ErrNotFound) {
		return Function{}, notFound(name)
	}
	return function, err
}

// findVersion reads the version that a qualifier names: nothing or $LATEST, a number
// or an alias. What it returns is shared and may not be changed.
func (s *Service) findVersion(r store.Reader, name functionName) (Function, Version, error) {
	function, err := s.cachedFunctions.Get(r, functions.Key(name.scope, name.name), functions.Decode)
	if errors.Is(err, store.ErrNotFound) {
		return Function{}, Version{}, notFound(name)
	}
	if err != nil || name.qualifier == "" || name.qualifier == latest {
		return function, function.Latest, err
	}
	wanted := name.qualifier
	if alias, err := s.cachedAliases.Get(r, aliases.Key(name.scope, name.name, wanted), aliases.Decode); err == nil {
		wanted = alias.choose(s.Random)
	}
	if wanted == latest {
		return function, function.Latest, nil
	}
	version, err := s.cachedVersions.Get(r, versions.Key(name.scope, name.name, wanted), versions.Decode)
	if errors.Is(err, store.ErrNotFound) {
		return function, Version{}, notFound(name)
	}
	return function, version, err
}
