package functions

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/lambda"
	"gatehouse/internal/store"
)

// Limits of Lambda functions, by their quota names.
const (
	defaultTimeout          = 3   // seconds
	timeoutMaximum          = 900 // seconds, "Function timeout"
	defaultMemorySize       = 128 // MB
	defaultEphemeralStorage = 512 // MB
	// environmentSizeLimit is "Environment variables", bytes of all together.
	environmentSizeLimit = 4 * 1024
	// accountConcurrentExecutions is "Concurrent executions".
	accountConcurrentExecutions = 1000
	// unreservedConcurrentExecutionsMinimum is what reservations must leave.
	unreservedConcurrentExecutionsMinimum = 100
	lastModifiedFormat                    = "2006-01-02T15:04:05.000+0000"
)

// CreateFunction makes a function and, with Publish, its version 1.
func (s *Service) CreateFunction(ctx context.Context, in *api.CreateFunctionInput) (*api.FunctionConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	if err := refuseToCreate(in); err != nil {
		return nil, err
	}
	version, err := s.newVersion(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := s.storeCode(ctx, &version, in.Code.ZipFile); err != nil {
		return nil, err
	}
	function := Function{FunctionName: name.name, Tags: in.Tags, NextVersion: 1, Latest: version}
	published := function.Latest
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if functions.Has(tx, name.scope, name.name) {
			return conflict("Function already exist: " + name.name)
		}
		if in.Publish != nil && *in.Publish {
			if published, err = publish(tx, name, &function, s.NewId()); err != nil {
				return err
			}
		}
		return functions.Put(tx, function, name.scope, name.name)
	})
	if err != nil {
		return nil, err
	}
	return configuration(name, published), nil
}

func refuseToCreate(in *api.CreateFunctionInput) error {
	if in.PackageType == api.PackageTypeImage || text(in.Code.ImageUri) != "" {
		return notServed(unsupportedImage)
	}
	if text(in.Code.S3Bucket) != "" {
		return notServed(unsupportedS3)
	}
	if text(in.CodeSigningConfigArn) != "" {
		return notServed(unsupportedSigning)
	}
	if in.TenancyConfig != nil {
		return notServed(unsupportedTenancy)
	}
	if err := checkArchitecture(string(in.Runtime), in.Architectures); err != nil {
		return err
	}
	return settings{
		vpc: in.VpcConfig, deadLetter: in.DeadLetterConfig, kms: in.KMSKeyArn, tracing: in.TracingConfig, layers: in.Layers,
		fileSystems: in.FileSystemConfigs, image: in.ImageConfig, snapStart: in.SnapStart, logging: in.LoggingConfig,
		capacity: in.CapacityProviderConfig, durable: in.DurableConfig,
	}.refuse()
}

func (s *Service) newVersion(ctx context.Context, in *api.CreateFunctionInput) (Version, error) {
	if in.Runtime == "" || text(in.Handler) == "" {
		return Version{}, invalidParameter("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	version := Version{
		Version: latest, Description: text(in.Description), Runtime: string(in.Runtime), Handler: text(in.Handler), Role: in.Role,
		Timeout: defaultTimeout, MemorySize: defaultMemorySize, EphemeralStorageSize: defaultEphemeralStorage,
		Architecture: string(api.ArchitectureX8664), LastModified: s.Now(), RevisionId: s.NewId(),
	}
	if len(in.Architectures) > 0 {
		version.Architecture = string(in.Architectures[0])
	}
	if err := version.setTimeout(in.Timeout); err != nil {
		return Version{}, err
	}
	if in.MemorySize != nil {
		version.MemorySize = *in.MemorySize
	}
	if in.EphemeralStorage != nil {
		version.EphemeralStorageSize = in.EphemeralStorage.Size
	}
	if in.LoggingConfig != nil {
		version.LogGroup = text(in.LoggingConfig.LogGroup)
	}
	if err := version.setEnvironment(in.Environment); err != nil {
		return Version{}, err
	}
	return version, s.checkRuntime(ctx, &version)
}

// setTimeout: the model knows no maximum, Lambda does (public reports of its text).
func (v *Version) setTimeout(seconds *int32) error {
	if seconds == nil {
		return nil
	}
	if *seconds > timeoutMaximum {
		return &awsapi.Unmodelled{
			Code: "ValidationException", Status: http.StatusBadRequest,
			Message: fmt.Sprintf("1 validation error detected: Value '%d' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to %d", *seconds, timeoutMaximum),
		}
	}
	v.Timeout = *seconds
	return nil
}

// checkRuntime refuses a runtime that nothing on this machine can run.
func (s *Service) checkRuntime(ctx context.Context, version *Version) error {
	interpreter, err := s.Runner.Check(ctx, version.Runtime)
	var missing *lambda.ErrRuntimeMissing
	if errors.As(err, &missing) {
		return invalidParameter("%s", missing.Error())
	}
	if err != nil {
		return err
	}
	version.RunsOn = interpreter.Describe(version.Runtime)
	return nil
}

var reservedEnvironmentKeys = regexp.MustCompile(`^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_.*|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN)$`)

func (v *Version) setEnvironment(environment *api.Environment) error {
	if environment == nil {
		return nil
	}
	size := 0
	var reserved []string
	for key, value := range environment.Variables {
		size += len(key) + len(value)
		if reservedEnvironmentKeys.MatchString(key) && key != "AWS_LAMBDA_EXEC_WRAPPER" {
			reserved = append(reserved, key)
		}
	}
	if len(reserved) > 0 {
		slices.Sort(reserved)
		return invalidParameter(messageReservedKeys, strings.Join(reserved, ", "))
	}
	if size > environmentSizeLimit {
		return invalidParameter("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.")
	}
	v.Environment = environment.Variables
	return nil
}

// GetFunction returns a version's configuration, code location, tags and concurrency.
func (s *Service) GetFunction(ctx context.Context, in *api.GetFunctionInput) (*api.GetFunctionOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	function, version, err := s.findVersion(s.Store.View(), name)
	if err != nil {
		return nil, err
	}
	out := &api.GetFunctionOutput{
		Configuration: configuration(name, version), Tags: function.Tags,
		Code: &api.FunctionCodeLocation{RepositoryType: new("S3")},
	}
	if s.CodeUrl != nil {
		out.Code.Location = new(s.CodeUrl(name.scope, name.name, version.Version))
	}
	if function.ReservedConcurrentExecutions != nil {
		out.Concurrency = &api.Concurrency{ReservedConcurrentExecutions: function.ReservedConcurrentExecutions}
	}
	return out, nil
}

// GetFunctionConfiguration returns a version's configuration.
func (s *Service) GetFunctionConfiguration(ctx context.Context, in *api.GetFunctionConfigurationInput) (*api.FunctionConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	_, version, err := s.findVersion(s.Store.View(), name)
	if err != nil {
		return nil, err
	}
	return configuration(name, version), nil
}

// GetFunctionCodeSigningConfig answers that there is none: none can be set.
func (s *Service) GetFunctionCodeSigningConfig(ctx context.Context, in *api.GetFunctionCodeSigningConfigInput) (*api.GetFunctionCodeSigningConfigOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	if _, err := find(s.Store.View(), name); err != nil {
		return nil, err
	}
	return &api.GetFunctionCodeSigningConfigOutput{FunctionName: name.name}, nil
}

// DeleteFunction deletes a function with all that is beneath it, or one version.
func (s *Service) DeleteFunction(ctx context.Context, in *api.DeleteFunctionInput) (*api.DeleteFunctionOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	var deleted Function
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if deleted, err = find(tx, newFunctionName(name.scope, name.name, "")); err != nil {
			return err
		}
		if name.qualifier != "" {
			return deleteVersion(tx, name)
		}
		return deleteAll(tx, name)
	})
	if err != nil {
		return nil, err
	}
	if name.qualifier == "" {
		err = s.Runner.Forget(s.runnable(name, deleted, deleted.Latest))
	}
	return &api.DeleteFunctionOutput{}, err
}

