// Package definitions tells package diagnosis how APIs are defined now, from the records
// of the store.
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

// The records of Lambda functions, of which only names and limits are read.
var (
	functions = store.NewCollection[function]("Function")
	versions  = store.NewCollection[functionVersion]("FunctionVersion")
	aliases   = store.NewCollection[functionAlias]("FunctionAlias")
)

type function struct{ Latest functionVersion }

type functionVersion struct {
	Timeout int // seconds
}

type functionAlias struct{ FunctionVersion string }

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
	definition := &diagnosis.Definition{Scope: scope, Stages: map[string]diagnosis.Deployment{}}
	if !readRest(view, definition, apiId) && !readHttp(view, definition, apiId) {
		return nil, false
	}
	for _, id := range functions.IDs(view, records.Scope(scope)) {
		definition.Functions = append(definition.Functions, id[0])
	}
	return definition, true
}

func readRest(view store.Snapshot, d *diagnosis.Definition, apiId string) bool {
	at := records.Scope(d.Scope)
	content, err := records.Content(view, d.Scope, apiId)
	if err != nil {
		return false
	}
	d.Rest, d.Changed = &content, timesOfRest(view, at, apiId)
	d.Snapshot = func(deploymentId string) *diagnosis.Definition {
		snapshot, err := records.Snapshots.Get(view, at, apiId, deploymentId)
		if err != nil {
			return nil
		}
		return &diagnosis.Definition{Rest: &snapshot}
	}
	stages, err := records.Stages.List(view, at, apiId)
	if err != nil {
		return true
	}
	for _, stage := range stages {
		serves := diagnosis.Deployment{Id: stage.DeploymentId}
		if stage.CanarySettings != nil {
			serves.CanaryId = stage.CanarySettings.DeploymentId
		}
		if deployment, err := records.Deployments.Get(view, at, apiId, stage.DeploymentId); err == nil {
			serves.Created = deployment.CreatedDate
		}
		d.Stages[stage.StageName] = serves
	}
	return true
}

func readHttp(view store.Snapshot, d *diagnosis.Definition, apiId string) bool {
	at := records.Scope(d.Scope)
	content, err := records.ApiContent(view, d.Scope, apiId)
	if err != nil {
		return false
	}
	d.Http, d.Changed = &content, timesOfHttp(view, at, apiId)
	d.Snapshot = func(deploymentId string) *diagnosis.Definition {
		snapshot, err := records.ApiSnapshots.Get(view, at, apiId, deploymentId)
		if err != nil {
			return nil
		}
		return &diagnosis.Definition{Http: &snapshot}
	}
	stages, err := records.ApiStages.List(view, at, apiId)
	if err != nil {
		return true
	}
	for _, stage := range stages {
		serves := diagnosis.Deployment{Id: stage.DeploymentId, AutoDeploy: stage.AutoDeploy, Status: stage.LastDeploymentStatusMessage}
		if deployment, err := records.ApiDeployments.Get(view, at, apiId, stage.DeploymentId); err == nil {
			serves.Created = deployment.CreatedDate
		}
		d.Stages[stage.StageName] = serves
	}
	return true
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
		isApi := len(segments) == length && (segments[kind] == records.RestApis.Kind() || segments[kind] == records.Apis.Kind())
		if isApi && segments[id] == apiId {
			return apigw.Scope{Account: segments[account], Region: segments[region]}, true
		}
	}
	return apigw.Scope{}, false
}
