package restapis

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/openapi"
	"gatehouse/internal/store"
)

// importParameters are what a client may say about an import besides the definition.
type importParameters struct {
	basepath             string
	ignoresDocumentation bool
	endpoint             *apigateway.EndpointConfiguration // nil where nothing is said
}

// readImportParameters reads the parameters that AWS documents; any other is refused.
func readImportParameters(given map[string]string) (importParameters, error) {
	var read importParameters
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := given[name]
		switch name {
		case "basepath":
			if !slices.Contains([]string{openapi.BasepathIgnore, openapi.BasepathPrepend, openapi.BasepathSplit}, value) {
				return read, invalidParameter(name, value)
			}
			read.basepath = value
		case "ignore":
			if value != "documentation" {
				return read, invalidParameter(name, value)
			}
			read.ignoresDocumentation = true
		case "endpointConfigurationTypes":
			read.endpointConfiguration().Types = []apigateway.EndpointType{apigateway.EndpointType(value)}
		case "endpointConfigurationVpcEndpointIds":
			read.endpointConfiguration().VpcEndpointIds = strings.Split(value, ",")
		default:
			return read, invalidParameter(name, value)
		}
	}
	return read, nil
}

func (p *importParameters) endpointConfiguration() *apigateway.EndpointConfiguration {
	if p.endpoint == nil {
		p.endpoint = &apigateway.EndpointConfiguration{}
	}
	return p.endpoint
}

// ImportRestApi makes an API of a definition. A definition that cannot be imported as a
// whole makes nothing.
func (s *Service) ImportRestApi(ctx context.Context, in *apigateway.ImportRestApiInput) (*apigateway.RestApi, error) {
	parameters, err := readImportParameters(in.Parameters)
	if err != nil {
		return nil, err
	}
	created, err := s.newRestApi(&apigateway.CreateRestApiInput{EndpointConfiguration: parameters.endpoint})
	if err != nil {
		return nil, err
	}
	scope := scopeOf(ctx)
	definition, err := readDefinition(scope, created.Id, in.Body, parameters)
	if err != nil {
		return nil, err
	}
	var imported apigw.RestApi
	err = s.transact(ctx, func(tx *store.Tx) error {
		if err := s.putNewRestApi(tx, scope, created); err != nil {
			return err
		}
		a, err := s.open(ctx, tx, created.Id)
		if err != nil {
			return err
		}
		a.tx = tx
		imported, err = a.putDefinition(definition, given(in.FailOnWarnings, false))
		return err
	})
	if err != nil {
		return nil, err
	}
	return restApiOutput(imported), nil
}

// PutRestApi puts a definition into an API: over what it defines (merge), or in place of
// everything but deployments, stages and the endpoint configuration (overwrite).
func (s *Service) PutRestApi(ctx context.Context, in *apigateway.PutRestApiInput) (*apigateway.RestApi, error) {
	parameters, err := readImportParameters(in.Parameters)
	if err != nil {
		return nil, err
	}
	definition, err := readDefinition(scopeOf(ctx), in.RestApiId, in.Body, parameters)
	if err != nil {
		return nil, err
	}
	var updated apigw.RestApi
	err = s.update(ctx, in.RestApiId, func(a api) error {
		api, err := a.restApi()
		if err != nil {
			return err
		}
		if kept := parameters.endpoint; kept != nil && len(kept.Types) > 0 && string(kept.Types[0]) != api.EndpointConfiguration.Types[0] {
			return badRequest(messageEndpointOfImport)
		}
		put := a.putDefinition
		if in.Mode == apigateway.PutModeOverwrite {
			put = a.overwriteWith
		}
		updated, err = put(definition, given(in.FailOnWarnings, false))
		return err
	})
	if err != nil {
		return nil, err
	}
	return restApiOutput(updated), nil
}

func readDefinition(scope apigw.Scope, restApiId string, body []byte, parameters importParameters) (*openapi.RestDefinition, error) {
	definition, err := openapi.ReadRest(body, openapi.RestOptions{
		Options:  openapi.Options{Basepath: parameters.basepath, Account: scope.Account, Region: scope.Region},
		ModelUrl: modelUrl(restApiId), WithoutDocumentation: parameters.ignoresDocumentation,
	})
	return definition, refusedDefinition(err)
}

// refusedDefinition is AWS's exception for what package openapi refuses.
func refusedDefinition(err error) error {
	var refused *openapi.Error
	if errors.As(err, &refused) {
		return badRequest(refused.Error())
	}
	return err
}

// modelUrl is what references to an API's models begin with.
func modelUrl(restApiId string) string {
	return "https://apigateway.amazonaws.com" + modelUrlPath + restApiId + "/models/"
}

// overwriteWith puts a definition in place of what there is. What has the same path or
// name keeps its id.
func (a api) overwriteWith(definition *openapi.RestDefinition, failOnWarnings bool) (apigw.RestApi, error) {
	i, err := a.newImporter(definition)
	if err != nil {
		return apigw.RestApi{}, err
	}
	for _, resource := range i.resources {
		if resource.ParentId != "" {
			records.Resources.Delete(a.tx, a.at, a.id, resource.Id)
		}
	}
	root := i.resources["/"]
	root.Methods = nil
	i.resources = map[string]apigw.Resource{"/": root}
	i.models, i.validators, i.authorizers = map[string]string{}, map[string]string{}, map[string]string{}
	records.Models.Delete(a.tx, a.at, a.id)
	records.RequestValidators.Delete(a.tx, a.at, a.id)
	records.Authorizers.Delete(a.tx, a.at, a.id)
	records.GatewayResponses.Delete(a.tx, a.at, a.id)
	if err := a.putResource(root); err != nil {
		return apigw.RestApi{}, err
	}
	api := &i.restApi
	api.Description, api.Version, api.ApiKeySource, api.BinaryMediaTypes = "", "", keySourceHeader, nil
	api.MinimumCompressionSize, api.Policy, api.DisableExecuteApiEndpoint = nil, "", false
	if definition.Documented {
		records.DocumentationParts.Delete(a.tx, a.at, a.id)
	}
	return i.put(failOnWarnings)
}

// putDefinition puts a definition over what there is.
func (a api) putDefinition(definition *openapi.RestDefinition, failOnWarnings bool) (apigw.RestApi, error) {
	i, err := a.newImporter(definition)
	if err != nil {
		return apigw.RestApi{}, err
	}
	return i.put(failOnWarnings)
}

// problemsError words what cannot be imported as AWS does (observed).
func problemsError(problems []string) error {
	return badRequest((&openapi.Error{Problems: problems}).Error())
}

// warningsError is worded like problemsError (public reports).
func warningsError(warnings []string) error {
	return badRequest("Warnings found during import:\n\t" + openapi.Listed(warnings))
}
