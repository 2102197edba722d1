package publish

import (
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
)

// apiKeyLength is the number of segments of an API's own record.
const apiKeyLength = keyApi + 1

// apiId names an API of an account in a region.
type apiId struct {
	scope store.Scope
	id    string
}

// changeApis keeps which APIs there are, with stages or without, and returns those that
// a change touches: AWS answers for an API without a stage, too.
func (p *Publisher) changeApis(change store.Change) (touched map[apiId]bool) {
	touched = map[apiId]bool{}
	if change.Whole {
		for record := range change.Snapshot.List(store.NewKey()) {
			addApi(touched, record.Key)
		}
		for id := range p.apis {
			touched[id] = true
		}
	} else {
		for _, write := range change.Writes {
			addApi(touched, write.Key)
		}
	}
	for id := range touched {
		if empty := emptyApi(change.Snapshot, id); empty != nil {
			p.apis[id] = empty
		} else {
			delete(p.apis, id)
		}
	}
	return touched
}

func addApi(touched map[apiId]bool, key store.Key) {
	segments := key.Segments()
	if len(segments) == apiKeyLength && (segments[keyKind] == records.RestApis.Kind() || segments[keyKind] == records.Apis.Kind()) {
		touched[apiId{scopeOf(segments), segments[keyApi]}] = true
	}
}

// emptyApi is an API as it is served without a stage; nil for one that is gone.
func emptyApi(snapshot store.Snapshot, id apiId) *plan.Api {
	if records.RestApis.Has(snapshot, id.scope, id.id) {
		return &plan.Api{Id: id.id, Stages: map[string]*plan.RestStage{}}
	}
	api, err := records.Apis.Get(snapshot, id.scope, id.id)
	switch {
	case err != nil:
		return nil
	case api.ProtocolType == apigwv2.ProtocolTypeWebSocket:
		return &plan.Api{Id: id.id, WebSocketStages: map[string]*plan.WebSocketStage{}}
	default:
		return &plan.Api{Id: id.id, HttpStages: map[string]*plan.HttpStage{}}
	}
}

// settleApis puts APIs that have no stage into the table, and takes those out that are
// gone with their stages.
func (p *Publisher) settleApis(apis map[string]*plan.Api, touched map[apiId]bool) {
	for id := range touched {
		if served := apis[id.id]; served != nil && hasStages(served) {
			continue
		}
		if empty := p.apis[id]; empty != nil {
			apis[id.id] = empty
		} else {
			delete(apis, id.id)
		}
	}
}

func hasStages(api *plan.Api) bool {
	return len(api.Stages)+len(api.HttpStages)+len(api.WebSocketStages) > 0
}