func deleteAll(tx *store.Tx, name functionName) error {
	urls, err := functionUrls.List(tx, name.scope, name.name)
	if err != nil {
		return err
	}
	for _, url := range urls {
		functionUrlIds.Delete(tx, store.Scope{}, url.UrlId)
	}
	functions.Delete(tx, name.scope, name.name)
	versions.Delete(tx, name.scope, name.name)
	aliases.Delete(tx, name.scope, name.name)
	policies.Delete(tx, name.scope, name.name)
	functionUrls.Delete(tx, name.scope, name.name)
	return nil
}

// ListFunctions lists the $LATEST versions, or all versions with FunctionVersion ALL.
func (s *Service) ListFunctions(ctx context.Context, in *api.ListFunctionsInput) (*api.ListFunctionsOutput, error) {
	scope := scopeOf(ctx)
	view := s.Store.View()
	all, err := functions.List(view, scope)
	if err != nil {
		return nil, err
	}
	var list []api.FunctionConfiguration
	for _, function := range all {
		name := newFunctionName(scope, function.FunctionName, "")
		if in.FunctionVersion != api.FunctionVersionAll {
			list = append(list, *configuration(name, function.Latest))
			continue
		}
		more, err := listVersions(view, name, function)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	page, next, err := paginate(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &api.ListFunctionsOutput{Functions: page, NextMarker: next}, nil
}

// configuration is a version as the API shows it, under the qualifier it was asked by.
func configuration(name functionName, version Version) *api.FunctionConfiguration {
	arn := arnOf(name.scope, name.name)
	switch {
	case name.qualifier != "":
		arn = name.arn()
	case version.Version != latest:
		arn += ":" + version.Version
	}
	logGroup := version.LogGroup
	if logGroup == "" {
		logGroup = "/aws/lambda/" + name.name
	}
	shown := &api.FunctionConfiguration{
		FunctionName: new(name.name), FunctionArn: &arn, Runtime: api.Runtime(version.Runtime), Role: new(version.Role), Handler: new(version.Handler),
		CodeSize: new(version.CodeSize), Description: new(version.Description), Timeout: new(version.Timeout), MemorySize: new(version.MemorySize),
		LastModified: new(version.LastModified.UTC().Format(lastModifiedFormat)), CodeSha256: new(version.CodeSha256), Version: new(version.Version),
		TracingConfig: &api.TracingConfigResponse{Mode: api.TracingModePassThrough}, RevisionId: new(version.RevisionId),
		State: api.StateActive, LastUpdateStatus: api.LastUpdateStatusSuccessful, PackageType: api.PackageTypeZip,
		Architectures:    []api.Architecture{api.Architecture(version.Architecture)},
		EphemeralStorage: &api.EphemeralStorage{Size: version.EphemeralStorageSize},
		SnapStart:        &api.SnapStartResponse{ApplyOn: api.SnapStartApplyOnNone, OptimizationStatus: api.SnapStartOptimizationStatusOff},
		LoggingConfig:    &api.LoggingConfig{LogFormat: api.LogFormatText, LogGroup: &logGroup},
	}
	if version.RunsOn != "" {
		shown.StateReason = new(version.RunsOn)
	}
	if len(version.Environment) > 0 {
		shown.Environment = &api.EnvironmentResponse{Variables: version.Environment}
	}
	return shown
}
