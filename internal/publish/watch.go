package publish

import (
	"maps"
	"runtime"
	"slices"
	"sync"

	"gatehouse/internal/apigw/records"
	"gatehouse/internal/store"
)

// Positions of the segments of a record's key: account, region, kind, api, and the
// stage's name or the deployment's id.
const (
	keyAccount = iota
	keyRegion
	keyKind
	keyApi
	keyName
	keyLength
)

// stageKinds are the kinds of stage records, and of the snapshots that they serve.
var stageKinds = map[string]string{
	records.Stages.Kind():    records.Snapshots.Kind(),
	records.ApiStages.Kind(): records.ApiSnapshots.Kind(),
}

// apply publishes one change of the store.
func (p *Publisher) apply(change store.Change) {
	var touched []stageId
	if change.Whole {
		touched = p.allStages(change.Snapshot)
	} else {
		touched = p.touchedStages(change)
	}
	results := p.compileStages(change.Snapshot, touched)
	p.changePlans(change)
	p.swap(change.Snapshot.Revision(), results, p.changeApis(change), p.changeDomains(change))
}

// allStages are the stages that are stored, and those that are served.
func (p *Publisher) allStages(snapshot store.Snapshot) []stageId {
	ids := map[stageId]bool{}
	for record := range snapshot.List(store.NewKey()) {
		if segments := record.Key.Segments(); isStage(segments) {
			ids[stageOf(segments)] = true
		}
	}
	for id := range p.stages {
		ids[id] = true
	}
	return slices.Collect(maps.Keys(ids))
}

// touchedStages are the stages whose plan may differ after a batch: their own record
// was written, or a snapshot of their API.
func (p *Publisher) touchedStages(change store.Change) []stageId {
	ids := map[stageId]bool{}
	for _, write := range change.Writes {
		segments := write.Key.Segments()
		if isStage(segments) {
			ids[stageOf(segments)] = true
			continue
		}
		if len(segments) != keyLength || !isSnapshot(segments) {
			continue
		}
		for id := range p.stages {
			if stageKinds[id.kind] == segments[keyKind] && id.apiId == segments[keyApi] && id.scope == scopeOf(segments) {
				ids[id] = true
			}
		}
	}
	return slices.Collect(maps.Keys(ids))
}

func isStage(segments []string) bool {
	return len(segments) == keyLength && stageKinds[segments[keyKind]] != ""
}

func isSnapshot(segments []string) bool {
	return segments[keyKind] == records.Snapshots.Kind() || segments[keyKind] == records.ApiSnapshots.Kind()
}

func stageOf(segments []string) stageId {
	return stageId{scope: scopeOf(segments), kind: segments[keyKind], apiId: segments[keyApi], stageName: segments[keyName]}
}

func scopeOf(segments []string) store.Scope {
	return store.Scope{Account: segments[keyAccount], Region: segments[keyRegion]}
}

// compileStages compiles stages, on all processors when there are many.
func (p *Publisher) compileStages(snapshot store.Snapshot, ids []stageId) []result {
	results := make([]result, len(ids))
	jobs := make([]job, len(ids))
	for i, id := range ids {
		jobs[i] = p.prepare(snapshot, id)
	}
	var next sync.Mutex
	position := 0
	take := func() int {
		next.Lock()
		defer next.Unlock()
		position++
		return position - 1
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(ids)) {
		workers.Go(func() {
			for i := take(); i < len(jobs); i = take() {
				results[i] = jobs[i].compile()
			}
		})
	}
	workers.Wait()
	return results
}
