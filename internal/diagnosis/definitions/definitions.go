// Package definitions tells package diagnosis how REST APIs are defined now, from the
// records of the store.
//
// It reads and never writes, and it knows nothing of requests. Begin at Store.
package definitions

import (
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/store"
)

// Store is the diagnosis.Definitions over the store of a server.
type Store struct{ Store store.Store }

var _ diagnosis.Definitions = Store{}

// Definition implements diagnosis.Definitions.
func (s Store) Definition(scope apigw.Scope, apiId string) (*diagnosis.Definition, bool) {
	view := s.Store.View()
	if scope == (apigw.Scope{}) {
		found, ok := findScope(view, apiId)
		if !ok {
			return nil, false
		}
		scope = found
	}
	content, err := records.Content(view, scope, apiId)
	if err != nil {
		return nil, false
	}
	definition := &diagnosis.Definition{
		Policy: content.RestApi.Policy, BinaryMediaTypes: content.RestApi.BinaryMediaTypes, Stages: map[string]diagnosis.Deployment{},
	}
	for _, resource := range content.Resources {
		for httpMethod, method := range resource.Methods {
			definition.Methods = append(definition.Methods, diagnosis.Method{
				ResourceId: resource.Id, ResourcePath: resource.Path, HttpMethod: httpMethod, AuthorizerId: method.AuthorizerId,
			})
		}
	}
	stages, err := records.Stages.List(view, records.Scope(scope), apiId)
	if err != nil {
		return definition, true
	}
	for _, stage := range stages {
		serves := diagnosis.Deployment{Id: stage.DeploymentId}
		if deployment, err := records.Deployments.Get(view, records.Scope(scope), apiId, stage.DeploymentId); err == nil {
			serves.Created = deployment.CreatedDate
		}
		definition.Stages[stage.StageName] = serves
	}
	return definition, true
}

// UsagePlans implements diagnosis.Definitions.
func (s Store) UsagePlans(scope apigw.Scope, stage string) []diagnosis.UsagePlan {
	view, at := s.Store.View(), records.Scope(scope)
	plans, err := records.UsagePlans.List(view, at)
	if err != nil {
		return nil
	}
	var found []diagnosis.UsagePlan
	for i := range plans {
		if slices.ContainsFunc(plans[i].ApiStages, func(one apigw.ApiStage) bool { return one.Name() == stage }) {
			found = append(found, diagnosis.UsagePlan{Id: plans[i].Id, KeyId: enabledKey(view, at, plans[i].Id)})
		}
	}
	return found
}

// enabledKey finds the first enabled key of a plan.
func enabledKey(view store.Snapshot, at store.Scope, planId string) string {
	for _, id := range records.UsagePlanKeys.IDs(view, at, planId) {
		if key, err := records.ApiKeys.Get(view, at, id[1]); err == nil && key.Enabled {
			return key.Id
		}
	}
	return ""
}

// findScope finds the account and region of an API by its id alone.
func findScope(view store.Snapshot, apiId string) (apigw.Scope, bool) {
	const account, region, kind, id, length = 0, 1, 2, 3, 4
	for record := range view.List(store.NewKey()) {
		segments := record.Key.Segments()
		if len(segments) == length && segments[kind] == records.RestApis.Kind() && segments[id] == apiId {
			return apigw.Scope{Account: segments[account], Region: segments[region]}, true
		}
	}
	return apigw.Scope{}, false
}
