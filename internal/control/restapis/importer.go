package restapis

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/control/openapi"
)

// importer puts the parts of a definition into an API with the checks of the operations
// that put them one by one. What a check refuses is a problem; all problems are told
// together, and then nothing is stored.
type importer struct {
	api

	definition *openapi.RestDefinition
	restApi    apigw.RestApi
	// resources are the API's by path.
	resources map[string]apigw.Resource
	// models, validators and authorizers are the ids of what is there, by name; before are
	// those of what was there, which an overwrite deleted and the same name gets again.
	models, validators, authorizers map[string]string
	before                          importedIds
	problems, warnings              []string
	err                             error // what is nobody's mistake
}

// importedIds are ids by path, or by name.
type importedIds struct{ resources, models, validators, authorizers map[string]string }

func (a api) newImporter(definition *openapi.RestDefinition) (*importer, error) {
	i := &importer{
		api: a, definition: definition, warnings: slices.Clone(definition.Warnings), resources: map[string]apigw.Resource{},
		before: importedIds{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}},
	}
	content, err := records.Content(a.r, a.scope, a.id)
	if err != nil {
		return nil, err
	}
	i.restApi = content.RestApi
	for _, resource := range content.Resources {
		i.resources[resource.Path], i.before.resources[resource.Path] = resource, resource.Id
	}
	for _, model := range content.Models {
		i.before.models[model.Name] = model.Id
	}
	for _, validator := range content.RequestValidators {
		i.before.validators[validator.Name] = validator.Id
	}
	for _, authorizer := range content.Authorizers {
		i.before.authorizers[authorizer.Name] = authorizer.Id
	}
	i.models, i.validators, i.authorizers = maps.Clone(i.before.models), maps.Clone(i.before.validators), maps.Clone(i.before.authorizers)
	return i, nil
}

// put puts everything.
func (i *importer) put(failOnWarnings bool) (apigw.RestApi, error) {
	i.putSettings()
	i.putModels()
	for _, validator := range i.definition.RequestValidators {
		i.try("Unable to create request validator '"+validator.Name+"'", func() error { return i.putValidator(validator) })
	}
	for _, authorizer := range i.definition.Authorizers {
		i.try("Unable to create authorizer '"+authorizer.Name+"'", func() error { return i.putNamedAuthorizer(authorizer) })
	}
	for _, response := range i.definition.GatewayResponses {
		i.try("Unable to put gateway response '"+response.ResponseType+"'", func() error { return i.putNamedGatewayResponse(response) })
	}
	for _, path := range i.definition.Paths {
		i.try("Unable to create resource at path '"+path+"'", func() error { _, err := i.resourceAt(path); return err })
	}
	for _, method := range i.definition.Methods {
		i.putMethodOf(method)
	}
	i.putDocumentation()
	switch {
	case i.err != nil:
		return i.restApi, i.err
	case len(i.problems) > 0:
		return i.restApi, problemsError(i.problems)
	case failOnWarnings && len(i.warnings) > 0:
		return i.restApi, warningsError(i.warnings)
	}
	i.restApi.Warnings = openapi.Bounded(i.warnings)
	return i.restApi, records.RestApis.Put(i.tx, i.restApi, i.at, i.id)
}

// try does one part. What an operation refuses is a problem.
func (i *importer) try(about string, put func() error) {
	if i.err != nil {
		return
	}
	err := put()
	var refused interface{ ErrorMessage() string }
	switch {
	case err == nil:
	case errors.As(err, &refused):
		i.problems = append(i.problems, about+": "+refused.ErrorMessage())
	default:
		i.err = err
	}
}

// putSettings sets what the definition says of the whole API.
func (i *importer) putSettings() {
	api, from := &i.restApi, i.definition.RestApi
	api.Name = from.Name
	api.Description, api.Version = cmp.Or(from.Description, api.Description), cmp.Or(from.Version, api.Version)
	api.ApiKeySource, api.Policy = cmp.Or(from.ApiKeySource, api.ApiKeySource), cmp.Or(from.Policy, api.Policy)
	if from.BinaryMediaTypes != nil {
		api.BinaryMediaTypes = from.BinaryMediaTypes
	}
	if from.MinimumCompressionSize != nil {
		api.MinimumCompressionSize = from.MinimumCompressionSize
	}
	if ids := from.EndpointConfiguration.VpcEndpointIds; ids != nil {
		api.EndpointConfiguration.VpcEndpointIds = ids
	}
	if disabled := i.definition.DisableExecuteApiEndpoint; disabled != nil {
		api.DisableExecuteApiEndpoint = *disabled
	}
	i.try("Unable to update the API", func() error {
		var err error
		if api.Policy, err = fullPolicy(i.scope, i.id, api.Policy); err != nil {
			return err
		}
		if api.ApiKeySource != keySourceHeader && api.ApiKeySource != keySourceAuthorizer {
			return badRequest(messageInvalidKeySource)
		}
		return validateRestApi(api)
	})
}

