package restapis

import (
	"context"
	"errors"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/store"
)

// cloneRestApi makes an API that is like another, but for what the input says. Its
// deployments and stages are not copied (unconfirmed).
func (s *Service) cloneRestApi(ctx context.Context, in *apigateway.CreateRestApiInput) (*apigateway.RestApi, error) {
	source, err := s.view(ctx, *in.CloneFrom)
	if err != nil {
		return nil, err
	}
	from, err := source.restApi()
	if err != nil {
		return nil, err
	}
	created, err := s.newRestApi(likeSource(in, from))
	if err != nil {
		return nil, err
	}
	created.RootResourceId = from.RootResourceId
	if in.Policy == nil {
		created.Policy = strings.ReplaceAll(from.Policy, ":"+from.Id+"/", ":"+created.Id+"/")
	}
	if created.Policy, err = fullPolicy(source.scope, created.Id, created.Policy); err != nil {
		return nil, err
	}
	if err := validateRestApi(&created); err != nil {
		return nil, err
	}
	err = s.transact(ctx, func(tx *store.Tx) error {
		if err := s.putNewRestApi(tx, source.scope, created); err != nil {
			return err
		}
		a, err := s.open(ctx, tx, created.Id)
		if err != nil {
			return err
		}
		a.tx = tx
		return a.putClone(from.Id)
	})
	if err != nil {
		return nil, err
	}
	return restApiOutput(created), nil
}

// likeSource is the input with what it does not say taken from another API.
func likeSource(in *apigateway.CreateRestApiInput, from apigw.RestApi) *apigateway.CreateRestApiInput {
	filled := *in
	if in.Description == nil {
		filled.Description = &from.Description
	}
	if in.Version == nil {
		filled.Version = &from.Version
	}
	if in.ApiKeySource == "" {
		filled.ApiKeySource = apigateway.ApiKeySourceType(from.ApiKeySource)
	}
	if in.BinaryMediaTypes == nil {
		filled.BinaryMediaTypes = from.BinaryMediaTypes
	}
	if in.MinimumCompressionSize == nil {
		filled.MinimumCompressionSize = from.MinimumCompressionSize
	}
	if in.DisableExecuteApiEndpoint == nil {
		filled.DisableExecuteApiEndpoint = &from.DisableExecuteApiEndpoint
	}
	if in.EndpointConfiguration == nil {
		filled.EndpointConfiguration = restApiOutput(from).EndpointConfiguration
	}
	return &filled
}

// putClone puts what another API has into a new one. Ids within an API stay; what names
// the API itself names the new one.
func (a api) putClone(cloneFrom string) error {
	from, err := records.Content(a.r, a.scope, cloneFrom)
	if err != nil {
		return err
	}
	records.Models.Delete(a.tx, a.at, a.id)
	for _, resource := range from.Resources {
		err = errors.Join(err, a.putResource(resource))
	}
	for _, model := range from.Models {
		model.Schema = strings.ReplaceAll(model.Schema, modelUrl(cloneFrom), modelUrl(a.id))
		err = errors.Join(err, records.Models.Put(a.tx, model, a.at, a.id, model.Name))
	}
	for _, validator := range from.RequestValidators {
		err = errors.Join(err, records.RequestValidators.Put(a.tx, validator, a.at, a.id, validator.Id))
	}
	for _, authorizer := range from.Authorizers {
		err = errors.Join(err, records.Authorizers.Put(a.tx, authorizer, a.at, a.id, authorizer.Id))
	}
	for _, response := range from.GatewayResponses {
		err = errors.Join(err, records.GatewayResponses.Put(a.tx, response, a.at, a.id, response.ResponseType))
	}
	parts, listErr := records.DocumentationParts.List(a.r, a.at, cloneFrom)
	err = errors.Join(err, listErr)
	for _, part := range parts {
		err = errors.Join(err, records.DocumentationParts.Put(a.tx, part, a.at, a.id, part.Id))
	}
	return err
}
