package definitions

import (
	"time"

	"gatehouse/internal/apigw/records"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/store"
)

// times collects when the records of an API were written.
type times struct {
	view  store.Snapshot
	found map[diagnosis.Noun]time.Time
}

// add is for the records beneath a key that ends in the id of the API. What follows that id
// first names the noun; of several records of one noun the latest counts.
func (t *times) add(kind diagnosis.NounKind, of store.Key) {
	above := len(of.Segments())
	for record := range t.view.List(of) {
		noun := diagnosis.Noun{Kind: kind}
		if segments := record.Key.Segments(); len(segments) > above {
			noun.Id = segments[above]
		}
		if record.Written.After(t.found[noun]) {
			t.found[noun] = record.Written
		}
	}
}

func timesOfRest(view store.Snapshot, at store.Scope, apiId string) map[diagnosis.Noun]time.Time {
	t := times{view: view, found: map[diagnosis.Noun]time.Time{}}
	t.add(diagnosis.NounApi, records.RestApis.Key(at, apiId))
	t.add(diagnosis.NounResource, records.Resources.Key(at, apiId))
	t.add(diagnosis.NounModel, records.Models.Key(at, apiId))
	t.add(diagnosis.NounRequestValidator, records.RequestValidators.Key(at, apiId))
	t.add(diagnosis.NounAuthorizer, records.Authorizers.Key(at, apiId))
	t.add(diagnosis.NounGatewayResponse, records.GatewayResponses.Key(at, apiId))
	return t.found
}

func timesOfHttp(view store.Snapshot, at store.Scope, apiId string) map[diagnosis.Noun]time.Time {
	t := times{view: view, found: map[diagnosis.Noun]time.Time{}}
	t.add(diagnosis.NounApi, records.Apis.Key(at, apiId))
	t.add(diagnosis.NounRoute, records.Routes.Key(at, apiId))
	t.add(diagnosis.NounRouteResponse, records.RouteResponses.Key(at, apiId))
	t.add(diagnosis.NounIntegration, records.Integrations.Key(at, apiId))
	t.add(diagnosis.NounIntegrationResponse, records.IntegrationResponses.Key(at, apiId))
	t.add(diagnosis.NounModel, records.ApiModels.Key(at, apiId))
	t.add(diagnosis.NounAuthorizer, records.ApiAuthorizers.Key(at, apiId))
	return t.found
}
