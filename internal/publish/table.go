package publish

import (
	"maps"

	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/plan"
)

// swap makes a new table of the old one, the results, the APIs that were touched and the
// domains, nil where none changed, and puts it in place.
func (p *Publisher) swap(revision uint64, results []result, touched map[apiId]bool, domains map[string]*plan.Domain) {
	if domains != nil {
		p.hosts = domains
	}
	next := p.nextTable(revision, results, touched).WithDomains(p.hosts).WithUsagePlans(p.plans)
	p.table.Store(next)
	if p.Swapped != nil {
		p.Swapped(next)
	}
	p.mu.Lock()
	for i := range results {
		p.keepDiagnostics(&results[i])
	}
	close(p.advanced)
	p.advanced = make(chan struct{})
	p.mu.Unlock()
	p.report(results)
}

func (p *Publisher) nextTable(revision uint64, results []result, touched map[apiId]bool) *plan.Table {
	if len(results) == 0 && len(touched) == 0 {
		return p.table.Load().At(revision)
	}
	apis := p.table.Load().Apis()
	copied := map[string]bool{}
	for i := range results {
		p.keep(&results[i])
		editStage(apis, copied, &results[i])
		touched[apiId{results[i].id.scope, results[i].id.apiId}] = true
	}
	p.settleApis(apis, touched)
	p.forgetUnused()
	return plan.NewTable(revision, apis)
}

// keep counts which stages use which snapshots.
func (p *Publisher) keep(r *result) {
	if old := p.stages[r.id]; old != nil {
		for _, id := range old.uses {
			p.snapshots[id].users--
		}
		delete(p.stages, r.id)
	}
	if r.gone {
		return
	}
	for _, id := range r.uses {
		p.snapshots[id].users++
	}
	p.stages[r.id] = &publishedStage{uses: r.uses}
}

func (p *Publisher) forgetUnused() {
	maps.DeleteFunc(p.snapshots, func(_ snapshotId, compiled *compiledSnapshot) bool { return compiled.users == 0 })
}

// editStage puts one stage into apis. What the old table shares is copied first.
func editStage(apis map[string]*plan.Api, copied map[string]bool, r *result) {
	api := apis[r.id.apiId]
	if !copied[r.id.apiId] {
		next := &plan.Api{Id: r.id.apiId}
		if api != nil {
			next.Stages, next.HttpStages, next.WebSocketStages = maps.Clone(api.Stages), maps.Clone(api.HttpStages), maps.Clone(api.WebSocketStages)
		}
		api = next
		apis[r.id.apiId] = api
		copied[r.id.apiId] = true
	}
	api.Stages = withStage(api.Stages, r.id.stageName, r.rest)
	api.HttpStages = withStage(api.HttpStages, r.id.stageName, r.http)
	api.WebSocketStages = withStage(api.WebSocketStages, r.id.stageName, r.webSocket)
}

// withStage puts a stage into stages, or takes it out where it is nil. An API has
// stages of one kind; those of the others stay nil.
func withStage[T any](stages map[string]*T, stageName string, stage *T) map[string]*T {
	if stage == nil {
		delete(stages, stageName)
		return stages
	}
	if stages == nil {
		stages = map[string]*T{}
	}
	stages[stageName] = stage
	return stages
}

// keepDiagnostics is called with p.mu held.
func (p *Publisher) keepDiagnostics(r *result) {
	if len(r.diagnostics) == 0 {
		delete(p.diagnostics, r.id)
		return
	}
	p.diagnostics[r.id] = r.diagnostics
}

// report logs what is wrong with the stages that were compiled.
func (p *Publisher) report(results []result) {
	for i := range results {
		for _, diagnostic := range results[i].diagnostics {
			message := "a stage is not served as configured"
			if diagnostic.Severity == restapi.Warning {
				message = "a stage has a setting without effect"
			}
			p.log.Warn(message, "api", results[i].id.apiId, "stage", results[i].id.stageName, "diagnostic", diagnostic.String())
		}
	}
}
