package functions

import (
	"context"
	"errors"
	"maps"
	"slices"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/store"
)

// Alias is a name for a version, with a part of the calls sent to another one.
type Alias struct {
	Name            string
	FunctionVersion string
	Description     string
	// AdditionalVersionWeights maps at most one other version to its share, 0 to 1.
	AdditionalVersionWeights map[string]float64
	RevisionId               string
}

// choose returns the version that one call runs.
func (a Alias) choose(random func() float64) string {
	chance := random()
	for _, version := range slices.Sorted(maps.Keys(a.AdditionalVersionWeights)) {
		if chance -= a.AdditionalVersionWeights[version]; chance < 0 {
			return version
		}
	}
	return a.FunctionVersion
}

func (a Alias) routesTo(version string) bool {
	_, additional := a.AdditionalVersionWeights[version]
	return a.FunctionVersion == version || additional
}

// CreateAlias makes an alias.
func (s *Service) CreateAlias(ctx context.Context, in *api.CreateAliasInput) (*api.AliasConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	alias := Alias{Name: in.Name, FunctionVersion: in.FunctionVersion, Description: text(in.Description), RevisionId: s.NewId()}
	alias.route(in.RoutingConfig)
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if _, err := find(tx, name); err != nil {
			return err
		}
		if aliases.Has(tx, name.scope, name.name, in.Name) {
			return conflict("Alias already exists: " + arnOf(name.scope, name.name) + ":" + in.Name)
		}
		return putAlias(tx, name, alias)
	})
	if err != nil {
		return nil, err
	}
	return alias.configuration(name), nil
}

func (a *Alias) route(routing *api.AliasRoutingConfiguration) {
	if routing != nil {
		a.AdditionalVersionWeights = routing.AdditionalVersionWeights
	}
}

func putAlias(tx *store.Tx, name functionName, alias Alias) error {
	if len(alias.AdditionalVersionWeights) > 1 {
		return invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1")
	}
	for version, weight := range alias.AdditionalVersionWeights {
		if weight < 0 || weight > 1 {
			return invalidParameter("Weight value %v for version %s must be between 0.0 and 1.0", weight, version)
		}
		if version == latest || alias.FunctionVersion == latest {
			return invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version")
		}
		if err := hasVersion(tx, name, version); err != nil {
			return err
		}
	}
	if err := hasVersion(tx, name, alias.FunctionVersion); err != nil {
		return err
	}
	return aliases.Put(tx, alias, name.scope, name.name, alias.Name)
}

func hasVersion(tx *store.Tx, name functionName, version string) error {
	if version == latest || versions.Has(tx, name.scope, name.name, version) {
		return nil
	}
	return notFound(newFunctionName(name.scope, name.name, version))
}

func (a Alias) configuration(name functionName) *api.AliasConfiguration {
	shown := &api.AliasConfiguration{
		AliasArn: new(arnOf(name.scope, name.name) + ":" + a.Name), Name: new(a.Name), FunctionVersion: new(a.FunctionVersion),
		Description: new(a.Description), RevisionId: new(a.RevisionId),
	}
	if len(a.AdditionalVersionWeights) > 0 {
		shown.RoutingConfig = &api.AliasRoutingConfiguration{AdditionalVersionWeights: a.AdditionalVersionWeights}
	}
	return shown
}

func getAlias(r store.Reader, name functionName, aliasName string) (Alias, error) {
	alias, err := aliases.Get(r, name.scope, name.name, aliasName)
	if errors.Is(err, store.ErrNotFound) {
		return alias, resourceNotFound("Cannot find alias arn: " + arnOf(name.scope, name.name) + ":" + aliasName)
	}
	return alias, err
}

// GetAlias returns an alias.
func (s *Service) GetAlias(ctx context.Context, in *api.GetAliasInput) (*api.AliasConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	alias, err := getAlias(s.Store.View(), name, in.Name)
	if err != nil {
		return nil, err
	}
	return alias.configuration(name), nil
}

// UpdateAlias changes an alias.
func (s *Service) UpdateAlias(ctx context.Context, in *api.UpdateAliasInput) (*api.AliasConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	var alias Alias
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if alias, err = getAlias(tx, name, in.Name); err != nil {
			return err
		}
		if in.RevisionId != nil && *in.RevisionId != alias.RevisionId {
			return preconditionFailed()
		}
		set(&alias.FunctionVersion, in.FunctionVersion)
		set(&alias.Description, in.Description)
		alias.route(in.RoutingConfig)
		alias.RevisionId = s.NewId()
		return putAlias(tx, name, alias)
	})
	if err != nil {
		return nil, err
	}
	return alias.configuration(name), nil
}

// DeleteAlias deletes an alias with its policy; deleting what is not there is no error.
func (s *Service) DeleteAlias(ctx context.Context, in *api.DeleteAliasInput) (*api.DeleteAliasOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if _, err := find(tx, name); err != nil {
			return err
		}
		aliases.Delete(tx, name.scope, name.name, in.Name)
		policies.Delete(tx, name.scope, name.name, in.Name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteAliasOutput{}, nil
}

// ListAliases lists a function's aliases, or those that point to one version.
func (s *Service) ListAliases(ctx context.Context, in *api.ListAliasesInput) (*api.ListAliasesOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	view := s.Store.View()
	if _, err := find(view, name); err != nil {
		return nil, err
	}
	all, err := aliases.List(view, name.scope, name.name)
	if err != nil {
		return nil, err
	}
	var list []api.AliasConfiguration
	for _, alias := range all {
		if in.FunctionVersion == nil || alias.routesTo(*in.FunctionVersion) {
			list = append(list, *alias.configuration(name))
		}
	}
	page, next, err := paginate(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &api.ListAliasesOutput{Aliases: page, NextMarker: next}, nil
}
