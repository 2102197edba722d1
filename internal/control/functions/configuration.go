package functions

import (
	"context"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/store"
)

// UpdateFunctionConfiguration changes the configuration of $LATEST.
func (s *Service) UpdateFunctionConfiguration(ctx context.Context, in *api.UpdateFunctionConfigurationInput) (*api.FunctionConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	if err := refuseToConfigure(in); err != nil {
		return nil, err
	}
	var latest Version
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		function, err := find(tx, name)
		if err != nil {
			return err
		}
		if in.RevisionId != nil && *in.RevisionId != function.Latest.RevisionId {
			return preconditionFailed()
		}
		if err := s.configure(ctx, &function.Latest, in); err != nil {
			return err
		}
		latest = function.Latest
		return functions.Put(tx, function, name.scope, name.name)
	})
	if err != nil {
		return nil, err
	}
	return configuration(name, latest), nil
}

func refuseToConfigure(in *api.UpdateFunctionConfigurationInput) error {
	return settings{
		vpc: in.VpcConfig, deadLetter: in.DeadLetterConfig, kms: in.KMSKeyArn, tracing: in.TracingConfig, layers: in.Layers,
		fileSystems: in.FileSystemConfigs, image: in.ImageConfig, snapStart: in.SnapStart, logging: in.LoggingConfig,
		capacity: in.CapacityProviderConfig, durable: in.DurableConfig,
	}.refuse()
}

func (s *Service) configure(ctx context.Context, version *Version, in *api.UpdateFunctionConfigurationInput) error {
	set(&version.Role, in.Role)
	set(&version.Handler, in.Handler)
	set(&version.Description, in.Description)
	set(&version.MemorySize, in.MemorySize)
	if in.EphemeralStorage != nil {
		version.EphemeralStorageSize = in.EphemeralStorage.Size
	}
	if in.LoggingConfig != nil {
		version.LogGroup = text(in.LoggingConfig.LogGroup)
	}
	version.LastModified, version.RevisionId = s.Now(), s.NewId()
	if err := version.setTimeout(in.Timeout); err != nil {
		return err
	}
	if err := version.setEnvironment(in.Environment); err != nil {
		return err
	}
	if in.Runtime == "" {
		return nil
	}
	version.Runtime = string(in.Runtime)
	if err := checkArchitecture(version.Runtime, []api.Architecture{api.Architecture(version.Architecture)}); err != nil {
		return err
	}
	return s.checkRuntime(ctx, version)
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