// putModels puts all models and then checks them: they may refer to each other.
func (i *importer) putModels() {
	for _, model := range i.definition.Models {
		i.try("Unable to create model '"+model.Name+"'", func() error {
			var err error
			if model.Id = i.before.models[model.Name]; model.Id == "" {
				if model.Id, err = i.service.Ids.Resource(); err != nil {
					return err
				}
			}
			i.models[model.Name] = model.Id
			return records.Models.Put(i.tx, model, i.at, i.id, model.Name)
		})
	}
	for _, model := range i.definition.Models {
		i.try("Unable to create model '"+model.Name+"'", func() error { return i.validateSchema(model) })
	}
}

func (i *importer) putValidator(validator apigw.RequestValidator) error {
	var err error
	if validator.Id = i.before.validators[validator.Name]; validator.Id == "" {
		if validator.Id, err = newId(i.api, records.RequestValidators); err != nil {
			return err
		}
	}
	i.validators[validator.Name] = validator.Id
	return records.RequestValidators.Put(i.tx, validator, i.at, i.id, validator.Id)
}

func (i *importer) putNamedAuthorizer(authorizer apigw.Authorizer) error {
	var err error
	if authorizer.Id = i.before.authorizers[authorizer.Name]; authorizer.Id == "" {
		if authorizer.Id, err = newId(i.api, records.Authorizers); err != nil {
			return err
		}
	}
	i.authorizers[authorizer.Name] = authorizer.Id
	if authorizer.IdentitySource == "" && authorizer.Type != authorizerRequest {
		authorizer.IdentitySource = defaultIdentitySource
	}
	return i.putAuthorizer(&authorizer)
}

func (i *importer) putNamedGatewayResponse(response apigw.GatewayResponse) error {
	if response.ResponseTemplates == nil {
		response.ResponseTemplates = defaultGatewayResponse(response.ResponseType).ResponseTemplates
	}
	return i.putGatewayResponse(response)
}

// resourceAt is the resource of a path, made with those above it where it is missing.
func (i *importer) resourceAt(path string) (apigw.Resource, error) {
	if found, ok := i.resources[path]; ok {
		return found, nil
	}
	above, part := "/", path[1:]
	if last := strings.LastIndexByte(path, '/'); last > 0 {
		above, part = path[:last], path[last+1:]
	}
	parent, err := i.resourceAt(above)
	if err != nil {
		return parent, err
	}
	if len(i.resources) >= or(i.service.ResourcesLimit, apigw.ResourcesLimit) {
		return parent, limitExceeded(messageResourcesLimit)
	}
	created := apigw.Resource{Id: i.before.resources[path], ParentId: parent.Id, PathPart: part, Path: path}
	if err := validatePlace(slices.Collect(maps.Values(i.resources)), parent, created); err != nil {
		return created, err
	}
	if created.Id == "" {
		if created.Id, err = newId(i.api, records.Resources); err != nil {
			return created, err
		}
	}
	i.resources[path] = created
	return created, i.putResource(created)
}

