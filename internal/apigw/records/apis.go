package records

import (
	"fmt"
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/store"
)

// The collections of HTTP APIs and WebSocket APIs, and of what REST APIs share with
// them. Nouns that REST APIs have too carry the prefix Api.
var (
	// Apis is keyed by apiId.
	Apis = store.NewCollection[apigwv2.Api]("Api")
	// Routes is keyed by apiId, routeId.
	Routes = store.NewCollection[apigwv2.Route]("Api.Route")
	// RouteResponses is keyed by apiId, routeId, routeResponseId.
	RouteResponses = store.NewCollection[apigwv2.RouteResponse]("Api.RouteResponse")
	// Integrations is keyed by apiId, integrationId.
	Integrations = store.NewCollection[apigwv2.Integration]("Api.Integration")
	// IntegrationResponses is keyed by apiId, integrationId, integrationResponseId.
	IntegrationResponses = store.NewCollection[apigwv2.IntegrationResponse]("Api.IntegrationResponse")
	// ApiModels is keyed by apiId, modelId.
	ApiModels = store.NewCollection[apigwv2.Model]("Api.Model")
	// ApiAuthorizers is keyed by apiId, authorizerId.
	ApiAuthorizers = store.NewCollection[apigwv2.Authorizer]("Api.Authorizer")
	// ApiDeployments is keyed by apiId, deploymentId.
	ApiDeployments = store.NewCollection[apigwv2.Deployment]("Api.Deployment")
	// ApiSnapshots is keyed by apiId, deploymentId.
	ApiSnapshots = store.NewCollection[apigwv2.Snapshot]("Api.Snapshot")
	// ApiStages is keyed by apiId, stageName.
	ApiStages = store.NewCollection[apigwv2.Stage]("Api.Stage")
	// VpcLinks is keyed by vpcLinkId; these are VPC links of version 2.
	VpcLinks = store.NewCollection[apigwv2.VpcLink]("Api.VpcLink")

	// DomainNames is keyed by domainName, in lower case. REST APIs share the domains.
	DomainNames = store.NewCollection[apigwv2.DomainName]("DomainName")
	// ApiMappings is keyed by domainName, apiMappingId; a base path mapping of a REST
	// API is one of them.
	ApiMappings = store.NewCollection[apigwv2.ApiMapping]("DomainName.ApiMapping")
	// RoutingRules is keyed by domainName, routingRuleId.
	RoutingRules = store.NewCollection[apigwv2.RoutingRule]("DomainName.RoutingRule")
)

// ApiContent gathers everything of an Api that a deployment freezes, in order of ids.
// Errors: store.ErrNotFound when there is no such Api.
func ApiContent(r store.Reader, scope apigw.Scope, apiId string) (apigwv2.Snapshot, error) {
	var content apigwv2.Snapshot
	g := gatherer{r: r, at: Scope(scope), restApiId: apiId}
	if content.Api, g.err = Apis.Get(r, g.at, apiId); g.err != nil {
		return content, g.err
	}
	gather(&g, Routes, &content.Routes)
	gather(&g, Integrations, &content.Integrations)
	gather(&g, ApiModels, &content.Models)
	gather(&g, ApiAuthorizers, &content.Authorizers)
	for _, id := range RouteResponses.IDs(r, g.at, apiId) {
		content.RouteResponses = withBelow(&g, RouteResponses, content.RouteResponses, id)
	}
	for _, id := range IntegrationResponses.IDs(r, g.at, apiId) {
		content.IntegrationResponses = withBelow(&g, IntegrationResponses, content.IntegrationResponses, id)
	}
	if g.err != nil {
		return content, fmt.Errorf("gathering API %s: %w", apiId, g.err)
	}
	return content, nil
}

// withBelow adds the record of id (apiId, the id above, its own) to those of the id above it.
func withBelow[T any](g *gatherer, collection store.Collection[T], all map[string][]T, id []string) map[string][]T {
	if g.err != nil {
		return all
	}
	var one T
	one, g.err = collection.Get(g.r, g.at, id...)
	if all == nil {
		all = map[string][]T{}
	}
	all[id[1]] = append(all[id[1]], one)
	return all
}

// DomainsOf lists the domains of mappings, each once.
func DomainsOf(mapped []Mapped) []string {
	var domainNames []string
	for _, one := range mapped {
		if !slices.Contains(domainNames, one.DomainName) {
			domainNames = append(domainNames, one.DomainName)
		}
	}
	return domainNames
}

// Mapped is a mapping with the domain name that it belongs to.
type Mapped struct {
	DomainName string
	Mapping    apigwv2.ApiMapping
}

// MappingsTo lists the mappings to a stage of an API of any kind, or to any of its stages
// when stageName is empty; in order of the domains' names.
func MappingsTo(r store.Reader, scope apigw.Scope, apiId, stageName string) ([]Mapped, error) {
	var mapped []Mapped
	at := Scope(scope)
	for _, id := range ApiMappings.IDs(r, at) {
		mapping, err := ApiMappings.Get(r, at, id...)
		if err != nil {
			return nil, err
		}
		if mapping.ApiId == apiId && (stageName == "" || stageName == mapping.Stage) {
			mapped = append(mapped, Mapped{DomainName: id[0], Mapping: mapping})
		}
	}
	return mapped, nil
}

// DeleteApi deletes an Api and everything it has; mappings that name it stay.
func DeleteApi(tx *store.Tx, scope apigw.Scope, apiId string) {
	DeleteApiContent(tx, scope, apiId)
	at := Scope(scope)
	Apis.Delete(tx, at, apiId)
	ApiDeployments.Delete(tx, at, apiId)
	ApiSnapshots.Delete(tx, at, apiId)
	ApiStages.Delete(tx, at, apiId)
}

// DeleteApiContent deletes what a definition describes: routes, integrations, models
// and authorizers. The Api, its deployments and its stages stay.
func DeleteApiContent(tx *store.Tx, scope apigw.Scope, apiId string) {
	at := Scope(scope)
	Routes.Delete(tx, at, apiId)
	RouteResponses.Delete(tx, at, apiId)
	Integrations.Delete(tx, at, apiId)
	IntegrationResponses.Delete(tx, at, apiId)
	ApiModels.Delete(tx, at, apiId)
	ApiAuthorizers.Delete(tx, at, apiId)
}