// putMethodOf puts a method with everything that it has.
func (i *importer) putMethodOf(from openapi.RestMethod) {
	method, integration := from.Method, from.MethodIntegration
	method.MethodIntegration, method.MethodResponses = nil, nil
	method.RequestModels = i.knownModels(method.RequestModels)
	on := "'" + method.HttpMethod + "' for resource at path '" + from.Path + "'"
	resource, ok := i.resources[from.Path]
	if !ok {
		return // told already
	}
	i.try("Unable to put method '"+method.HttpMethod+"' on resource at path '"+from.Path+"'", func() error {
		var err error
		if method.RequestValidatorId, err = named(i.validators, from.RequestValidator, messageInvalidRequestValidator); err != nil {
			return err
		}
		if method.AuthorizerId, err = named(i.authorizers, from.Authorizer, messageAuthorizerNeeded); err != nil {
			return err
		}
		return i.validateMethod(&method)
	})
	for _, statusCode := range slices.Sorted(maps.Keys(from.MethodResponses)) {
		response := from.MethodResponses[statusCode]
		response.ResponseModels = i.knownModels(response.ResponseModels)
		i.try("Unable to put method response '"+statusCode+"' on "+on, func() error { return i.setMethodResponse(&method, response) })
	}
	if integration != nil {
		i.putIntegrationOf(&method, *integration, importPlace{on, resource.Id})
	}
	resource.Methods = withEntry(resource.Methods, method.HttpMethod, method)
	i.resources[from.Path] = resource
	i.try("Unable to put method on "+on, func() error { return i.putResource(resource) })
}

// importPlace is where an integration goes.
type importPlace struct{ on, resourceId string }

func (i *importer) putIntegrationOf(method *apigw.Method, integration apigw.Integration, at importPlace) {
	responses := integration.IntegrationResponses
	integration.IntegrationResponses = nil
	if integration.TimeoutInMillis == 0 {
		integration.TimeoutInMillis = defaultTimeoutInMillis
	}
	completeIntegration(&integration, at.resourceId)
	before := len(i.problems)
	i.try("Unable to put integration on "+at.on, func() error { return i.service.setIntegration(method, integration) })
	if len(i.problems) > before {
		return
	}
	for _, statusCode := range slices.Sorted(maps.Keys(responses)) {
		i.try("Unable to put integration response on "+at.on, func() error {
			if !statusCodePattern.MatchString(statusCode) {
				return badRequest(messageInvalidStatusCode)
			}
			return setIntegrationResponse(method, responses[statusCode], declaredByImport(method, responses[statusCode]))
		})
	}
}

// declaredByImport takes any parameter of a response whose method response the definition
// leaves out: the guide's sample API is such a one
// (api-gateway-request-validation-sample-api-swagger.md).
func declaredByImport(method *apigw.Method, response apigw.IntegrationResponse) map[string]bool {
	if _, ok := method.MethodResponses[response.StatusCode]; ok {
		return declaredParameters(method, response.StatusCode)
	}
	declared := map[string]bool{}
	for name := range response.ResponseParameters {
		declared[name] = strings.HasPrefix(name, "method.response.header.")
	}
	maps.DeleteFunc(declared, func(_ string, isHeader bool) bool { return !isHeader })
	return declared
}

// knownModels leaves out models that are not there, and warns (observed).
func (i *importer) knownModels(models map[string]string) map[string]string {
	known := map[string]string{}
	for contentType, name := range models {
		if _, ok := i.models[name]; ok {
			known[contentType] = name
		} else if warning := fmt.Sprintf("Reference to model '%s' not found. Ignoring.", name); !slices.Contains(i.warnings, warning) {
			i.warnings = append(i.warnings, warning)
		}
	}
	if len(known) == 0 {
		return nil
	}
	return known
}

// named is the id of what a definition names; no name is no id.
func named(ids map[string]string, name, missing string) (string, error) {
	if name == "" {
		return "", nil
	}
	id, ok := ids[name]
	if !ok {
		return "", badRequest(missing)
	}
	return id, nil
}

// putDocumentation merges the documentation parts into those that are there.
func (i *importer) putDocumentation() {
	_, err := i.mergeDocumentation(i.definition.DocumentationParts)
	i.try("Unable to put the documentation", func() error { return err })
}

// mergeDocumentation puts parts over those of an API and returns the ids of the parts.
func (a api) mergeDocumentation(parts []apigw.DocumentationPart) ([]string, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	there, err := a.documentationParts()
	if err != nil {
		return nil, err
	}
	merged := openapi.MergeDocumentation(there, parts)
	if len(merged) > apigw.DocumentationPartsLimit {
		return nil, limitExceeded(messageDocumentationPartsLimit)
	}
	var ids []string
	for _, part := range merged {
		if !slices.ContainsFunc(parts, func(p apigw.DocumentationPart) bool { return p.Location == part.Location }) {
			continue
		}
		if err := a.putDocumentationPart(&part); err != nil {
			return nil, err
		}
		ids = append(ids, part.Id)
	}
	return ids, nil
}
